"""What a car in the house takes of the capacity ledger, after every change of work."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db.models import Sum

from appointments.choices import ClaimSource, Resource
from appointments.models import Claim
from core import clock
from core.stages import Stage
from journal.testing import drain
from orders import domain as orders
from orders.choices import ConsentState
from repairs import domain as repairs
from repairs import tasks
from repairs.choices import JobState, PauseReason
from repairs.models import Job
from repairs.queries.floor import outlook
from tests import factories
from visits.models import Visit

HOUR = timedelta(hours=1)


@pytest.fixture
def morning(store, technician):
    """A Monday at nine, no holiday: the store is open till evening, one technician is here."""
    with time_machine.travel(datetime(2027, 3, 8, 9, tzinfo=store.tz), tick=False) as traveller:
        yield traveller


def claimed(visit, resource=Resource.TECHNICIAN) -> dict:
    """{(source, local day): minutes} of a visit."""
    rows = Claim.objects.filter(visit=visit, bucket__resource=resource).values_list("source", "bucket__ledger_day__day")
    return {(source, f"{day:%m-%d}"): total for source, day, total in rows.annotate(total=Sum("amount"))}


def test_work_in_the_house_takes_its_sold_hours(morning, staff, visit, line, give):
    give(line)

    assert claimed(visit) == {(ClaimSource.WORK, "03-08"): 120}
    assert claimed(visit, Resource.BAY) == {(ClaimSource.WORK, "03-08"): 120}


def test_who_was_not_booked_walked_in(morning, visit, line, give):
    Visit.objects.filter(pk=visit.pk).update(due_in_at=None)
    give(line)

    assert claimed(visit) == {(ClaimSource.WALK_IN, "03-08"): 120}


def test_finished_work_gives_its_time_back(morning, technician, visit, line, give):
    repairs.finish(_filled(repairs.start(give(line), by=technician), technician), by=technician)

    assert claimed(visit) == {(ClaimSource.WORK, "03-08"): 60}


def _filled(job, technician):
    for step in job.line.operation.steps.all():
        repairs.fill_step(job, step, by=technician)
    return job


def test_what_was_clocked_is_taken_off_and_a_late_job_needs_more(morning, technician, visit, line, give):
    job = repairs.start(give(line), by=technician)
    morning.shift(HOUR / 2)
    assert [need.minutes for need in outlook(visit).needs] == [90]
    morning.shift(HOUR * 2)

    assert [need.minutes for need in outlook(visit).needs] == [60 + 15]
    assert job.state == JobState.STARTED


def test_ordered_parts_move_the_work_to_the_day_they_come(morning, technician, clerk, make_visit, store, give):
    visit = make_visit("repair", lines=0)
    line = factories.line(visit, parts=[factories.part(store, stock=0)], consent=factories.consent(visit))
    (request,) = repairs.request_parts(give(line), by=technician)
    assert claimed(visit) == {(ClaimSource.PARTS_WAIT, "03-09"): 60}

    repairs.order_parts(request, expected_on=date(2027, 3, 11), by=clerk)
    assert claimed(visit) == {(ClaimSource.PARTS_WAIT, "03-11"): 60}

    repairs.parts_arrived(request, by=clerk)
    assert claimed(visit) == {(ClaimSource.WORK, "03-08"): 60}


def test_an_open_question_to_the_customer_keeps_its_time(morning, make_visit):
    visit = make_visit("repair", lines=0)
    factories.line(visit, consent_state=ConsentState.ASKED, hours=Decimal("2.00"))

    repairs.replan(visit)

    assert claimed(visit) == {(ClaimSource.APPROVAL_WAIT, "03-08"): 120}


def test_what_is_outside_takes_nothing(morning, controller, visit):
    for line in visit.lines.all():
        repairs.send_out(line, supplier="精益钣喷", due_at=clock.now() + 5 * HOUR, by=controller)

    assert claimed(visit) == {}


def test_what_is_not_done_today_is_carried_over(morning, store, technician, visit, line, give):
    repairs.start(give(line), by=technician)
    with time_machine.travel(datetime(2027, 3, 8, 22, tzinfo=store.tz), tick=False):
        tasks.carry_over()

        job = Job.objects.get()
        assert (job.state, job.pause_reason) == (JobState.PAUSED, PauseReason.END_OF_SHIFT)
        assert job.clock.get().stopped_at == datetime.combine(clock.now(), time(18), tzinfo=store.tz)
        assert technician.shifts.get().stopped_at == job.clock.get().stopped_at
    with time_machine.travel(datetime(2027, 3, 9, 0, 7, tzinfo=store.tz), tick=False):
        tasks.carry_over()

        assert claimed(visit) == {(ClaimSource.CARRY_OVER, "03-09"): 75}


def test_nobody_is_sent_home_who_began_after_closing_time(morning, store, technician, visit, line, give):
    job = give(line)
    with time_machine.travel(datetime(2027, 3, 8, 19, tzinfo=store.tz), tick=False):
        repairs.start(job, by=technician)
    with time_machine.travel(datetime(2027, 3, 8, 22, tzinfo=store.tz), tick=False):
        tasks.carry_over()

        assert Job.objects.get().state == JobState.STARTED


def test_a_car_that_has_left_the_workshop_takes_nothing(morning, visit, line, give):
    give(line)
    Visit.objects.filter(pk=visit.pk).update(stage=Stage.HANDOVER, ready_at=clock.now())

    repairs.replan(visit)

    assert claimed(visit) == {}


def test_what_the_customer_agrees_to_is_planned_by_a_reaction(morning, make_visit, staff):
    visit = make_visit("repair", lines=0)
    drain()
    assert claimed(visit) == {}
    orders.add_line(visit, title="更换雨刮片", hours=Decimal("0.50"), by=staff("advisor"))
    drain()

    assert claimed(visit) == {(ClaimSource.APPROVAL_WAIT, "03-08"): 30}
