"""The three levels: order, persons, checklist, and what a fail does."""

import pytest

from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from inspections import domain as inspections
from inspections import gates, queries
from inspections.choices import Level, Verdict, WashState
from inspections.models import Certificate, Inspection, Wash
from journal.models import Event
from orders.choices import LineWork
from repairs.choices import JobState
from repairs.models import Job
from standards import domain as standards
from tests import factories
from tests.checklists import filled_run, good_results


def names(visit):
    return list(Event.objects.filter(visit_id=visit.pk).order_by("id").values_list("name", flat=True))


def test_three_passes_by_three_people_queue_the_wash(make_visit, give, team):
    visit = make_visit("inspection")

    for level in Level:
        give(visit, level)

    visit.refresh_from_db()
    assert visit.stage == Stage.WASH
    rows = list(visit.inspections.values_list("level", "inspector", "verdict", "round"))
    assert rows == [
        (1, team.worker.pk, "pass", 1),
        (2, team.other.pk, "pass", 1),
        (3, team.inspector.pk, "pass", 1),
    ]
    assert visit.wash.state == WashState.QUEUED
    assert [n for n in names(visit) if n != "standards.run_completed"] == [
        "inspections.inspected",
        "inspections.inspected",
        "inspections.inspected",
        "visits.stage_entered",
        "inspections.wash_queued",
    ]
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("level", [Level.CROSS, Level.FINAL])
def test_no_level_is_skipped(make_visit, give, level):
    visit = make_visit("inspection")

    with pytest.raises(Conflict) as refused:
        give(visit, level)

    assert refused.value.code == "order"
    assert not visit.inspections.exists()


def test_a_level_is_recorded_once(make_visit, give):
    visit = make_visit("inspection")
    give(visit, Level.SELF)

    with pytest.raises(Conflict) as refused:
        give(visit, Level.SELF)

    assert refused.value.code == "done"
    assert visit.inspections.count() == 1


def test_the_self_check_belongs_to_the_main_technician(make_visit, give, team):
    visit = make_visit("inspection")

    with pytest.raises(NotAllowed) as refused:
        give(visit, Level.SELF, by=team.other)

    assert team.worker.name in str(refused.value)
    assert not visit.inspections.exists()


def test_the_main_technician_has_the_most_hours(make_visit, team):
    visit = make_visit("inspection", lines=3)
    helper_line = visit.lines.last()
    Job.objects.filter(line=helper_line).update(technician=team.other)

    assert queries.main_technician(visit) == team.worker
    assert queries.workers(visit) == {team.worker.pk, team.other.pk}


def test_somebody_else_who_worked_checks_when_the_main_technician_has_left(make_visit, give, team):
    visit = make_visit("inspection", lines=3)
    Job.objects.filter(line=visit.lines.last()).update(technician=team.other)
    team.worker.active = False
    team.worker.save()

    give(visit, Level.SELF, by=team.other)

    assert visit.inspections.get().inspector == team.other


def test_nobody_does_two_levels(make_visit, give, team):
    visit = make_visit("inspection")
    give(visit, Level.SELF)

    with pytest.raises(NotAllowed):
        give(visit, Level.CROSS, by=team.worker)

    assert visit.inspections.count() == 1


def test_the_controller_may_cross_check(make_visit, give, team):
    visit = make_visit("inspection")
    give(visit, Level.SELF)

    give(visit, Level.CROSS, by=team.controller)

    assert visit.inspections.get(level=2).inspector == team.controller


def test_the_final_inspector_did_no_work_on_the_car(make_visit, give, team):
    visit = make_visit("inspection", lines=3)
    Job.objects.filter(line=visit.lines.last()).update(technician=team.inspector)
    give(visit, Level.SELF)
    give(visit, Level.CROSS)

    with pytest.raises(NotAllowed):
        give(visit, Level.FINAL)
    give(visit, Level.FINAL, by=team.second_inspector)

    visit.refresh_from_db()
    assert visit.stage == Stage.WASH


