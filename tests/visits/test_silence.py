"""A customer left without news wakes his advisor, then the manager; each once, and only while the store is open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from journal.models import Event
from tests.appointments.conftest import now  # noqa: F401 - fixture: a Tuesday morning
from visits import domain as visits
from visits.models import SilenceAlarm, Visit
from visits.queries import unanswered_silence

MINUTE = timedelta(minutes=1)


@pytest.fixture
def silent(make_visit, now):  # noqa: F811
    visit = make_visit("repair", promised_at=now + timedelta(hours=5))
    Visit.objects.filter(pk=visit.pk).update(next_update_due_at=now)
    return visit


def steps() -> list[int]:
    return list(SilenceAlarm.objects.order_by("step").values_list("step", flat=True))


def test_the_advisor_is_woken_at_once_and_the_manager_a_quarter_later(silent, now):  # noqa: F811
    assert visits.wake_silent(now=now) == 0
    assert visits.wake_silent(now=now + MINUTE) == 1
    assert visits.wake_silent(now=now + 14 * MINUTE) == 0
    assert (steps(), list(unanswered_silence())) == ([1], [])

    assert visits.wake_silent(now=now + 16 * MINUTE) == 1
    assert visits.wake_silent(now=now + 60 * MINUTE) == 0

    assert (steps(), list(unanswered_silence())) == ([1, 2], [silent])
    assert Event.objects.filter(name="visits.silence_overdue").count() == 2


def test_who_tells_the_customer_ends_it_and_the_next_silence_counts_anew(silent, now, staff):  # noqa: F811
    visits.wake_silent(now=now + 20 * MINUTE)

    visits.tell_customer(silent, how="phone", text="正在安装", by=staff("advisor"), next_due_at=now + 60 * MINUTE)

    assert list(unanswered_silence()) == []
    assert visits.wake_silent(now=now + 30 * MINUTE) == 0
    assert visits.wake_silent(now=now + 90 * MINUTE) == 2
    assert steps() == [1, 1, 2, 2]


def test_nobody_is_woken_at_night_and_the_night_does_not_count(silent, store, now):  # noqa: F811
    evening = now.astimezone(store.tz).replace(hour=17, minute=55)
    Visit.objects.filter(pk=silent.pk).update(next_update_due_at=evening)

    assert visits.wake_silent(now=evening + timedelta(hours=3)) == 0
    morning = (evening + timedelta(days=1)).replace(hour=8, minute=35)
    woken = visits.wake_silent(now=morning)

    assert (woken, steps()) == (1, [1])


def test_a_car_that_is_gone_wakes_nobody(make_visit, now):  # noqa: F811
    visit = make_visit("closed")

    assert visit.next_update_due_at is None or clock.now()
    assert visits.wake_silent(now=now + timedelta(days=1)) == 0
