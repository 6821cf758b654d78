"""Business time, against a reference that asks minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from stores import calendar, seeds
from stores.choices import DayKind
from stores.models import CalendarDay, OpeningPeriod, Store

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
MONDAY = date(2026, 11, 23)


def local(day: date, text: str, zone=SHANGHAI) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), tzinfo=zone)


def hours(store, day):
    return [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in calendar.periods(store, day)]


def test_a_weekday_has_a_lunch_break_and_sunday_has_none(store):
    assert hours(store, MONDAY) == [("08:30", "12:00"), ("13:00", "18:00")]
    assert hours(store, date(2026, 11, 22)) == [("09:00", "17:00")]


def test_national_holiday_is_closed(store):
    assert hours(store, date(2026, 10, 1)) == []


def test_working_weekend_is_worked_as_the_weekday_it_pays_for(store):
    # 20 September 2026 is a Sunday worked for the National Day holiday: as a Monday, not by Sunday's hours.
    assert hours(store, date(2026, 9, 20)) == [("08:30", "12:00"), ("13:00", "18:00")]
    assert CalendarDay.objects.get(day=date(2026, 9, 20)).follows_weekday == 0


def test_special_hours_go_before_the_weekday(store):
    CalendarDay.objects.create(store=store, day=MONDAY, kind=DayKind.SPECIAL, opens=time(10), closes=time(11, 30))

    assert hours(store, MONDAY) == [("10:00", "11:30")]


def test_periods_that_overlap_or_touch_count_once(store):
    OpeningPeriod.objects.filter(weekday=0).delete()
    for opens, closes in [("13:00", "15:00"), ("09:00", "12:00"), ("11:00", "13:00")]:
        OpeningPeriod.objects.create(
            store=store, weekday=0, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)
        )

    assert hours(store, MONDAY) == [("09:00", "15:00")]


@pytest.mark.parametrize(
    ("at", "minutes", "expected_day", "expected"),
    [
        ("10:00", 60, MONDAY, "11:00"),
        ("11:30", 60, MONDAY, "13:30"),  # over lunch
        ("11:30", 30, MONDAY, "12:00"),  # ends with the period, not after the break
        ("12:15", 0, MONDAY, "12:15"),
        ("12:15", 1, MONDAY, "13:01"),
        ("17:30", 60, date(2026, 11, 24), "09:00"),  # over night
        ("05:00", 510, MONDAY, "18:00"),
        ("05:00", 511, date(2026, 11, 24), "08:31"),
    ],
)
def test_adding_business_time(store, at, minutes, expected_day, expected):
    result = calendar.add_business_time(store, local(MONDAY, at), minutes * MINUTE)

    assert result == local(expected_day, expected)


def test_a_clock_started_before_a_holiday_goes_on_after_it(store):
    # 30 September 2026, 17:30; closed until 7 October; the 8th is a Thursday.
    result = calendar.add_business_time(store, local(date(2026, 9, 30), "17:30"), 60 * MINUTE)

    assert result == local(date(2026, 10, 8), "09:00")


def test_a_store_that_never_opens_says_so(store):
    OpeningPeriod.objects.all().delete()

    with pytest.raises(DomainError) as refused:
        calendar.add_business_time(store, local(MONDAY, "10:00"), MINUTE)

    assert refused.value.code == "never_open"


def test_time_is_never_taken_away(store):
    with pytest.raises(ValueError):
        calendar.add_business_time(store, local(MONDAY, "10:00"), -MINUTE)


def test_business_minutes_backwards_are_negative(store):
    a, b = local(MONDAY, "11:30"), local(MONDAY, "13:30")

    assert (calendar.business_minutes(store, a, b), calendar.business_minutes(store, b, a)) == (60.0, -60.0)


def test_open_is_half_open(store):
    assert calendar.is_open(store, local(MONDAY, "08:30")) is True
    assert calendar.is_open(store, local(MONDAY, "12:00")) is False
    assert calendar.is_open(store, local(MONDAY, "08:30").astimezone(UTC)) is True


def test_a_change_of_clocks_does_not_stretch_the_day(store):
    # Berlin sets its clocks back in the night to 25 October 2026: that Sunday has 25 hours.
    Store.objects.filter(pk=store.pk).update(zone="Europe/Berlin")
    store.refresh_from_db()
    CalendarDay.objects.create(store=store, day=date(2026, 10, 25), kind=DayKind.SPECIAL, opens=time(0), closes=time(6))
    berlin = ZoneInfo("Europe/Berlin")
    a, b = local(date(2026, 10, 25), "00:00", berlin), local(date(2026, 10, 25), "06:00", berlin)

    assert calendar.business_minutes(store, a, b) == 7 * 60
    assert calendar.add_business_time(store, a, timedelta(hours=7)) == b


def test_two_queries_for_one_day_and_few_for_a_long_way(store, django_assert_num_queries):
    with django_assert_num_queries(2):
        calendar.periods(store, MONDAY)
    with django_assert_num_queries(1 + 3):
        calendar.business_minutes(store, local(MONDAY, "10:00"), local(MONDAY + timedelta(days=100), "10:00"))


def test_a_year_without_dates_is_reported_from_october_on(store):
    assert calendar.unknown_years(store, today=date(2026, 9, 30)) == []
    assert calendar.unknown_years(store, today=date(2026, 10, 1)) == [2027]


def test_holidays_of_an_unpublished_year_are_refused(store):
    with pytest.raises(ValueError):
        seeds.holidays(store, 2099)


def test_entering_holidays_again_keeps_what_the_store_changed(store):
    CalendarDay.objects.filter(day=date(2026, 10, 1)).update(kind=DayKind.SPECIAL, opens=time(10), closes=time(12))

    seeds.holidays(store, 2026)

    assert hours(store, date(2026, 10, 1)) == [("10:00", "12:00")]


# --- Any calendar, against a reference that walks minute by minute --------------------------------------------------

DAYS = [MONDAY + timedelta(days=n) for n in range(5)]
minutes_of_day = st.integers(0, 23 * 60 + 59)


@st.composite
def spans(draw):
    a, b = sorted(draw(st.tuples(minutes_of_day, minutes_of_day).filter(lambda pair: pair[0] != pair[1])))
    return time(a // 60, a % 60), time(b // 60, b % 60)


weeks = st.dictionaries(st.integers(0, 6), st.lists(spans(), max_size=3))
special_days = st.dictionaries(
    st.sampled_from(DAYS),
    st.one_of(
        st.just((DayKind.HOLIDAY, None)),
        st.tuples(st.just(DayKind.WORKING), st.integers(0, 6)),
        st.tuples(st.just(DayKind.SPECIAL), spans()),
    ),
)
moments = st.integers(0, len(DAYS) * 24 * 60 - 1)


class MadeUp(calendar.Calendar):
    """A calendar from memory, so that hundreds of them need no database."""

    def __init__(self, week, days):
        super().__init__(Store(zone="Asia/Shanghai"))
        self._week = week
        self._days = {
            day: CalendarDay(
                day=day,
                kind=kind,
                follows_weekday=detail if kind == DayKind.WORKING else None,
                opens=detail[0] if kind == DayKind.SPECIAL else None,
                closes=detail[1] if kind == DayKind.SPECIAL else None,
            )
            for day, (kind, detail) in days.items()
        }

    def _special(self, day):
        return self._days.get(day)


def open_minutes(week, days) -> list[bool]:
    """Reference: for each minute of the five days, is any period over it?"""
    result = []
    for day in DAYS:
        kind, detail = days.get(day, (None, None))
        spans_of_day = week.get(day.weekday(), [])
        if kind == DayKind.HOLIDAY:
            spans_of_day = []
        elif kind == DayKind.WORKING:
            spans_of_day = week.get(detail, [])
        elif kind == DayKind.SPECIAL:
            spans_of_day = [detail]
        for minute in range(24 * 60):
            clock = time(minute // 60, minute % 60)
            result.append(any(opens <= clock < closes for opens, closes in spans_of_day))
    return result


def at_minute(n: int) -> datetime:
    return local(DAYS[0], "00:00") + n * MINUTE


@settings(max_examples=150, deadline=None)
@given(weeks, special_days, moments, moments)
def test_between_counts_the_open_minutes(week, days, a, b):
    reference = open_minutes(week, days)
    a, b = sorted((a, b))

    assert MadeUp(week, days).between(at_minute(a), at_minute(b)) == sum(reference[a:b]) * MINUTE


@settings(max_examples=150, deadline=None)
@given(weeks, special_days, moments, st.integers(1, 2000))
def test_add_arrives_with_the_last_open_minute(week, days, start, length):
    reference = open_minutes(week, days)
    passed, expected = 0, None
    for minute in range(start, len(reference)):
        passed += reference[minute]
        if passed == length:
            expected = minute + 1
            break
    if expected is None:
        return  # it runs on beyond the reference's days
    made_up = MadeUp(week, days)

    result = made_up.add(at_minute(start), length * MINUTE)

    assert result == at_minute(expected)
    assert made_up.between(at_minute(start), result) == length * MINUTE


@settings(max_examples=100, deadline=None)
@given(weeks, special_days, moments)
def test_open_when_the_minute_is_open(week, days, n):
    assert MadeUp(week, days).is_open(at_minute(n)) == open_minutes(week, days)[n]