def test_a_technician_does_no_final_inspection(make_visit, give, team, staff):
    visit = make_visit("inspection")
    give(visit, Level.SELF)
    give(visit, Level.CROSS)

    with pytest.raises(NotAllowed):
        give(visit, Level.FINAL, by=staff("technician"))


def test_a_pass_needs_a_complete_checklist(make_visit, team):
    visit = make_visit("inspection")
    run = standards.start_run(use="self_check", visit_id=visit.pk, by=team.worker)

    for given in (run, None):
        with pytest.raises(DomainError):
            inspections.inspect(visit, level=1, by=team.worker, run=given, verdict="pass")

    assert not visit.inspections.exists()


def test_a_failed_item_does_not_pass(make_visit, team):
    visit = make_visit("inspection")
    run = filled_run(visit, "self_check", team.worker, fail=1)

    with pytest.raises(DomainError) as refused:
        inspections.inspect(visit, level=1, by=team.worker, run=run, verdict="pass")

    assert refused.value.code == "failures"


def test_a_value_out_of_range_does_not_pass_even_with_a_note(make_visit, give, team):
    visit = make_visit("inspection")
    give(visit, Level.SELF)
    give(visit, Level.CROSS)
    results = good_results("final_check")
    run = standards.start_run(use="final_check", visit_id=visit.pk, by=team.inspector)
    item = next(i for i in run.checklist.items.all() if i.kind == "value" and i.high is not None)
    results[item.pk] = {"state": "ok", "value": item.high + 5, "note": "再量一次"}
    standards.fill(run, results, by=team.inspector)
    run = standards.complete(run, by=team.inspector)

    with pytest.raises(DomainError) as refused:
        inspections.inspect(visit, level=3, by=team.inspector, run=run, verdict="pass")

    assert item.name in str(refused.value)


def test_a_run_of_another_car_round_or_person_does_not_count(make_visit, team):
    visit, other = make_visit("inspection"), make_visit("inspection")
    foreign = filled_run(other, "self_check", team.worker)
    wrong_use = filled_run(visit, "cross_check", team.worker)
    not_his = filled_run(visit, "self_check", team.other)

    for run, error in ((foreign, DomainError), (wrong_use, DomainError), (not_his, NotAllowed)):
        with pytest.raises(error):
            inspections.inspect(visit, level=1, by=team.worker, run=run, verdict="pass")


@pytest.mark.parametrize("level", list(Level))
def test_a_fail_at_any_level_sends_the_car_back_with_its_line(make_visit, give, team, level):
    visit = make_visit("inspection")
    line = visit.lines.last()
    for earlier in Level:
        if earlier < level:
            give(visit, earlier)

    failed = give(visit, level, Verdict.FAIL, reason="漏油", line=line)

    visit.refresh_from_db()
    line.refresh_from_db()
    assert (visit.stage, visit.round, failed.round) == (Stage.REPAIR, 2, 1)
    assert (failed.reason, failed.line) == ("漏油", line)
    assert line.work == LineWork.DISPATCHED
    job = Job.objects.get(line=line, round=2)
    assert (job.technician, job.state) == (team.worker, JobState.DISPATCHED)
    assert [row.work for row in visit.lines.exclude(pk=line.pk)] == [LineWork.DONE]


def test_a_fail_needs_its_reason_and_its_job(make_visit, team):
    visit = make_visit("inspection", lines=2)
    fields = {"level": 1, "by": team.worker, "run": None, "verdict": "fail"}

    with pytest.raises(DomainError) as no_reason:
        inspections.inspect(visit, **fields, reason="  ", line=visit.lines.first())
    with pytest.raises(DomainError) as no_line:
        inspections.inspect(visit, **fields, reason="漏油")
    foreign = make_visit("inspection").lines.first()
    with pytest.raises(DomainError) as other_line:
        inspections.inspect(visit, **fields, reason="漏油", line=foreign)

    codes = [error.value.code for error in (no_reason, no_line, other_line)]
    assert codes == ["reason_missing", "line_missing", "line_not_done"]
    visit.refresh_from_db()
    assert (visit.stage, visit.inspections.count()) == (Stage.INSPECTION, 0)


