"""A promise that will not hold says why before it breaks, and the customer is told a new time in one click."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from messaging.models import Message
from orders import domain as orders
from repairs.queries.risks import risks
from tests import factories
from tests.appointments.conftest import now  # noqa: F401 - fixture: a Tuesday morning
from visits.models import Promise, Visit

HOUR = timedelta(hours=1)


@pytest.fixture
def in_repair(make_visit, now):  # noqa: F811
    """One agreed line of two hours, promised in four: opening hours leave three."""
    visit = make_visit("repair", lines=0, promised_at=now + 4 * HOUR)
    factories.line(visit, consent=factories.consent(visit), hours=Decimal(2))
    return visit


def codes(visit, at) -> list[str]:
    found = risks(visit.store, [Visit.objects.get(pk=visit.pk)], now=at).get(visit.pk)
    return list(found.reasons) if found else []


def test_enough_time_is_no_risk(in_repair, now):  # noqa: F811
    assert codes(in_repair, now) == []


def test_less_time_than_work_is_seen_before_the_promise_breaks(in_repair, now):  # noqa: F811
    assert codes(in_repair, now + HOUR) == ["load"]
    assert codes(in_repair, now + 5 * HOUR) == ["late", "load"]


def test_an_open_question_endangers_the_time_earlier(in_repair, now):  # noqa: F811
    orders.add_line(in_repair, title="增项", hours=1, hour_rate=180, by=in_repair.advisor)
    orders.ask_consent(in_repair, by=in_repair.advisor)

    assert codes(in_repair, now) == ["approval"]


def test_what_is_done_is_not_counted(in_repair, now, staff):  # noqa: F811
    orders.mark_work(in_repair.lines.get(), work="done", by=staff("technician"))

    assert codes(in_repair, now + 2 * HOUR) == []


def test_many_visits_cost_as_many_queries_as_one(in_repair, make_visit, now, django_assert_num_queries):  # noqa: F811
    others = [make_visit("repair", promised_at=now + HOUR) for _n in range(4)]
    rows = list(Visit.objects.filter(pk__in=[in_repair.pk, *[v.pk for v in others]]).select_related("store"))

    with django_assert_num_queries(6):
        assert len(risks(in_repair.store, rows, now=now)) == 4


def test_one_click_promises_and_tells_before_the_old_time_runs_out(in_repair, now, client_as):  # noqa: F811
    Visit.objects.filter(pk=in_repair.pk).update(promised_at=now + HOUR)
    browser = client_as(in_repair.advisor)
    page = browser.get(reverse("desk:visit", args=[in_repair.pk])).content.decode()
    assert 'data-risk="load"' in page

    answer = browser.post(reverse("desk:move_promise", args=[in_repair.pk]))

    assert answer.status_code == 302 or answer.status_code == 303
    visit = Visit.objects.get(pk=in_repair.pk)
    promise = Promise.objects.filter(visit=visit).last()
    assert (visit.promised_at, promise.told_at) == (promise.new_at, now)
    assert promise.told_at < now + HOUR < promise.new_at == promise.computed_at
    assert "分钟" in promise.reason
    assert Message.objects.filter(template="promise_changed", visit_ref=visit.pk).count() == 1
    assert visit.next_update_due_at > now
    again = browser.post(reverse("desk:move_promise", args=[in_repair.pk]))
    assert again.status_code == 409
