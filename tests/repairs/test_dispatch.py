"""Giving lines to technicians and bays: who may, when, and what stands in the way."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Conflict, DomainError
from journal.models import Event
from orders.choices import ConsentState, LineKind, LineWork
from repairs import domain as repairs
from repairs.choices import JobState
from repairs.models import Job
from stores.choices import BayKind, Skill
from stores.models import Bay
from tests import factories

HOUR = timedelta(hours=1)


def give(line, technician, start, controller, **fields):
    return repairs.dispatch(line, technician=technician, start=start, end=start + HOUR, by=controller, **fields)


def test_dispatch_makes_a_job_and_journals_it(line, technician, bay, start, controller):
    job = give(line, technician, start, controller, bay=bay, note="先看刹车")

    line.refresh_from_db()
    assert (job.state, job.technician, job.bay, job.round, job.note) == (
        JobState.DISPATCHED,
        technician,
        bay,
        1,
        "先看刹车",
    )
    assert (job.planned.lower, job.planned.upper) == (start, start + HOUR)
    assert line.work == LineWork.DISPATCHED
    event = Event.objects.get(name="repairs.job_dispatched")
    assert (event.visit_id, event.actor.id, event.data["technician_id"]) == (
        line.visit_id,
        controller.pk,
        technician.pk,
    )
    assert event.sentence


@pytest.mark.parametrize("state", [ConsentState.DRAFT, ConsentState.ASKED, ConsentState.DECLINED])
def test_a_line_without_consent_is_not_dispatched(visit, technician, start, controller, state):
    line = factories.line(visit, title="换刹车片", consent_state=state)

    with pytest.raises(DomainError) as refusal:
        give(line, technician, start, controller)

    line.refresh_from_db()
    assert refusal.value.code == "no_consent"
    assert "换刹车片" in str(refusal.value)
    assert (line.work, Job.objects.count()) == (LineWork.OPEN, 0)


def test_the_database_refuses_work_without_consent(visit):
    line = factories.line(visit)

    with pytest.raises(IntegrityError, match="orders_work_needs_consent"), transaction.atomic():
        type(line).objects.filter(pk=line.pk).update(work=LineWork.DISPATCHED)


def test_a_fee_is_no_work(visit, technician, start, controller):
    fee = factories.line(visit, kind=LineKind.DIAGNOSIS, consent=factories.consent(visit))

    with pytest.raises(DomainError) as refusal:
        give(fee, technician, start, controller)

    assert refusal.value.code == "no_work"


def test_a_line_is_dispatched_once_and_the_refusal_names_who_has_it(line, technician, staff, start, controller):
    give(line, technician, start, controller)

    with pytest.raises(Conflict) as refusal:
        give(line, staff("technician"), start + 3 * HOUR, controller)

    assert refusal.value.code == "dispatched"
    assert "王强" in str(refusal.value)
    assert Job.objects.count() == 1


def test_an_expired_certificate_is_refused_by_name(visit, staff, start, controller):
    operation = factories.operation(visit.store, skill=Skill.HIGH_VOLTAGE, key_operation=True)
    line = factories.line(visit, operation=operation, consent=factories.consent(visit))
    person = staff("technician", name="李四", skills=[Skill.HIGH_VOLTAGE])
    person.qualifications.update(valid_until=start.date() - timedelta(days=1))

    with pytest.raises(DomainError) as refusal:
        give(line, person, start, controller)

    assert refusal.value.code == "not_certified"
    assert "李四" in str(refusal.value)
    assert f"{start.date() - timedelta(days=1):%Y-%m-%d}" in str(refusal.value)
    assert Job.objects.count() == 0


def test_a_certificate_counts_through_its_last_day(visit, staff, start, controller):
    operation = factories.operation(visit.store, skill=Skill.HIGH_VOLTAGE)
    line = factories.line(visit, operation=operation, consent=factories.consent(visit))
    person = staff("technician", skills=[Skill.HIGH_VOLTAGE])
    last_day = (start + HOUR).astimezone(visit.store.tz).date()
    person.qualifications.update(valid_until=last_day)

    assert give(line, person, start, controller).technician == person


def test_a_skill_nobody_certified_is_refused(visit, staff, start, controller):
    line = factories.line(
        visit, operation=factories.operation(visit.store, skill=Skill.PAINT), consent=factories.consent(visit)
    )

    with pytest.raises(DomainError) as refusal:
        give(line, staff("technician"), start, controller)

    assert refusal.value.code == "not_certified"


@pytest.mark.parametrize(("role", "active"), [("advisor", True), ("technician", False)])
def test_only_a_technician_at_work_gets_a_job(line, staff, start, controller, role, active):
    person = staff(role, skills=[Skill.MECHANICAL])
    type(person).objects.filter(pk=person.pk).update(active=active)

    with pytest.raises(DomainError) as refusal:
        give(line, person, start, controller)

    assert refusal.value.code == "not_a_technician"


def test_another_stores_technician_and_bay_are_refused(line, technician, other_store, start, controller):
    stranger = factories.staff(other_store, "technician")
    their_bay = Bay._base_manager.filter(store=other_store).first()

    with pytest.raises(DomainError) as refusal:
        give(line, stranger, start, controller)
    assert refusal.value.code == "other_store"
    with pytest.raises(DomainError) as refusal:
        give(line, technician, start, controller, bay=their_bay)
    assert refusal.value.code == "other_store"


def test_a_taken_bay_is_named_with_who_is_in_it(visit, make_visit, technician, staff, bay, start, controller):
    first = visit.lines.first()
    give(first, technician, start, controller, bay=bay)
    second = make_visit("repair", lines=1).lines.get()

    with pytest.raises(Conflict) as refusal:
        give(second, staff("technician"), start + HOUR / 2, controller, bay=bay)

    assert refusal.value.code == "bay_taken"
    assert all(word in str(refusal.value) for word in ("J1", "王强", first.title, visit.vehicle.plate))


def test_bay_and_technician_are_free_again_at_the_very_end(visit, make_visit, technician, bay, start, controller):
    give(visit.lines.first(), technician, start, controller, bay=bay)
    second = make_visit("repair", lines=1).lines.get()

    assert give(second, technician, start + HOUR, controller, bay=bay).bay == bay


def test_a_busy_technician_is_named_with_what_he_has(visit, make_visit, technician, start, controller):
    first, second = visit.lines.all()
    give(first, technician, start, controller)

    with pytest.raises(Conflict) as refusal:
        give(second, technician, start + HOUR / 2, controller)

    assert refusal.value.code == "technician_taken"
    assert all(word in str(refusal.value) for word in ("王强", first.title))


@pytest.mark.parametrize(("shift", "length", "code"), [(0, 0, "order"), (0, -1, "order"), (-30, 1, "past")])
def test_times_that_cannot_be(line, technician, controller, start, shift, length, code):
    begin = start + timedelta(hours=shift)

    with pytest.raises(DomainError) as refusal:
        repairs.dispatch(line, technician=technician, start=begin, end=begin + length * HOUR, by=controller)

    assert refusal.value.code == code


def test_only_a_car_in_repair_is_dispatched(make_visit, technician, start, controller):
    line = make_visit("inspection", lines=1).lines.get()

    with pytest.raises(Conflict) as refusal:
        give(line, technician, start, controller)

    assert refusal.value.code == "not_in_repair"


def test_a_bay_out_of_use_is_refused(line, technician, bay, start, controller):
    Bay.objects.filter(pk=bay.pk).update(active=False)

    with pytest.raises(DomainError) as refusal:
        give(line, technician, start, controller, bay=bay)

    assert refusal.value.code == "bay_inactive"


def test_a_job_moves_to_another_technician_bay_and_time(line, technician, staff, bay, start, controller):
    job = give(line, technician, start, controller, bay=bay)
    other, lift = staff("technician"), Bay.objects.get(code="J2")

    moved = repairs.move(
        job, technician=other, bay=lift, start=start + HOUR, end=start + 2 * HOUR, by=controller, version=job.version
    )

    assert (moved.pk, moved.technician, moved.bay, moved.planned.lower) == (job.pk, other, lift, start + HOUR)
    event = Event.objects.get(name="repairs.job_moved")
    assert (event.data["technician_id"], event.data["former_technician_id"]) == (other.pk, technician.pk)


def test_a_job_may_be_moved_within_its_own_time(line, technician, bay, start, controller):
    job = give(line, technician, start, controller, bay=bay)

    moved = repairs.move(
        job, technician=technician, bay=bay, start=start + HOUR / 2, end=start + 2 * HOUR, by=controller
    )

    assert moved.planned.upper == start + 2 * HOUR


def test_a_stale_move_is_refused(line, technician, start, controller):
    job = give(line, technician, start, controller)
    seen = job.version
    repairs.move(job, technician=technician, start=start + HOUR, end=start + 2 * HOUR, by=controller, version=seen)

    with pytest.raises(Conflict) as refusal:
        repairs.move(job, technician=technician, start=start, end=start + HOUR, by=controller, version=seen)

    assert refusal.value.code == "stale"
    assert Job.objects.get().planned.lower == start + HOUR


def test_a_job_in_work_keeps_its_technician(line, technician, staff, start, controller):
    job = give(line, technician, start, controller)
    repairs.start(job, by=technician)

    with pytest.raises(Conflict) as refusal:
        repairs.move(job, technician=staff("technician"), start=start, end=start + HOUR, by=controller)

    assert refusal.value.code == "running"


def test_withdrawn_the_line_can_be_dispatched_again(line, technician, staff, start, controller):
    job = give(line, technician, start, controller)

    repairs.withdraw(job, reason="技师请假", by=controller)

    line.refresh_from_db()
    job.refresh_from_db()
    assert (job.state, job.withdrawn_reason, line.work) == (JobState.WITHDRAWN, "技师请假", LineWork.OPEN)
    again = give(line, staff("technician"), start, controller)
    assert (again.round, Job.objects.count()) == (1, 2)


def test_withdrawing_needs_a_reason_and_a_stopped_clock(line, technician, start, controller):
    job = give(line, technician, start, controller)

    with pytest.raises(DomainError) as refusal:
        repairs.withdraw(job, reason=" ", by=controller)
    assert refusal.value.code == "reason_missing"
    repairs.start(job, by=technician)
    with pytest.raises(Conflict) as refusal:
        repairs.withdraw(job, reason="改派", by=controller)
    assert refusal.value.code == "not_withdrawable"


def test_a_failed_inspection_opens_a_new_round_for_who_did_it(make_visit, technician, staff):
    visit = make_visit("inspection", lines=1, technician=technician, round=2)
    type(visit).objects.filter(pk=visit.pk).update(stage="repair")
    line = visit.lines.get()
    inspector = staff("inspector")

    job = repairs.reopen(line, round=2, by=inspector)

    line.refresh_from_db()
    assert (job.round, job.technician, job.state, job.bay) == (2, technician, JobState.DISPATCHED, None)
    assert (line.work, line.work_done_at) == (LineWork.DISPATCHED, None)
    assert repairs.reopen(line, round=2, by=inspector) == job
    assert job.planned.lower >= clock.now() - timedelta(minutes=5)


def test_what_was_never_finished_is_not_sent_back(line, staff):
    with pytest.raises(Conflict) as refusal:
        repairs.reopen(line, round=2, by=staff("inspector"))

    assert refusal.value.code == "not_done"


def test_a_line_plans_its_sold_hours_and_half_an_hour_at_least(visit):
    assert repairs.work_of(factories.line(visit, hours=Decimal("1.50"))) == timedelta(minutes=90)
    assert repairs.work_of(factories.line(visit, hours=Decimal("0.10"))) == timedelta(minutes=30)


def test_the_seeded_store_has_a_bay_of_each_kind(store):
    assert set(Bay.objects.values_list("kind", flat=True)) == {kind.value for kind in BayKind}