def test_the_only_job_need_not_be_named(make_visit, team):
    visit = make_visit("inspection", lines=1)

    failed = inspections.inspect(visit, level=1, by=team.worker, run=None, verdict="fail", reason="漏油")

    assert failed.line == visit.lines.get()


def test_after_rework_every_level_is_done_again(make_visit, give, team):
    visit = make_visit("inspection", lines=1)
    give(visit, Level.SELF)
    give(visit, Level.CROSS, Verdict.FAIL)
    visit.refresh_from_db()
    assert visit.stage == Stage.REPAIR
    line = visit.lines.get()
    Job.objects.filter(line=line, round=2).update(
        state=JobState.DONE, started_at=visit.arrived_at, finished_at=visit.stage_since
    )
    line.work, line.work_done_at = LineWork.DONE, visit.stage_since
    line.save()
    visit.stage = Stage.INSPECTION
    visit.save()

    with pytest.raises(Conflict):
        give(visit, Level.CROSS)
    for level in Level:
        give(visit, level)

    visit.refresh_from_db()
    assert visit.stage == Stage.WASH
    assert Inspection.objects.filter(visit=visit).count() == 5


def test_a_car_elsewhere_is_not_inspected(make_visit, team):
    visit = make_visit("repair", job="started")

    with pytest.raises(Conflict) as refused:
        inspections.inspect(visit, level=1, by=team.worker, run=None, verdict="fail", reason="x")

    assert refused.value.code == "stage"


def test_a_stale_form_is_refused(make_visit, give):
    visit = make_visit("inspection")
    with pytest.raises(Conflict):
        give(visit, Level.SELF, version=visit.version + 1)


@pytest.mark.parametrize("category", ["second_level", "assembly", "whole"])
def test_the_law_wants_a_certificate_for_large_repairs(make_visit, give, team, category):
    visit = make_visit("inspection")
    order = factories.order(visit)
    order.category = category
    order.save()

    for level in Level:
        give(visit, level)

    certificate = Certificate.objects.get(visit=visit)
    assert (certificate.inspector, certificate.mileage) == (team.inspector, visit.mileage_in)
    assert certificate.number.startswith("HG")


def test_gates_say_what_is_missing(make_visit, give):
    visit = make_visit("inspection")
    assert len(gates.leave_inspection(visit)) == 3
    give(visit, Level.SELF)
    assert len(gates.leave_inspection(visit)) == 2
    assert len(gates.send_back(visit)) == 1


def test_inspect_filled_does_checklist_and_verdict_in_one(make_visit, team):
    visit = make_visit("inspection")

    done = inspections.inspect_filled(
        visit, level=1, results=good_results("self_check"), verdict="pass", by=team.worker
    )

    assert done.run.completed_at is not None
    with pytest.raises(DomainError):
        inspections.inspect_filled(visit, level=2, results={}, verdict="pass", by=team.other)
    assert visit.inspections.count() == 1


def test_somebody_elses_begun_checklist_may_be_taken_over(make_visit, team, staff):
    visit = make_visit("inspection")
    inspections.inspect_filled(visit, level=1, results=good_results("self_check"), verdict="pass", by=team.worker)
    run = inspections.begin(visit, level=2, by=team.controller)
    assert inspections.begin(visit, level=2, by=team.other) == run

    done = inspections.inspect_filled(
        visit, level=2, results=good_results("cross_check"), verdict="pass", by=team.other
    )

    assert (done.inspector, done.run) == (team.other, run)


def test_a_customer_who_wanted_no_wash_is_told_at_once(make_visit, give):
    visit = make_visit("inspection")
    visit.check_in.wash = "no"
    visit.check_in.save()

    for level in Level:
        give(visit, level)

    visit.refresh_from_db()
    wash = Wash.objects.get(visit=visit)
    assert (visit.stage, wash.state, wash.waive_reason) == (Stage.HANDOVER, WashState.WAIVED, "customer")
    assert visit.ready_at is not None
