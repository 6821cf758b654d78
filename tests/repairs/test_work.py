"""The technician's clock and steps."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from catalogue.choices import StepKind
from catalogue.models import WorkStep
from core import clock
from core.errors import Conflict, DomainError, GateClosed, NotAllowed
from core.stages import Stage
from journal.models import Event
from orders.choices import ConsentState, LineWork
from repairs import domain as repairs
from repairs.choices import JobState, PauseReason
from repairs.models import ClockEntry, StepResult
from repairs.queries.jobs import clocked, steps
from tests import factories
from tests.pictures import jpeg


@pytest.fixture
def measured(visit, give, technician):
    """A job in work whose operation has one step of each kind; `steps` by kind."""

    def make(**operation):
        row = factories.operation(visit.store, steps=0, **operation)
        kinds = {
            kind: WorkStep.objects.create(
                store=visit.store, operation=row, position=n, kind=kind, name_zh=f"步骤{n}", unit="N·m", low=25, high=35
            )
            for n, kind in enumerate(StepKind, 1)
        }
        line = factories.line(visit, operation=row, consent=factories.consent(visit))
        return repairs.start(give(line), by=technician), kinds

    return make


def fill_all(job, by):
    for state in steps(job):
        repairs.fill_step(job, state.step, by=by)


def test_start_runs_the_clock_and_marks_the_line(job, technician):
    repairs.start(job, by=technician)

    job.refresh_from_db()
    job.line.refresh_from_db()
    entry = ClockEntry.objects.get()
    assert (job.state, job.line.work) == (JobState.STARTED, LineWork.STARTED)
    assert (entry.technician, entry.stopped_at, entry.started_at) == (technician, None, job.started_at)
    assert Event.objects.filter(name="repairs.job_started", visit_id=job.line.visit_id).count() == 1


def test_only_the_jobs_technician_starts_it(job, staff, controller):
    for somebody in (staff("technician"), controller):
        with pytest.raises(NotAllowed) as refusal:
            repairs.start(job, by=somebody)
        assert "王强" in str(refusal.value)
    assert ClockEntry.objects.count() == 0


def test_one_clock_per_technician_and_the_refusal_says_which_runs(visit, started, give, technician):
    second = give(visit.lines.last(), after=1)

    with pytest.raises(Conflict) as refusal:
        repairs.start(second, by=technician)

    assert refusal.value.code == "clock_running"
    assert all(word in str(refusal.value) for word in (started.line.title, visit.vehicle.plate))
    assert ClockEntry.objects.count() == 1


def test_starting_twice_is_a_conflict(started, technician):
    with pytest.raises(Conflict) as refusal:
        repairs.start(started, by=technician)

    assert refusal.value.code == "wrong_state"


def test_consent_that_is_gone_stops_the_work(job, technician):
    # What the advisor's change of an agreed price leaves: the line is not covered by the customer's word any more.
    type(job.line).objects.filter(pk=job.line_id).update(
        work=LineWork.OPEN, consent_state=ConsentState.DRAFT, consent=None
    )

    with pytest.raises(DomainError) as refusal:
        repairs.start(job, by=technician)

    assert refusal.value.code == "no_consent"
    assert ClockEntry.objects.count() == 0


def test_pause_and_resume_keep_every_stretch_of_work(job, technician):
    begin = clock.now()
    with time_machine.travel(begin, tick=False) as now:
        repairs.start(job, by=technician)
        now.shift(timedelta(minutes=20))
        paused = repairs.pause(job, reason=PauseReason.PARTS, by=technician)
        now.shift(timedelta(minutes=60))
        resumed = repairs.resume(job, by=technician)
        now.shift(timedelta(minutes=10))
        assert (paused.state, paused.pause_reason) == (JobState.PAUSED, "parts")
        assert (resumed.state, resumed.pause_reason) == (JobState.STARTED, "")
        assert clocked(resumed) == timedelta(minutes=30)

    assert list(ClockEntry.objects.order_by("id").values_list("stop_reason", flat=True)) == ["parts", ""]
    assert Event.objects.get(name="repairs.job_paused").data["seconds"] == 20 * 60


def test_a_paused_job_lets_another_one_start(visit, started, give, technician):
    repairs.pause(started, reason=PauseReason.CUSTOMER, by=technician)
    second = give(visit.lines.last(), after=1)

    assert repairs.start(second, by=technician).state == JobState.STARTED
    with pytest.raises(Conflict):
        repairs.resume(started, by=technician)


@pytest.mark.parametrize("reason", ["", "lunch?"])
def test_a_pause_has_one_of_the_reasons(started, technician, reason):
    with pytest.raises(DomainError) as refusal:
        repairs.pause(started, reason=reason, by=technician)

    assert refusal.value.code == "reason_missing"
    started.refresh_from_db()
    assert started.state == JobState.STARTED


def test_whoever_dispatches_stops_a_forgotten_clock_but_a_colleague_does_not(started, controller, staff):
    with pytest.raises(NotAllowed):
        repairs.pause(started, reason=PauseReason.END_OF_SHIFT, by=staff("technician"))

    assert repairs.pause(started, reason=PauseReason.END_OF_SHIFT, by=controller).state == JobState.PAUSED


def test_finish_needs_every_required_step_and_names_the_missing_ones(started, technician):
    first, second = (state.step for state in steps(started))
    repairs.fill_step(started, first, by=technician)

    with pytest.raises(DomainError) as refusal:
        repairs.finish(started, by=technician)

    assert refusal.value.code == "steps_missing"
    assert second.name in str(refusal.value)
    assert first.name not in str(refusal.value)
    started.refresh_from_db()
    assert started.state == JobState.STARTED


def test_finish_stops_the_clock_and_writes_cause_and_correction(started, technician):
    fill_all(started, technician)

    repairs.finish(started, by=technician, cause="刹车片磨损至 2 毫米", correction="更换前刹车片")

    started.refresh_from_db()
    line = started.line
    line.refresh_from_db()
    assert (started.state, started.clock.get().stopped_at is not None) == (JobState.DONE, True)
    assert (line.work, line.cause, line.correction) == (LineWork.DONE, "刹车片磨损至 2 毫米", "更换前刹车片")
    assert line.work_done_at is not None
    event = Event.objects.get(name="repairs.job_finished")
    assert (event.data["technician_id"], event.data["sold_hours"], event.data["round"]) == (technician.pk, "1.00", 1)


def test_what_was_never_started_cannot_be_finished(job, technician):
    with pytest.raises(Conflict) as refusal:
        repairs.finish(job, by=technician)

    assert refusal.value.code == "wrong_state"


def test_a_step_is_filled_only_while_its_technician_works(job, technician, staff):
    step = steps(job)[0].step
    with pytest.raises(Conflict):
        repairs.fill_step(job, step, by=technician)
    repairs.start(job, by=technician)
    with pytest.raises(NotAllowed):
        repairs.fill_step(job, step, by=staff("technician"))

    assert StepResult.objects.count() == 0
    assert repairs.fill_step(job, step, by=technician).by == technician


def test_another_operations_step_is_refused(started, technician, store):
    strange = factories.operation(store).steps.first()

    with pytest.raises(DomainError) as refusal:
        repairs.fill_step(started, strange, by=technician)

    assert refusal.value.code == "other_step"


@pytest.mark.parametrize(
    ("value", "reason", "excused"), [("25", "", False), ("35", "", False), ("36.5", "工具只到这里", True)]
)
def test_a_value_is_in_range_or_has_a_reason(measured, technician, value, reason, excused):
    job, kinds = measured()

    result = repairs.fill_step(job, kinds["value"], by=technician, value=Decimal(value), reason=reason)

    assert (result.value, bool(result.out_of_range_reason)) == (Decimal(value), excused)
    assert Event.objects.get(name="repairs.step_filled").data["excused"] is excused


@pytest.mark.parametrize(
    ("kind", "entry", "code"),
    [
        ("value", {"value": Decimal("24.99")}, "out_of_range"),
        ("value", {"value": Decimal("30.123")}, "precision"),
        ("value", {}, "empty"),
        ("text", {"text": "  "}, "empty"),
        ("photo", {}, "empty"),
    ],
)
def test_an_entry_that_says_nothing_is_refused(measured, technician, kind, entry, code):
    job, kinds = measured()

    with pytest.raises(DomainError) as refusal:
        repairs.fill_step(job, kinds[kind], by=technician, **entry)

    assert refusal.value.code == code
    assert StepResult.objects.count() == 0


def test_a_reason_in_range_is_not_kept_as_an_excuse(measured, technician):
    job, kinds = measured()

    assert (
        repairs.fill_step(job, kinds["value"], by=technician, value=Decimal(30), reason="多写的").out_of_range_reason
        == ""
    )


def test_a_photo_step_keeps_the_picture(measured, technician):
    job, kinds = measured()

    result = repairs.fill_step(job, kinds["photo"], by=technician, photo=jpeg())

    assert (result.photo.kind, result.photo.visit_id) == ("work_step", job.line.visit_id)


def test_what_is_no_picture_is_refused(measured, technician):
    job, kinds = measured()

    with pytest.raises(DomainError) as refusal:
        repairs.fill_step(job, kinds["photo"], by=technician, photo=b"GIF89a not a picture")

    assert refusal.value.code == "not_a_picture"


def test_a_step_may_be_left_out_with_its_reason(measured, technician):
    job, kinds = measured()
    left_out = repairs.fill_step(job, kinds["tick"], by=technician, reason="车型没有此项")
    assert left_out.out_of_range_reason == "车型没有此项"


def test_a_safety_critical_step_is_never_left_out(measured, technician):
    job, kinds = measured(key_operation=True)

    for kind in StepKind:
        with pytest.raises(DomainError) as refusal:
            repairs.fill_step(job, kinds[kind], by=technician, reason="没时间")
        assert refusal.value.code == "key_step"


def test_filling_again_corrects_and_is_journalled_as_such(measured, technician):
    job, kinds = measured()
    repairs.fill_step(job, kinds["value"], by=technician, value=Decimal(26))
    repairs.fill_step(job, kinds["value"], by=technician, value=Decimal(30))

    assert StepResult.objects.get().value == Decimal(30)
    assert [e.data["corrected"] for e in Event.objects.filter(name="repairs.step_filled").order_by("id")] == [
        False,
        True,
    ]


def test_a_line_without_operation_has_no_steps(visit, give, technician):
    line = factories.line(visit, title="检查异响", consent=factories.consent(visit))
    job = repairs.start(give(line), by=technician)

    assert repairs.finish(job, by=technician).state == JobState.DONE


def test_the_car_goes_to_inspection_when_everything_is_done(make_visit, staff):
    visit = make_visit("repair", lines=1, job="done")

    assert repairs.to_inspection(visit, by=staff("technician")).stage == Stage.INSPECTION


def test_the_gate_keeps_an_unfinished_car(visit, job, technician):
    with pytest.raises(GateClosed) as refusal:
        repairs.to_inspection(visit, by=technician)

    assert any(job.line.title in sentence for sentence in refusal.value.blockers)
    visit.refresh_from_db()
    assert visit.stage == Stage.REPAIR
