"""Clocks: when they are due, who is warned, each warning once; against a reference that asks minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import domain as complaints
from complaints import queries, tasks
from complaints.choices import Clock, Severity
from complaints.domain import clocks
from complaints.models import Case, ClockNotice
from core import clock
from journal.models import Event
from stores import calendar
from stores.access import in_store
from tests.stores.test_calendar import DAYS, MINUTE, MadeUp, at_minute, open_minutes, special_days, weeks

# A Tuesday, 10:00 in Shanghai.
MORNING = datetime(2026, 11, 17, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def warned() -> list[tuple]:
    return list(ClockNotice.objects.order_by("at", "level").values_list("clock", "level", "told__role__code"))


@pytest.fixture
def ladder(people):
    return people


def test_three_clocks_of_every_severity(open_case, store, ladder):
    with time_machine.travel(MORNING, tick=False):
        cases = {severity: open_case(severity=severity) for severity in Severity}
    hours = {
        Severity.L1: (0.5, 4, 24),
        Severity.L2: (1, 24, 72),
        Severity.L3: (1, 4, None),
        Severity.L4: (0.5, 2, None),
    }
    for severity, (response, plan, resolution) in hours.items():
        case = cases[severity]

        def after(length, severity=severity):
            if severity == Severity.L4:
                return MORNING + length * HOUR
            return calendar.add_business_time(store, MORNING, length * HOUR)

        assert (case.first_response_due_at, case.plan_due_at) == (after(response), after(plan))
        days = {Severity.L3: 5, Severity.L4: 10}.get(severity)
        expected = calendar.add_working_days(store, MORNING, days) if days else after(resolution)
        assert case.resolution_due_at == expected


def test_warnings_climb_the_ladder_each_exactly_once(open_case, store, ladder):
    with time_machine.travel(MORNING, tick=False):
        case = open_case()
    minutes = [(14, 0), (15, 1), (15, 0), (23, 0), (24, 1), (29, 0), (30, 1), (31, 0)]
    for after, more in minutes:
        with time_machine.travel(MORNING + after * MINUTE, tick=False):
            assert complaints.run_clocks(store) == more

    assert warned() == [
        ("response", 1, "customer_relations"),
        ("response", 2, "service_manager"),
        ("response", 3, "aftersales_director"),
    ]
    case.refresh_from_db()
    assert case.escalation == 3
    levels = [row.data["level"] for row in Event.objects.filter(name="complaints.escalated").order_by("id")]
    assert levels == [1, 2, 3]
    assert [notice.level for notice in queries.warnings_for(ladder.director)] == [3]


def test_after_a_standstill_nothing_is_lost_and_nothing_doubled(open_case, store, ladder):
    with time_machine.travel(MORNING, tick=False):
        open_case()
    with time_machine.travel(MORNING + timedelta(days=30), tick=False):
        assert complaints.run_clocks(store) == 9
        assert complaints.run_clocks(store) == 0
    assert Case.objects.get().next_notice_at is None


def test_a_clock_that_stopped_warns_nobody(open_case, store, ladder, plan_of):
    with time_machine.travel(MORNING, tick=False):
        case = open_case()
        complaints.respond(case, text="已致歉", by=ladder.relations)
    with time_machine.travel(MORNING + 2 * HOUR - MINUTE, tick=False):
        assert complaints.run_clocks(store) == 0
    with time_machine.travel(MORNING + 2.5 * HOUR, tick=False):
        plan_of(case)
        assert complaints.run_clocks(store) == 0
    with time_machine.travel(MORNING + timedelta(days=30), tick=False):
        complaints.run_clocks(store)
        assert {name for name, _level, _role in warned()} == {"resolution"}
        assert queries.overdue().count() == 1


def test_a_new_round_warns_anew(open_case, store, ladder, plan_of, carry_out):
    with time_machine.travel(MORNING, tick=False):
        case = open_case()
        complaints.respond(case, text="已致歉", by=ladder.relations)
    with time_machine.travel(MORNING + 3 * HOUR, tick=False):
        assert complaints.run_clocks(store) == 1
        carry_out(plan_of(case))
        complaints.recheck(case, outcome="not_satisfied", words="没修好", by=ladder.second)
        case.refresh_from_db()
        assert (case.severity, case.owner) == ("L2", ladder.manager)
    with time_machine.travel(case.plan_due_at + MINUTE, tick=False):
        complaints.run_clocks(store)
    rounds = ClockNotice.objects.filter(clock="plan").order_by("round", "level").values_list("round", "level")
    assert list(rounds) == [(1, 1), (2, 1), (2, 2), (2, 3)]


def test_a_graver_signal_hurries_every_clock_that_runs(open_case, visit, ladder):
    with time_machine.travel(MORNING, tick=False):
        case = open_case(visit=visit)
        complaints.respond(case, text="已致歉", by=ladder.relations)
    with time_machine.travel(MORNING + HOUR, tick=False):
        graver = open_case("刹车失灵", visit=visit, severity="L4")
    assert graver.first_response_due_at == case.first_response_due_at
    assert graver.plan_due_at == MORNING + 3 * HOUR
    assert graver.next_notice_at == MORNING + 1.5 * HOUR


def test_the_database_knows_each_warning_once(open_case, store, ladder):
    case = open_case()
    row = {
        "store": store,
        "case": case,
        "clock": "plan",
        "round": 1,
        "level": 1,
        "due_at": clock.now(),
        "at": clock.now(),
    }
    ClockNotice.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockNotice.objects.create(**row)


def test_beat_finds_the_cases_of_every_store(open_case, store, ladder):
    with time_machine.travel(MORNING, tick=False):
        open_case()
    with time_machine.travel(MORNING + 20 * MINUTE, tick=False):
        tasks.run_clocks()
    assert warned() == [("response", 1, "customer_relations")]


@pytest.mark.django_db(transaction=True)
def test_two_schedules_at_once_warn_once(request):
    store = request.getfixturevalue("store")
    relations = request.getfixturevalue("staff")("customer_relations")
    with time_machine.travel(MORNING, tick=False):
        complaints.open_case(store=store, words="等太久", source="desk", by=relations)
    later = MORNING + timedelta(days=30)
    found = []

    def run():
        try:
            with in_store(store):
                found.append(complaints.run_clocks(store, now=later))
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    complaints.run_clocks(store, now=later)
    assert ClockNotice.objects.count() == 9


# --- Any calendar, minute by minute ----------------------------------------------------------------------------------

severities = st.sampled_from([Severity.L1, Severity.L2])
starts = st.integers(0, 2 * 24 * 60)


@settings(max_examples=60, deadline=None)
@given(weeks, special_days, starts, severities, st.sampled_from([Clock.RESPONSE, Clock.PLAN]))
def test_due_times_and_warnings_are_those_of_a_watch_that_ticks_in_opening_hours(week, days, start, severity, which):
    ticks = open_minutes(week, days)
    allowed = int(clocks.LADDER[severity].times[which] / MINUTE)
    passed, seen = 0, {}
    for minute in range(start, len(ticks)):
        passed += ticks[minute]
        for share in (0.5, 0.8, 1.0):
            if passed == round(allowed * share):
                seen.setdefault(share, minute + 1)
    if 1.0 not in seen:
        return  # it runs on beyond the reference's days
    made_up = MadeUp(week, days)

    due = clocks.due(made_up, severity, which, at_minute(start))

    assert due == at_minute(seen[1.0])
    for share, expected in seen.items():
        assert clocks.moment(made_up, severity, at_minute(start), due, share) == at_minute(expected)


@settings(max_examples=50, deadline=None)
@given(weeks, special_days, starts, st.integers(1, 2))
def test_working_days_are_days_with_an_open_minute(week, days, start, wanted):
    ticks = open_minutes(week, days)
    made_up = MadeUp(week, days)
    by_day = [[n for n in range(d * 1440, (d + 1) * 1440) if ticks[n]] for d in range(len(DAYS))]
    later = [open_ for open_ in by_day[start // 1440 + 1 :] if open_]
    if len(later) < wanted:
        return

    assert made_up.add_days(at_minute(start), wanted) == at_minute(later[wanted - 1][-1] + 1)


def test_round_the_clock_is_round_the_clock():
    nowhere = MadeUp({}, {})
    due = clocks.due(nowhere, Severity.L4, Clock.PLAN, MORNING)
    assert due == MORNING + 2 * HOUR
    assert clocks.moment(nowhere, Severity.L4, MORNING, due, 0.5) == MORNING + HOUR
