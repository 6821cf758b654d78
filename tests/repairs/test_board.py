"""What the controller sees: free time, ranked people, lanes over the day, and what waits in which order."""

from datetime import datetime, time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse

from core import clock
from core.clock import local_day
from reception.models import CheckIn
from repairs import domain as repairs
from repairs.choices import JobState, PauseReason
from repairs.models import Job
from repairs.queries import board as boards
from repairs.queries import suggest
from repairs.queries.free import business_spans, end_after, first_gap
from stores.choices import Skill
from stores.models import Bay, CalendarDay, OpeningPeriod
from tests import factories

HOUR = timedelta(hours=1)


def at(store, day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=store.tz)


@pytest.fixture
def monday(store):
    """A Monday no holiday falls on."""
    return datetime(2027, 3, 8, tzinfo=store.tz).date()


# --- Gaps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "work", "start", "end"),
    [
        ((9, 0), 1, (9, 0), (10, 0)),
        ((6, 0), 1, (8, 30), (9, 30)),  # before opening
        ((11, 30), 1, (11, 30), (13, 30)),  # the lunch break is no work, but stays taken
        ((12, 15), 1, (13, 0), (14, 0)),  # in the break
        ((9, 1), 1, (9, 5), (10, 5)),  # on a five-minute mark
    ],
)
def test_a_gap_lies_in_business_hours(store, monday, after, work, start, end):
    begin = at(store, monday, *after)

    gap = first_gap(business_spans(store, begin), [], after=begin, work=work * HOUR)

    assert gap == (at(store, monday, *start), at(store, monday, *end))


def test_a_job_that_does_not_fit_today_ends_tomorrow(store, monday):
    begin = at(store, monday, 17, 30)

    gap = first_gap(business_spans(store, begin), [], after=begin, work=HOUR)

    assert gap == (begin, at(store, monday + timedelta(days=1), 9, 0))


def test_a_gap_goes_around_what_is_planned(store, monday):
    begin = at(store, monday, 9)
    busy = [(at(store, monday, 10), at(store, monday, 11)), (at(store, monday, 9), at(store, monday, 9, 30))]

    assert first_gap(business_spans(store, begin), busy, after=begin, work=HOUR)[0] == at(store, monday, 11)
    assert first_gap(business_spans(store, begin), busy, after=begin, work=HOUR / 2)[0] == at(store, monday, 9, 30)


def test_a_store_without_hours_still_plans(store, monday):
    OpeningPeriod.objects.all().delete()
    begin = at(store, monday, 22)

    assert first_gap(business_spans(store, begin), [], after=begin, work=HOUR) == (begin, begin + HOUR)
    assert end_after([], begin, HOUR) == begin + HOUR


# --- Whom to give it ------------------------------------------------------------------------------------------------


def test_people_are_ranked_by_certificate_then_by_free_time_then_by_load(visit, make_visit, give, staff, start):
    busy, free, unable = staff("technician", name="甲"), staff("technician", name="乙"), staff("technician", skills=[])
    give(make_visit("repair", lines=1).lines.get(), to=busy)

    ranked = suggest.rank(visit.lines.first(), work=HOUR, after=start)

    order = [s.technician for s in ranked]
    assert order.index(free) < order.index(busy) < order.index(unable)
    assert [bool(s.problem) for s in ranked] == sorted(bool(s.problem) for s in ranked)
    assert next(s for s in ranked if s.technician == busy).load == HOUR
    assert all(s.reasons for s in ranked)


def test_a_job_that_is_moved_does_not_stand_in_its_own_way(visit, job, technician, start):
    ranked = suggest.rank(job.line, work=HOUR, after=start, but=job)

    assert next(s for s in ranked if s.technician == technician).load == timedelta()


def test_places_put_free_bays_of_the_right_kind_first(visit, give, store, start):
    line = factories.line(
        visit, operation=factories.operation(store, skill=Skill.HIGH_VOLTAGE), consent=factories.consent(visit)
    )
    give(visit.lines.first(), bay=Bay.objects.get(code="J1"))

    choices = suggest.places(line, start=start, end=start + HOUR)

    assert (choices[0].bay.code, choices[0].suits) == ("E1", True)
    assert (choices[-1].bay.code, choices[-1].taken_by.line) == ("J1", visit.lines.first())


# --- The board ------------------------------------------------------------------------------------------------------


def test_what_waits_is_ordered_by_waiting_customer_then_rework_then_promise(make_visit):
    now = clock.now()
    calm = make_visit("repair", lines=1, promised_at=now + 5 * HOUR)
    soon = make_visit("repair", lines=1, promised_at=now + HOUR)
    never = make_visit("repair", lines=1, promised_at=now + 7 * HOUR)
    waits = make_visit("repair", lines=1, waiting=True, promised_at=now + 9 * HOUR)
    again = make_visit("repair", lines=1, round=2, promised_at=now + 8 * HOUR)
    type(never).objects.filter(pk=never.pk).update(promised_at=None)

    assert [line.visit for line in boards.unassigned()] == [waits, again, soon, calm, never]


def test_only_agreed_jobs_of_cars_in_repair_wait_for_dispatch(make_visit, visit, job):
    factories.line(visit, title="没同意")
    make_visit("inspection", lines=1)

    assert [line.pk for line in boards.unassigned()] == [visit.lines.all()[1].pk]


