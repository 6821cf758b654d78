"""A waiting customer asks with one tap; the screen of the waiting room shows where his car is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from core import clock
from core.errors import Conflict
from journal.models import Event
from reception import domain as reception
from reception import queries
from reception.models import CustomerCall
from visits import domain as visits


@pytest.fixture
def waiting(make_visit):
    return make_visit("repair", waiting=True)


@pytest.fixture
def link(waiting):
    return visits.make_link(waiting)


def tap(client, link, kind):
    return client.post(f"/c/{link}/call/", {"kind": kind})


def test_one_tap_and_somebody_comes(client, client_as, waiting, link):
    page = client.get(f"/c/{link}/").content.decode()
    assert [kind in page for kind in ('value="drink"', 'value="seat"', 'value="ride"')] == [True] * 3

    answers = [tap(client, link, "drink") for _ in range(2)]  # an impatient thumb
    made = CustomerCall.objects.get()
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(303, f"/c/{link}/#calls")] * 2
    assert made.due_at - made.asked_at == timedelta(minutes=5)
    assert 'value="drink"' not in client.get(f"/c/{link}/").content.decode()

    advisor, desk = client_as(waiting.advisor), client_as("booking_desk")
    done = reverse("reception:answer_call", args=[made.pk])
    assert [done in browser.get("/").content.decode() for browser in (advisor, desk)] == [True, True]
    assert done not in client_as("advisor").get("/").content.decode()  # a colleague's customer, not late yet
    assert [advisor.post(done).status_code, desk.post(done).status_code] == [303, 409]
    assert (done in advisor.get("/").content.decode(), queries.open_calls()) == (False, [])
    assert Event.objects.get(name="reception.call_answered").data["late"] is False


def test_a_late_call_is_seen_by_every_advisor_and_the_manager(client, client_as, waiting, link):
    tap(client, link, "ride")
    made = CustomerCall.objects.get()
    done = reverse("reception:answer_call", args=[made.pk])

    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        for role in ("advisor", "service_manager"):
            page = client_as(role).get("/").content.decode()
            assert (done in page, "call-late" in page) == (True, True)
        reception.answer_call(made, by=waiting.advisor)
    assert Event.objects.get(name="reception.call_answered").data["late"] is True


def test_who_is_away_is_offered_a_ride_and_a_word(client, make_visit):
    link = visits.make_link(make_visit("repair", waiting=False))
    page = client.get(f"/c/{link}/").content.decode()
    assert ('value="ride"' in page, 'value="advisor"' in page, 'value="drink"' in page) == (True, True, False)


@pytest.mark.parametrize(
    ("stage", "kind", "status"), [("closed", "drink", 409), ("booking", "seat", 409), ("repair", "gold", 422)]
)
def test_what_cannot_be_asked_is_refused(client, make_visit, stage, kind, status):
    link = visits.make_link(make_visit(stage))
    assert tap(client, link, kind).status_code == status
    assert not CustomerCall.objects.exists()


def test_a_child_with_the_phone_is_stopped(waiting, advisor):
    for _ in range(8):
        reception.answer_call(reception.call(waiting, kind="drink", by=advisor), by=advisor)
    with pytest.raises(Conflict):
        reception.call(waiting, kind="drink", by=advisor)


def test_a_link_that_is_revoked_or_unknown_calls_nobody(client, waiting, link):
    assert tap(client, "x" * 43, "drink").status_code == 404
    visits.revoke_links(waiting)
    assert (tap(client, link, "drink").status_code, client.get(f"/c/{link}/call/").status_code) == (410, 405)


def test_the_screen_shows_tails_stages_and_times_and_no_names(client, store, waiting, make_visit):
    away = make_visit("repair", waiting=False)
    ready = make_visit("handover", waiting=True)
    answer = client.get(f"/c/screen/{store.code}/")
    page = answer.content.decode()

    assert [f'screen-tail">{visit.vehicle.plate[-4:]}<' in page for visit in (waiting, ready, away)] == [
        True,
        True,
        False,
    ]
    assert not any(word in page for word in (waiting.customer.name, waiting.vehicle.plate, waiting.customer.phone))
    assert page.count("screen-ready") == 1
    fragment = client.get(f"/c/screen/{store.code}/", headers={"HX-Request": "true"})
    again = client.get(
        f"/c/screen/{store.code}/", headers={"HX-Request": "true", "If-None-Match": fragment.headers["ETag"]}
    )
    assert (fragment.status_code, again.status_code) == (200, 304)
    assert client.get("/c/screen/nowhere/").status_code == 404
