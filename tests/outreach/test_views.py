"""The call list and the call sheet, the link that ends reminders, the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from journal.testing import drain
from outreach import domain as outreach
from outreach import queries
from outreach.models import Policy, Task
from tests.guarded import heading
from tests.pages.outreach import reminder_of

CALLS = reverse("outreach:calls")


@pytest.fixture
def task(make_visit) -> Task:
    return Task.objects.get(pk=reminder_of(make_visit).kwargs["pk"])


@pytest.fixture
def browser(client_as):
    return client_as("booking_desk")


def page_of(task) -> str:
    return reverse("outreach:call", args=[task.pk])


def test_the_tabs_and_the_kind(browser, task, make_visit):
    Task.objects.filter(pk=reminder_of(make_visit).kwargs["pk"]).update(call_on=clock.now().date() + timedelta(days=9))

    shown = [list(browser.get(CALLS, {"show": show}).context["page"]) for show in ("", "waiting", "booked", "over")]
    assert [len(rows) for rows in shown] == [1, 1, 0, 0]
    assert shown[0] == [task]
    assert len(browser.get(CALLS, {"kind": "win_back"}).context["page"].object_list) == 0
    assert browser.get(CALLS, {"show": "?", "kind": "?"}).status_code == 200


def test_the_sheet_says_what_why_how_long_and_how_much(browser, task):
    text = browser.get(page_of(task)).content.decode()

    offer = queries.offers(task.store, [task.operation_id])[task.operation_id]
    for part in (task.customer.phone, offer.operation.name_zh, f"¥{offer.price}", "上次保养 2026-01-01"):
        assert part in text


def test_an_attempt_leads_to_the_next_customer(browser, task, make_visit):
    following = reminder_of(make_visit).kwargs["pk"]
    answer = browser.post(page_of(task), {"outcome": "no_answer", "note": "忙音"})
    last = browser.post(reverse("outreach:call", args=[following]), {"outcome": "declined"})

    assert (answer.status_code, answer["Location"]) == (303, reverse("outreach:call", args=[following]))
    assert (last.status_code, last["Location"]) == (303, CALLS)
    task.refresh_from_db()
    assert (task.state, task.attempts.get().note) == ("called", "忙音")


def test_what_was_typed_stays(browser, task):
    answer = browser.post(page_of(task), {"outcome": "later", "note": "下午再打"})

    assert answer.status_code == 422
    assert "下午再打" in answer.content.decode()
    assert task.attempts.count() == 0


def test_a_colleague_was_first(browser, task):
    outreach.opt_out(task.customer, by=browser.staff, evidence="")

    assert browser.post(page_of(task), {"outcome": "no_answer"}).status_code == 409
    assert task.attempts.count() == 0


def test_without_consent_there_is_no_number_and_no_form(browser, task):
    outreach.opt_out(task.customer, by=browser.staff, evidence="")
    Task.objects.update(state="messaged", stop_reason="", ended_at=None)
    answer = browser.get(page_of(task)).content.decode()

    assert task.customer.phone not in answer
    assert "data-outcome-keys" not in answer
    assert browser.post(page_of(task), {"outcome": "no_answer"}).status_code == 403


def test_book_opens_the_booking_and_the_booking_finds_its_reminder(browser, task, make_visit):
    answer = browser.post(reverse("outreach:book", args=[task.pk]))
    visit = make_visit("booking", vehicle=task.vehicle, customer=task.customer)
    outreach.link_booking(visit.appointment)

    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{reverse('appointments:book')}?vehicle={task.vehicle_id}",
    )
    task.refresh_from_db()
    assert (task.state, task.appointment) == ("booked", visit.appointment)
    assert task.contacted_at is not None


def test_opt_out_by_telephone(browser, task):
    answer = browser.post(reverse("outreach:opt_out", args=[task.pk]))

    assert (answer.status_code, answer["Location"]) == (303, CALLS)
    task.refresh_from_db()
    assert (task.stop_reason, queries.allowed_channels([task.customer_id])) == ("opted_out", {})


# --- The link in the message ---------------------------------------------------------------------------------------------


def test_opening_the_link_changes_nothing_pressing_does(client, task):
    link = "/c" + outreach.stop_link(task.customer).split("/c", 1)[1]
    first, scanned = client.get(link), client.head(link)

    assert (first.status_code, scanned.status_code, first["Referrer-Policy"]) == (200, 200, "no-referrer")
    assert queries.allowed_channels([task.customer_id]) == {task.customer_id: {"phone"}}

    answers = [client.post(link), client.post(link), client.get(link)]
    drain()
    assert [heading(answer) for answer in answers] == ["您不会再收到提醒"] * 3
    assert queries.allowed_channels([task.customer_id]) == {}
    task.refresh_from_db()
    assert task.stop_reason == "opted_out"


@pytest.mark.parametrize("wrong", ["1", "1.abc", "x.y", "999999999999999999999.abc"])
def test_a_made_up_link(client, store, wrong):
    assert client.get(reverse("portal:stop", args=[wrong])).status_code == 404
    assert client.post(reverse("portal:stop", args=[wrong])).status_code == 404


# --- The rules -----------------------------------------------------------------------------------------------------------

RULES = {
    "active": "on",
    "remind_days": "12",
    "call_days": "4",
    "win_back_days": "183",
    "give_up_days": "730",
    "win_backs_a_night": "50",
    "max_messages": "1",
    "cap_days": "30",
}


def test_the_rules(client_as, store):
    manager = client_as("service_manager")
    url = reverse("outreach:policy")
    refused = manager.post(url, RULES | {"call_days": "20"})
    saved = manager.post(url, RULES)

    assert (refused.status_code, saved.status_code) == (422, 303)
    row = Policy.objects.get()
    assert (row.store, row.remind_days, row.max_messages, row.active) == (store, 12, 1, True)


def test_the_results_page(client_as, task):
    Task.objects.update(contacted_at=clock.now())
    text = client_as("service_manager").get(reverse("outreach:results")).content.decode()

    # One customer reached is no rate yet, and this month's contacts may still book.
    assert "保养到期" in text and "数据不足" in text and "未满 30 天" in text