def test_a_job_is_drawn_where_its_time_is(store, visit, technician, controller):
    day = local_day(store.zone) + timedelta(days=1)
    OpeningPeriod.objects.all().delete()
    for weekday in range(7):
        OpeningPeriod.objects.create(store=store, weekday=weekday, opens=time(8), closes=time(12))
        OpeningPeriod.objects.create(store=store, weekday=weekday, opens=time(13), closes=time(18))
    CalendarDay.objects.all().delete()
    begin = at(store, day, 9)
    repairs.dispatch(
        visit.lines.first(),
        technician=technician,
        bay=Bay.objects.get(code="J1"),
        start=begin,
        end=begin + HOUR,
        by=controller,
    )

    shown = boards.board(store, day)

    lane = next(lane for lane in shown.lanes if lane.owner == technician)
    assert (shown.window.hours, shown.window.labels[0]) == (10, (1, "08:00"))
    assert [(b.column, b.width, b.late) for b in lane.blocks] == [(13, 12, False)]
    assert shown.closed == [(49, 12)]
    assert (shown.now, shown.today) == (None, False)
    by_bay = boards.board(store, day, by="bay")
    assert [lane.owner.code for lane in by_bay.lanes if lane.blocks] == ["J1"]


def test_the_window_grows_with_what_is_planned_outside_the_hours(store, visit, technician, controller):
    day = local_day(store.zone) + timedelta(days=1)
    begin = at(store, day, 21, 15)
    repairs.dispatch(visit.lines.first(), technician=technician, start=begin, end=begin + HOUR, by=controller)

    window = boards.board(store, day).window

    assert (window.end.hour, window.place(begin, begin + HOUR)[1]) == (23, 12)


def test_a_job_over_midnight_stays_on_its_day(store, visit, technician, controller):
    day = local_day(store.zone) + timedelta(days=1)
    begin = at(store, day, 23, 30)
    repairs.dispatch(visit.lines.first(), technician=technician, start=begin, end=begin + 10 * HOUR, by=controller)

    first, second = boards.board(store, day), boards.board(store, day + timedelta(days=1))

    assert [[b.width for b in lane.blocks] for lane in first.lanes if lane.blocks] == [[6]]
    assert [[(b.column, b.width) for b in lane.blocks] for lane in second.lanes if lane.blocks] == [[(1, 114)]]
    assert first.window.hours <= 24


def test_yesterdays_unfinished_jobs_are_carried_over(store, job):
    now = clock.now()
    Job.objects.filter(pk=job.pk).update(planned=DateTimeTZRange(now - 30 * HOUR, now - 29 * HOUR))

    assert boards.board(store, local_day(store.zone)).carry_over == [job]


def test_what_a_part_is_missing_for_is_on_the_board(store, job, technician):
    request = repairs.request_parts(job, by=technician)[0]

    assert boards.board(store, local_day(store.zone)).waits == [request]


def test_a_high_voltage_warning_goes_with_the_car(visit, line, job, client_as, controller, technician):
    CheckIn.objects.filter(visit=visit).update(high_voltage_warning=True)

    board, phone = client_as(controller), client_as(technician)

    assert "高压报警" in board.get(reverse("repairs:board")).content.decode()
    assert "高压报警" in board.get(reverse("repairs:dispatch", args=[visit.lines.last().pk])).content.decode()
    assert "高压报警" in phone.get(reverse("repairs:my_jobs")).content.decode()
    assert "高压报警" in phone.get(reverse("repairs:job", args=[job.pk])).content.decode()


@pytest.mark.parametrize("change", ["start", "pause", "move", "withdraw", "request", "car"])
def test_the_state_changes_with_the_board(store, job, visit, technician, controller, start, make_visit, change):
    day = local_day(store.zone)
    if change == "pause":
        repairs.start(job, by=technician)
    before = boards.state(store, day).rsplit("-", 1)[0]

    match change:
        case "start":
            repairs.start(job, by=technician)
        case "pause":
            repairs.pause(job, reason=PauseReason.BREAK, by=technician)
        case "move":
            repairs.move(job, technician=technician, start=start + HOUR, end=start + 2 * HOUR, by=controller)
        case "withdraw":
            repairs.withdraw(job, reason="改派", by=controller)
        case "request":
            repairs.request_parts(job, by=technician)
        case "car":
            make_visit("repair", lines=1)

    assert boards.state(store, day).rsplit("-", 1)[0] != before


def test_a_finished_job_stays_on_its_day_and_a_withdrawn_one_does_not(store, visit, job, controller, technician, start):
    day = local_day(store.zone, start)
    repairs.withdraw(job, reason="改派", by=controller)
    assert all(not lane.blocks for lane in boards.board(store, day).lanes)

    again = repairs.dispatch(visit.lines.first(), technician=technician, start=start, end=start + HOUR, by=controller)
    Job.objects.filter(pk=again.pk).update(state=JobState.DONE, started_at=start, finished_at=start + HOUR)
    assert sum(len(lane.blocks) for lane in boards.board(store, day).lanes) == 1


def test_what_was_done_sooner_leaves_its_lane_free(store, visit, controller, technician, start):
    day = start.astimezone(store.tz).date()
    job = repairs.dispatch(visit.lines.first(), technician=technician, start=start, end=start + 3 * HOUR, by=controller)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, started_at=start, finished_at=start + HOUR)

    (lane,) = [lane for lane in boards.board(store, day).lanes if lane.blocks]

    assert [block.width for block in lane.blocks] == [12]
