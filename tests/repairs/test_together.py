"""Several people on a job, work outside, shifts, and the second signature of key steps."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from orders.choices import LineWork
from repairs import domain as repairs
from repairs import gates
from repairs.choices import JobState, PauseReason, SubletState
from repairs.models import Job, JobShare, ShiftEntry, StepResult
from repairs.queries.board import _lanes, _window, state
from repairs.queries.jobs import jobs, jobs_of
from repairs.queries.shares import days, sold_hours
from repairs.queries.suggest import free_at, rank
from stores.choices import LeaveKind, Skill
from stores.models import Leave
from tests import factories

HOUR = timedelta(hours=1)


@pytest.fixture
def helper(staff):
    return staff("technician", name="刘洋")


@pytest.fixture
def shared(give, line, helper):
    return give(line, helpers={helper: 30})


# --- Shares ---------------------------------------------------------------------------------------------------------


def test_sold_hours_are_divided_by_share_and_add_up(shared, technician, helper):
    shared.line.hours = Decimal("1.01")
    shared = Job.objects.prefetch_related("shares").select_related("line").get(pk=shared.pk)
    shared.line.hours = Decimal("1.01")

    assert sold_hours(shared) == {technician.pk: Decimal("0.71"), helper.pk: Decimal("0.30")}


def test_each_has_a_clock_and_the_last_one_pauses_the_job(shared, technician, helper):
    repairs.start(shared, by=helper)
    repairs.join(shared, by=technician)
    repairs.pause(shared, reason=PauseReason.BREAK, by=technician)
    shared.refresh_from_db()
    assert shared.state == JobState.STARTED

    repairs.pause(shared, reason=PauseReason.BREAK, by=helper)

    shared.refresh_from_db()
    assert (shared.state, shared.clock.count()) == (JobState.PAUSED, 2)


def test_only_its_own_technician_finishes_a_job(shared, helper):
    repairs.start(shared, by=helper)

    with pytest.raises(NotAllowed):
        repairs.finish(shared, by=helper)


def test_a_helper_is_planned_once(shared, give, visit, helper, technician, staff, start, controller, bay):
    second = visit.lines.last()
    with pytest.raises(Conflict) as refusal:
        give(second, to=helper)
    assert refusal.value.code == "technician_taken"
    with pytest.raises(Conflict):
        give(second, to=staff("technician"), helpers={helper: 20})

    # The trigger moves his time with the job.
    repairs.move(shared, technician=technician, start=start + 3 * HOUR, end=start + 4 * HOUR, by=controller)
    assert JobShare.objects.get().planned.lower == start + 3 * HOUR
    assert give(second, to=helper).technician == helper
    assert set(jobs_of(helper)) == set(Job.objects.all())


def test_the_database_refuses_a_helper_in_two_places(shared, give, visit, staff, helper):
    other = give(visit.lines.last(), to=staff("technician"))

    with pytest.raises(IntegrityError, match="repairs_helper_free"), transaction.atomic():
        JobShare.objects.create(
            store=other.store, job=other, technician=helper, percent=10, planned=other.planned, live=True
        )


@pytest.mark.parametrize("percents", [(60, 40), (100, 1), (0, 10)])
def test_something_is_left_for_the_jobs_technician(give, line, helper, staff, percents):
    with pytest.raises(DomainError) as refusal:
        give(line, helpers=dict(zip((helper, staff("technician")), percents, strict=True)))
    assert refusal.value.code == "share"


def test_who_learns_may_help_but_not_at_what_is_safety_critical(give, make_visit, store, staff):
    learner = staff("technician", skills=())
    lines = []
    for fields in ({}, {"key_operation": True}):
        visit = make_visit("repair", lines=0)
        operation = factories.operation(store, **fields)
        lines.append(factories.line(visit, operation=operation, consent=factories.consent(visit)))

    assert give(lines[0], helpers={learner: 10}).shares.get().technician == learner
    with pytest.raises(DomainError) as refusal:
        give(lines[1], after=2, helpers={learner: 10})
    assert refusal.value.code == "not_certified"


def test_nobody_is_planned_while_he_is_away(give, line, store, technician, start):
    Leave.objects.create(
        store=store, staff=technician, kind=LeaveKind.TRAINING, during=DateTimeTZRange(start, start + HOUR / 2)
    )

    with pytest.raises(DomainError) as refusal:
        give(line)
    assert refusal.value.code == "away"
    assert free_at(line, start=start, end=start + HOUR) is None
    (suggestion,) = rank(line, work=HOUR, after=start)
    assert suggestion.start == start + HOUR / 2


def test_the_board_draws_helpers_and_changes_with_them(shared, helper, store, technician, line):
    midnight = shared.planned.lower.astimezone(store.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    of_day = list(jobs())
    lanes = _lanes(of_day, _window([], of_day, midnight), by="technician", now=clock.now())
    drawn = {lane.owner: [block.percent for block in lane.blocks] for lane in lanes}
    assert drawn == {technician: [0], helper: [30]}

    with time_machine.travel(clock.now(), tick=False):
        before = state(store, midnight.date())
        repairs.come(by=helper)
        assert state(store, midnight.date()) != before


# --- Outside --------------------------------------------------------------------------------------------------------


def test_work_outside_and_back(visit, line, controller):
    sublet = repairs.send_out(line, supplier="精益钣喷", due_at=clock.now() + HOUR, cost=Decimal("300"), by=controller)
    line.refresh_from_db()
    assert line.work == LineWork.STARTED
    assert any("精益钣喷" in blocker for blocker in gates.leave_repair(visit))
    with pytest.raises(Conflict) as refusal:
        repairs.send_out(line, supplier="另一家", due_at=clock.now() + HOUR, by=controller)
    assert refusal.value.code == "outside"

    repairs.change_sublet(sublet, due_at=clock.now() + 2 * HOUR, cost=Decimal("320"), by=controller)
    repairs.receive_back(sublet, note="色差、缝隙已检查", by=controller)

    line.refresh_from_db()
    sublet.refresh_from_db()
    assert (line.work, sublet.state, sublet.cost) == (LineWork.DONE, SubletState.BACK, Decimal("320.00"))
    # Sent back from inspection, it can be given to anybody again.
    assert repairs.reopen(line, round=2, by=controller) is None
    line.refresh_from_db()
    assert line.work == LineWork.OPEN


def test_called_off_it_can_be_dispatched(line, controller, give):
    sublet = repairs.send_out(line, supplier="精益钣喷", due_at=clock.now() + HOUR, by=controller)
    repairs.call_off(sublet, reason="供应商没有时间", by=controller)

    assert give(line).state == JobState.DISPATCHED


# --- Shifts ---------------------------------------------------------------------------------------------------------


def test_who_works_on_a_car_is_here_and_goes_after_pausing_it(job, technician, store):
    at = clock.now()
    with time_machine.travel(at, tick=False) as traveller:
        repairs.come(by=technician)
        traveller.shift(HOUR)
        repairs.start(job, by=technician)
        with pytest.raises(Conflict) as refusal:
            repairs.go(by=technician)
        assert refusal.value.code == "clock_running"
        traveller.shift(HOUR)
        repairs.pause(job, reason=PauseReason.END_OF_SHIFT, by=technician)
        repairs.go(by=technician)

        (day,) = days([technician], at, clock.now())
    assert (day.present, day.clocked, day.productive) == (2 * HOUR, HOUR, 0.5)
    assert ShiftEntry.objects.count() == 1


# --- Key steps ------------------------------------------------------------------------------------------------------


@pytest.fixture
def braked(make_visit, store, give, technician):
    """A job in work whose one key step is filled."""
    visit = make_visit("repair", lines=0)
    operation = factories.operation(store, steps=1, key_operation=True)
    operation.steps.update(key_step=True)
    job = give(factories.line(visit, operation=operation, consent=factories.consent(visit)))
    repairs.start(job, by=technician)
    repairs.fill_step(job, operation.steps.get(), by=technician)
    return job


def test_a_key_step_takes_a_second_qualified_person(braked, technician, staff):
    result = StepResult.objects.get()
    with pytest.raises(DomainError) as refusal:
        repairs.finish(braked, by=technician)
    assert refusal.value.code == "signature_missing"
    for person in (technician, staff("technician", skills=(Skill.PAINT,)), staff("advisor")):
        with pytest.raises(NotAllowed):
            repairs.sign_step(result, by=person)

    other = staff("technician")
    assert repairs.sign_step(result, by=other).signed_by == other
    assert repairs.finish(braked, by=technician).state == JobState.DONE


def test_an_inspector_signs_but_not_high_voltage(braked, staff):
    result, inspector = StepResult.objects.get(), staff("inspector")
    operation = braked.line.operation
    operation.skill = Skill.HIGH_VOLTAGE
    operation.save(update_fields=["skill"])
    with pytest.raises(NotAllowed):
        repairs.sign_step(result, by=inspector)
    operation.skill = Skill.MECHANICAL
    operation.save(update_fields=["skill"])

    assert repairs.sign_step(result, by=inspector).signed_by == inspector


def test_a_corrected_entry_is_signed_anew(braked, technician, staff):
    other = staff("technician")
    repairs.sign_step(StepResult.objects.get(), by=other)
    repairs.fill_step(braked, braked.line.operation.steps.get(), by=technician)

    assert StepResult.objects.get().signed_by is None


def test_the_database_knows_that_nobody_signs_his_own_work(braked, technician):
    with pytest.raises(IntegrityError, match="repairs_step_signed_by_another"), transaction.atomic():
        StepResult.objects.update(signed_by=technician, signed_at=clock.now())
