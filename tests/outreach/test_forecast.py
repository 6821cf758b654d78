"""The forecast against the worked example of the trade, against counting by hand, and in its corners."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import forecast
from outreach.choices import DueBy, RateFrom
from outreach.forecast import Base, Interval, Plan, Reading, Rule

WORKED = [(date(2024, 1, 5), 5020), (date(2024, 7, 1), 10110), (date(2025, 1, 10), 15400), (date(2025, 6, 20), 19800)]
OIL, FIRST, BRAKES, FILTER = 1, 2, 3, 4
HALF_YEAR = Plan(Interval(OIL, 5000, 6), Interval(FIRST, 5000, 6))


def test_the_worked_example():
    """domain.md 6.4: 27.6 km a day, due on 2025-12-18, two days before the half year is over."""
    pts = forecast.points(Reading(on, km) for on, km in WORKED)
    km_rate, source = forecast.rate(pts, invoice_date=None)
    found = forecast.due(HALF_YEAR, Base(date(2025, 6, 20), 19800), pts, km_rate)

    assert (km_rate, source) == (Decimal("27.60"), RateFrom.READINGS)
    assert (found.due_on, found.by) == (date(2025, 12, 18), DueBy.KM)
    assert found.by_time == date(2025, 12, 20)


def test_one_wrong_figure_among_five_changes_nothing_of_note():
    wrong = [*WORKED, (date(2025, 3, 1), 165_000)]
    honest = forecast.slope(forecast.points(Reading(*p) for p in WORKED))
    found = forecast.slope(forecast.points(Reading(*p) for p in wrong))

    assert abs(found - honest) < Decimal("1.5")


# The slow way, from the sentence of the handbook, with nothing of ours in it.
def by_hand(readings: list[tuple[date, int]]) -> float | None:
    newest = max(on for on, _km in readings)
    known = {}
    for on, km in readings:
        if (on.year, on.month, on.day) >= (newest.year - 2, newest.month, newest.day):
            known[on] = max(km, known.get(on, 0))
    slopes = []
    for first in known:
        for second in known:
            if (second - first).days >= 30:
                slopes.append((known[second] - known[first]) / (second - first).days)
    slopes.sort()
    if not slopes:
        return None
    middle = len(slopes) // 2
    return slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2


DAYS = st.dates(date(2022, 3, 1), date(2025, 12, 31))


@given(st.lists(st.tuples(DAYS, st.integers(0, 300_000)), min_size=1, max_size=9))
def test_the_median_slope_is_what_one_counts_by_hand(readings):
    found = forecast.slope(forecast.points(Reading(*r) for r in readings))
    expected = by_hand(readings)

    assert (found is None) == (expected is None)
    if expected is not None:
        assert abs(float(found) - expected) <= 0.005001


@given(
    st.lists(st.tuples(DAYS, st.integers(0, 300_000)), min_size=1, max_size=9),
    st.integers(1, 30_000),
    st.integers(1, 48),
)
def test_due_is_the_day_before_the_distance_is_exceeded_or_the_months_are_over(readings, km, months):
    pts = forecast.points(Reading(*r) for r in readings)
    km_rate, _source = forecast.rate(pts, invoice_date=None)
    base = Base(date(2025, 1, 31), 20_000)
    found = forecast.due(Plan(Interval(OIL, km, months)), base, pts, km_rate)

    last_on, last_km = pts[-1]
    assert Decimal(5) <= km_rate <= Decimal(200)
    assert found.due_on == min(found.by_km, found.by_time)
    days = (found.by_km - last_on).days
    driven = last_km + km_rate * days
    if abs(days) < forecast.FARTHEST_DAYS:  # beyond that the meter was misread, and the day is as far as it may be
        assert driven <= base.km + km < driven + km_rate


@pytest.mark.parametrize(
    ("readings", "invoiced", "expected"),
    [
        ([], None, (Decimal(40), RateFrom.DEFAULT)),
        ([(date(2025, 6, 20), 9000)], date(2025, 1, 1), (Decimal("52.94"), RateFrom.INVOICE)),
        ([(date(2025, 6, 20), 900)], date(2025, 6, 1), (Decimal(40), RateFrom.DEFAULT)),
        ([(date(2025, 1, 1), 5000), (date(2025, 1, 20), 6000)], None, (Decimal(40), RateFrom.DEFAULT)),
        ([(date(2025, 1, 1), 5000), (date(2025, 3, 1), 5000)], None, (Decimal(5), RateFrom.READINGS)),
        ([(date(2025, 1, 1), 5000), (date(2025, 3, 1), 90_000)], None, (Decimal(200), RateFrom.READINGS)),
    ],
)
def test_where_the_pace_comes_from(readings, invoiced, expected):
    assert forecast.rate(forecast.points(Reading(*r) for r in readings), invoice_date=invoiced) == expected


def test_the_pace_of_others_helps_a_car_that_was_never_read():
    assert forecast.rate([], invoice_date=None, pace_of_model=Decimal(33), pace_of_store=Decimal(50)) == (
        Decimal(33),
        RateFrom.MODEL,
    )
    assert forecast.rate([], invoice_date=None, pace_of_store=Decimal(50)) == (Decimal(50), RateFrom.STORE)


def test_a_new_meter_begins_anew():
    readings = [Reading(*p) for p in WORKED] + [
        Reading(date(2025, 6, 20), 0, replaced=True),
        Reading(date(2025, 9, 28), 3000),
    ]

    assert forecast.points(readings) == [(date(2025, 6, 20), 0), (date(2025, 9, 28), 3000)]
    assert forecast.slope(forecast.points(readings)) == Decimal(30)


def test_the_day_of_a_month_that_is_too_short():
    assert forecast.add_months(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert forecast.add_months(date(2024, 2, 29), -24) == date(2022, 2, 28)


RULES = [
    Rule(1, FIRST, km=5000, months=6, first_km=5000, first_months=6),
    Rule(2, OIL, powertrain="petrol", km=7500, months=6, first_km=5000, first_months=6),
    Rule(3, OIL, powertrain="hybrid", km=10_000, months=12, first_km=5000, first_months=6),
    Rule(4, BRAKES, km=40_000, months=24),
    Rule(6, FILTER, km=4000, months=5),
    Rule(5, OIL, brand="奥迪", powertrain="petrol", km=10_000, months=12, first_km=10_000, first_months=11),
]


@pytest.mark.parametrize(
    ("brand", "drive", "regular", "first"),
    [
        ("大众", "petrol", Interval(OIL, 7500, 6), Interval(FIRST, 5000, 6)),
        ("大众", "hybrid", Interval(OIL, 10_000, 12), Interval(FIRST, 5000, 6)),
        ("奥迪", "petrol", Interval(OIL, 10_000, 12), Interval(FIRST, 5000, 6)),
        ("大众", "electric", Interval(FILTER, 4000, 5), Interval(FIRST, 5000, 6)),
    ],
)
def test_what_calls_a_car_in(brand, drive, regular, first):
    """The first service is due once; a service proper goes before a single item, then the shortest interval counts, of each
    operation's most exact rule."""
    plan = forecast.plan_for(RULES, brand=brand, model="", powertrain=drive)

    assert (plan.regular, plan.first) == (regular, first)


