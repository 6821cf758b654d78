"""Queue numbers: one sequence a day, called in order, read from the board without names."""

from __future__ import annotations

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from appointments import domain as appointments
from appointments import waiting
from appointments.models import Ticket
from core.errors import Conflict
from journal.models import Event
from tests.together import together


@pytest.fixture
def desk(staff):
    return staff("booking_desk")


def take(store, count=1):
    return [appointments.take_number(store)[0] for _n in range(count)]


def test_numbers_begin_anew_each_day_and_are_called_in_their_order(store, desk, now, at):
    assert [ticket.number for ticket in take(store, 3)] == [1, 2, 3]
    assert appointments.call_next(store, by=desk).number == 1
    assert appointments.call_next(store, by=desk).number == 2
    with time_machine.travel(at("09:00", days=1), tick=False):
        assert take(store)[0].number == 1
        assert appointments.call_next(store, by=desk).number == 1
        with pytest.raises(Conflict):
            appointments.call_next(store, by=desk)
        with pytest.raises(Conflict):
            appointments.call_number(Ticket.objects.get(day=at("09:00").date(), number=3), by=desk)


def test_from_the_machine_to_the_counter(store, desk, now, at):
    (ticket,) = take(store)
    with pytest.raises(Conflict):
        appointments.serve_number(ticket, by=desk)
    with time_machine.travel(at("10:25"), tick=False):
        appointments.call_number(ticket, by=desk)
        appointments.call_number(ticket, by=desk)
        served = appointments.serve_number(ticket, by=desk)
    assert (served.state, served.calls, served.called_by) == ("served", 2, desk)
    assert [event.data for event in Event.objects.filter(name="appointments.number_called")] == [
        {"number": 1, "waited_minutes": 15, "calls": 1},
        {"number": 1, "waited_minutes": 15, "calls": 2},
    ]
    with pytest.raises(Conflict):
        appointments.call_number(ticket, by=desk)


def test_who_did_not_come_may_be_called_again(store, desk, now):
    (ticket,) = take(store)
    appointments.call_next(store, by=desk)
    appointments.end_number(ticket, by=desk)
    assert waiting.board(store).called == []
    assert appointments.call_number(ticket, by=desk).state == "called"


@pytest.mark.django_db(transaction=True)
def test_counters_at_once_call_different_people_and_no_number_is_given_twice(store, desk):
    numbers = together(store, [lambda: appointments.take_number(store)[0].number for _n in range(6)])
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    called = together(store, [lambda: appointments.call_next(store, by=desk).number for _n in range(6)])
    assert sorted(called) == [1, 2, 3, 4, 5, 6]


# --- Pages


@pytest.fixture
def board_url(store):
    return reverse("portal:board", args=[store.code])


def test_the_board_shows_numbers_and_nothing_else(store, desk, client, board_url, now):
    appointments.take_number(store, plate="京A12345")
    take(store)
    appointments.call_next(store, by=desk)

    page = client.get(board_url).content.decode()

    assert 'class="number-now">1<' in page
    assert "<li>2</li>" in page
    assert "京A" not in page and desk.name not in page
    assert '<meta http-equiv="refresh"' in page  # for who has no scripts


def test_an_unchanged_board_costs_next_to_nothing(store, desk, client, board_url, now):
    take(store)
    first = client.get(board_url, headers={"HX-Request": "true"})
    same = client.get(board_url, headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    appointments.call_next(store, by=desk)
    after = client.get(board_url, headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert (first.status_code, same.status_code, after.status_code) == (200, 304, 200)


def test_a_phone_takes_one_number_and_sees_its_place(store, desk, client, now):
    take(store)
    address = reverse("portal:take_number", args=[store.code])
    page = client.post(address, {"plate": "京A1234 5"})["Location"]
    assert client.post(address)["Location"] == client.get(address)["Location"] == page
    assert Ticket.objects.count() == 2
    assert "您前面还有 1 个号" in client.get(page).content.decode()
    appointments.call_next(store, by=desk)
    assert "下一位就是您" in client.get(page).content.decode()
    appointments.call_next(store, by=desk)
    assert "轮到您了" in client.get(page).content.decode()
    client.post(page)
    assert Ticket.objects.get(number=2).state == "left"
    assert client.get(page).status_code == 200
    assert client.get(page.replace(page[-10:-1], "AAAAAAAAA")).status_code == 404


def test_at_night_the_machine_gives_no_numbers(store, client, at):
    with time_machine.travel(at("22:00"), tick=False):
        answer = client.post(reverse("portal:take_number", args=[store.code]))
    assert answer.status_code == 409
    assert not Ticket.objects.exists()


def test_the_desk_calls_and_takes_to_the_counter(store, client_as, now):
    desk = client_as("advisor")
    slip = desk.post(reverse("appointments:queue"), {"plate": "京A12345"})["Location"]
    assert "svg" in desk.get(slip).content.decode()
    desk.post(reverse("appointments:call_next"))
    ticket = Ticket.objects.get()
    assert ticket.called_by == desk.staff
    served = desk.post(reverse("appointments:serve_number", args=[ticket.pk]))
    assert served["Location"] == f"{reverse('reception:arrive')}?q=%E4%BA%ACA12345"
    again = desk.post(reverse("appointments:call_number", args=[ticket.pk]))
    assert again.status_code == 409


def test_only_the_stores_own_page_takes_a_number(store, now):
    browser = Client(enforce_csrf_checks=True)
    address = reverse("portal:take_number", args=[store.code])
    assert browser.post(address).status_code == 403
    browser.get(address)
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    assert browser.post(address, {"csrfmiddlewaretoken": token}).status_code == 303
    assert Ticket.objects.count() == 1
