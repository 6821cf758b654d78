"""The counters against cases worked out by hand from the text of order 43 (domain.md 4.2): hours, exclusions, validity, limits."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarantees import counting
from guarantees.choices import AlertKind
from guarantees.counting import Due, Numbers, Spell

ZONE = ZoneInfo("Asia/Shanghai")
LAW = Numbers()
BOUGHT = date(2025, 3, 15)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def standing(*spells, bought=BOUGHT, now=MONDAY + timedelta(days=300)):
    return counting.count(spells, bought=bought, now=now, numbers=LAW, zone=ZONE)


@pytest.mark.parametrize(
    ("lasted", "days"),
    [
        (timedelta(0), 0),
        (MINUTE, 1),  # a rest of less than 24 hours is a day
        (4 * HOUR, 1),
        (24 * HOUR, 1),  # full 24 hours are one day, no rest
        (24 * HOUR + MINUTE, 2),
        (25 * HOUR, 2),
        (48 * HOUR, 2),
        (5 * 24 * HOUR, 5),  # Monday 9:00 to Saturday 9:00: five days, not more than five
        (5 * 24 * HOUR + MINUTE, 6),
        (51 * HOUR + 30 * MINUTE, 3),  # Monday 9:00 to Wednesday 12:30
    ],
)
def test_every_full_24_hours_are_a_day_and_the_rest_is_one_more(lasted, days):
    assert counting.repair_days(MONDAY, MONDAY + lasted) == days


@pytest.mark.parametrize(
    ("lasted", "excluded", "days"),
    [
        # 10 days 3 hours = 243 h; 50 h transport of a wiring loom made to the VIN; 193 h = 8 days and 1 h: 9 days.
        (243, 50, 9),
        # 7 days = 168 h; 72 h transport of the traction battery; 96 h = 4 days, no rest.
        (168, 72, 4),
        # 26 h, of which 2.5 h way of the rescue: 23.5 h = 1 day instead of 2.
        (26, 2.5, 1),
        (26, 2, 1),
        (26, 1.5, 2),
        # Nothing is left: no day. More than there is leaves nothing, not less.
        (30, 30, 0),
        (30, 40, 0),
        (30, -5, 2),
    ],
)
def test_what_article_24_leaves_out_is_taken_off_in_hours_before_rounding(lasted, excluded, days):
    excluded = timedelta(hours=excluded)

    assert counting.repair_days(MONDAY, MONDAY + lasted * HOUR, excluded=excluded) == days


def test_the_single_repair_includes_waiting_for_parts_and_the_total_does_not():
    # Seven days in the store, three of them for the transport of the traction battery.
    car = standing(Spell(1, MONDAY, MONDAY + 168 * HOUR, excluded=72 * HOUR, km=8_000))

    assert (car.singles[0].days, car.singles[0].counted, car.total) == (7, 4, 4)
    # Article 21: a loan car from the sixth day all the same.
    assert Due(AlertKind.SINGLE, 6, 1, right=True) in counting.due(car, LAW)


def test_each_repair_is_rounded_by_itself_and_then_added():
    # Three repairs of 25 hours: 2 + 2 + 2 = 6 days, although 75 hours are only a little over three days.
    car = standing(*(Spell(n, MONDAY + n * 10 * 24 * HOUR, MONDAY + n * 10 * 24 * HOUR + 25 * HOUR) for n in range(3)))

    assert car.total == 6


@pytest.mark.parametrize(("hours", "total", "right"), [(720, 30, False), (720.5, 31, True)])
def test_more_than_thirty_days_is_the_right_thirty_is_not(hours, total, right):
    car = standing(Spell(1, MONDAY, MONDAY + timedelta(hours=hours)))

    assert (car.total, AlertKind.TOTAL in car.may_return) == (total, right)
    given = [(d.threshold, d.right) for d in counting.due(car, LAW) if d.kind == AlertKind.TOTAL]
    assert given == [(20, False), (25, False), (30, False)] + ([(31, True)] if right else [])


@pytest.mark.parametrize(
    ("times", "warned", "right"),
    [(2, [], False), (3, [3], False), (4, [3, 4], False), (5, [3, 4, 5], True), (6, [3, 4, 5], True)],
)
def test_more_than_four_repairs_of_one_problem_is_the_right(times, warned, right):
    spells = [
        Spell(n, MONDAY + n * 7 * 24 * HOUR, MONDAY + n * 7 * 24 * HOUR + HOUR, problems=frozenset({77}))
        for n in range(times)
    ]
    other = Spell(99, MONDAY + timedelta(days=200), MONDAY + timedelta(days=200, hours=1), problems=frozenset({78}))

    car = standing(*spells, other)

    assert (car.times[77], car.times[78]) == (times, 1)
    assert [d.threshold for d in counting.due(car, LAW) if d.kind == AlertKind.SAME] == warned
    assert (AlertKind.SAME in car.may_return) == right


@pytest.mark.parametrize(
    ("elapsed", "warned"),
    [
        (timedelta(days=2), []),
        (timedelta(days=2, minutes=1), [3]),
        (timedelta(days=4), [3, 4]),
        (timedelta(days=4, minutes=1), [3, 4, 5]),
        (timedelta(days=5), [3, 4, 5]),
        (timedelta(days=5, minutes=1), [3, 4, 5, 6]),
    ],
)
def test_a_repair_that_lasts_warns_as_each_day_begins(elapsed, warned):
    car = standing(Spell(1, MONDAY, km=100), now=MONDAY + elapsed)

    assert car.singles[0].running
    assert [d.threshold for d in counting.due(car, LAW)] == warned


@pytest.mark.parametrize(
    ("bought", "months", "last"),
    [
        (date(2024, 3, 15), 24, date(2026, 3, 15)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),  # the month has no such day: its last one
        (date(2023, 8, 31), 18, date(2025, 2, 28)),
        (date(2023, 12, 1), 36, date(2026, 12, 1)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
    ],
)
def test_a_period_of_months_ends_with_the_day_of_the_same_number(bought, months, last):
    assert counting.last_day(bought, months) == last


@pytest.mark.parametrize(
    ("on", "km", "held"),
    [
        (date(2027, 3, 15), 49_999, True),
        (date(2027, 3, 15), 50_000, True),
        (date(2027, 3, 16), 10, False),  # the months come first
        (date(2025, 6, 1), 50_001, False),  # the distance comes first
        (date(2025, 6, 1), None, True),
    ],
)
def test_the_three_guarantees_hold_two_years_or_50000_km_whichever_comes_first(on, km, held):
    assert counting.within(BOUGHT, on, km, months=LAW.months, most_km=LAW.km) is held


def test_without_the_day_of_purchase_a_repair_counts_until_the_distance_says_no():
    early = Spell(1, MONDAY, MONDAY + HOUR, km=20_000)
    late = Spell(2, MONDAY + timedelta(days=30), MONDAY + timedelta(days=30, hours=1), km=61_000)

    car = standing(early, late, bought=None)

    assert [(s.valid, s.free) for s in car.singles] == [(None, None), (False, False)]
    assert car.total == 1


def test_after_two_years_only_the_loan_car_is_left():
    # Day 25 of the 25th month: free repair still holds (36 months), the three guarantees do not.
    began = datetime(2027, 4, 10, 9, tzinfo=ZONE)
    car = standing(Spell(1, began, began + timedelta(days=8), km=30_000, problems=frozenset({5})))

    assert (car.singles[0].valid, car.singles[0].free, car.total, car.times) == (False, True, 0, {})
    assert [(d.kind, d.threshold) for d in counting.due(car, LAW)] == [(AlertKind.SINGLE, n) for n in (3, 4, 5, 6)]


def test_the_day_of_a_repair_is_the_stores_day():
    # 00:30 in Shanghai on the 16th is still the 15th in UTC, the last valid day; the store's clock counts.
    after_midnight = datetime(2027, 3, 16, 0, 30, tzinfo=ZONE)

    assert standing(Spell(1, after_midnight, after_midnight + HOUR, km=1)).singles[0].valid is False
    assert standing(Spell(1, after_midnight - HOUR, after_midnight, km=1)).singles[0].valid is True


@given(
    seconds=st.integers(min_value=0, max_value=90 * 86_400),
    excluded=st.integers(min_value=0, max_value=90 * 86_400),
)
def test_days_agree_with_counting_full_days_one_by_one(seconds, excluded):
    left, days = max(seconds - excluded, 0), 0
    while left > 0:
        days, left = days + 1, left - 86_400

    found = counting.repair_days(MONDAY, MONDAY + timedelta(seconds=seconds), excluded=timedelta(seconds=excluded))

    assert found == days