def test_no_rule_no_due_date():
    plan = forecast.plan_for([], brand="", model="", powertrain="petrol")

    assert plan == Plan()
    assert forecast.due(plan, Base(date(2025, 1, 1), 0), [], Decimal(40)) is None


def test_where_the_interval_begins():
    service, visit, invoice = (date(2025, 1, 1), 9000), (date(2025, 5, 1), 15_000), date(2024, 6, 1)

    assert forecast.base_of(serviced=service, released=visit, invoice_date=invoice) == Base(*service)
    assert forecast.base_of(serviced=None, released=visit, invoice_date=invoice) == Base(*visit)
    assert forecast.base_of(serviced=None, released=None, invoice_date=invoice) == Base(invoice, 0, first=True)
    assert forecast.base_of(serviced=None, released=None, invoice_date=None) is None


def test_a_first_service_runs_from_the_invoice():
    base = Base(date(2025, 1, 1), 0, first=True)
    found = forecast.due(HALF_YEAR, base, [(date(2025, 2, 1), 2000)], Decimal(100))

    assert (found.operation_id, found.due_on) == (FIRST, date(2025, 2, 1) + timedelta(days=30))


def test_an_unknown_drive_is_guessed_by_the_plate():
    assert forecast.drive_of("unknown", "new_energy") == "electric"
    assert forecast.drive_of("unknown", "ordinary") == "petrol"
    assert forecast.drive_of("diesel", "new_energy") == "diesel"


def test_the_pace_of_a_model_needs_ten_cars():
    many, few = [Decimal(n) for n in range(10, 20)], [Decimal(90)] * 9

    assert forecast.median_pace({("a", "b"): many, ("a", "c"): few}) == {
        ("a", "b"): Decimal("14.50"),
        ("", ""): Decimal("19.00"),
    }
