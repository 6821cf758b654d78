"""What people decide about the counters: each with its reason, nothing erased."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.money import money
from guarantees.choices import CourtesyKind, ExclusionKind
from guarantees.domain.counters import lock_vehicle, warn
from guarantees.events import (
    CourtesySettled,
    ExclusionWithdrawn,
    ProblemRegrouped,
    RecordCompleted,
    TimeExcluded,
    WarningHandled,
)
from guarantees.models import Alert, Courtesy, Exclusion, GuaranteeRepair, Problem, RepairProblem
from journal.domain import record
from stores.models import Staff

EDIT = "guarantees.edit"


@transaction.atomic
def exclude(repair: GuaranteeRepair, *, kind: ExclusionKind | str, hours: Decimal, reason: str, by: Staff) -> Exclusion:
    """Leave hours of a repair out of the cumulative time (art. 24), with the reason.

    DomainError for more hours than the repair has lasted, together with what is left out already. Warnings that were given
    stay.
    """
    _may(by)
    lock_vehicle(repair.vehicle_id)
    repair = GuaranteeRepair.objects.get(pk=repair.pk)
    hours, reason = money(hours), reason.strip()
    if kind not in ExclusionKind.values:
        raise DomainError(_("Choose what does not count."), code="kind_missing")
    if not reason:
        raise DomainError(_("Say why these hours do not count."), code="reason_missing")
    if hours <= 0:
        raise DomainError(_("Enter how many hours do not count."), code="hours_missing")
    lasted = Decimal(((repair.completed_at or clock.now()) - repair.agreed_at).total_seconds()) / 3600
    before = sum(repair.exclusions.filter(withdrawn_at=None).values_list("hours", flat=True), Decimal(0))
    if before + hours > lasted:
        raise DomainError(
            _(
                "The repair has lasted %(lasted)s hours, of which %(before)s are left out already; more cannot be left out."
            )
            % {"lasted": f"{lasted:.1f}", "before": before},
            code="too_many_hours",
        )
    exclusion = Exclusion.objects.create(
        store_id=repair.store_id, repair=repair, kind=kind, hours=hours, reason=reason[:200], by=by, at=clock.now()
    )
    _journal(TimeExcluded(exclusion.pk, str(kind), hours), exclusion, repair, by)
    return exclusion


@transaction.atomic
def withdraw_exclusion(exclusion: Exclusion, *, by: Staff) -> Exclusion:
    """The hours count again; the row stays. Warnings that become due by it are given at once."""
    _may(by)
    vehicle = lock_vehicle(exclusion.repair.vehicle_id)
    exclusion = Exclusion.objects.select_for_update(of=("self",)).select_related("repair").get(pk=exclusion.pk)
    if exclusion.withdrawn_at:
        raise Conflict(_("These hours count again already."))
    exclusion.withdrawn_at, exclusion.withdrawn_by = clock.now(), by
    exclusion.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _journal(ExclusionWithdrawn(exclusion.pk, exclusion.hours), exclusion, exclusion.repair, by)
    warn(vehicle, about=exclusion.repair)
    return exclusion


@transaction.atomic
def regroup(row: RepairProblem, *, problem: Problem | None, title: str = "", reason: str, by: Staff) -> RepairProblem:
    """Put a repaired line to another problem of the same car, or to a new one called `title`; the reason stays with it."""
    _may(by)
    vehicle = lock_vehicle(row.repair.vehicle_id)
    row = RepairProblem.objects.select_related("repair").get(pk=row.pk)
    if not reason.strip():
        raise DomainError(_("Say why this repair belongs to another problem."), code="reason_missing")
    if problem is None:
        if not title.strip():
            raise DomainError(_("Choose a problem or name a new one."), code="problem_missing")
        problem = Problem.objects.create(
            store_id=row.store_id, vehicle=vehicle, title=title.strip()[:120], created_at=clock.now()
        )
    if problem.vehicle_id != vehicle.pk:
        raise DomainError(_("This problem belongs to another car."), code="other_car")
    former = row.problem_id
    row.problem, row.regrouped_by, row.regrouped_at = problem, by, clock.now()
    row.regroup_reason = reason.strip()[:200]
    row.save(update_fields=["problem", "regrouped_by", "regrouped_at", "regroup_reason"])
    _journal(ProblemRegrouped(row.line_id, problem.pk, former), row.repair, row.repair, by)
    warn(vehicle, about=row.repair)
    return row


@transaction.atomic
def handle_alert(alert: Alert, *, note: str, by: Staff) -> Alert:
    """Say what was done about a warning; it leaves the managers' home and stays in the car's file."""
    _may(by)
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if alert.handled_at:
        raise Conflict(_("Somebody has looked after this warning already."))
    if not note.strip():
        raise DomainError(_("Say what was done."), code="note_missing")
    alert.handled_at, alert.handled_by, alert.note = clock.now(), by, note.strip()[:200]
    alert.save(update_fields=["handled_at", "handled_by", "note"])
    visit_id = alert.repair.visit_id if alert.repair_id else _latest_visit(alert)
    record(
        WarningHandled(alert.pk, str(alert.kind), alert.threshold),
        store_id=alert.store_id,
        subject=alert,
        visit_id=visit_id,
        by=by,
    )
    return alert


def _latest_visit(alert: Alert) -> int | None:
    rows = GuaranteeRepair.objects.filter(vehicle=alert.vehicle_id).order_by("-agreed_at")
    return rows.values_list("visit_id", flat=True).first()


@transaction.atomic
def settle_courtesy(
    courtesy: Courtesy, *, kind: CourtesyKind | str, by: Staff, amount: Decimal | None = None, note: str = ""
) -> Courtesy:
    """The customer has his loan car or his travel costs, or wants neither (which needs his words as the note)."""
    if not (by.may("guarantees.view") or by.may(EDIT)):
        raise NotAllowed(_("Your role does not decide about loan cars."))
    courtesy = Courtesy.objects.select_for_update(of=("self",)).select_related("repair").get(pk=courtesy.pk)
    if courtesy.settled_at:
        raise Conflict(_("This is settled already."))
    if kind not in CourtesyKind.values:
        raise DomainError(_("Say what the customer gets."), code="kind_missing")
    if kind == CourtesyKind.COMPENSATION and not (amount and amount > 0):
        raise DomainError(_("Enter the travel costs that are paid."), code="amount_missing")
    if kind == CourtesyKind.DECLINED and not note.strip():
        raise DomainError(_("Write down in the customer's words that he wants neither."), code="note_missing")
    courtesy.kind, courtesy.note = kind, note.strip()[:200]
    courtesy.amount = money(amount) if kind == CourtesyKind.COMPENSATION else None
    courtesy.settled_at, courtesy.settled_by = clock.now(), by
    courtesy.save(update_fields=["kind", "note", "amount", "settled_at", "settled_by"])
    _journal(CourtesySettled(courtesy.pk, str(kind), courtesy.amount), courtesy, courtesy.repair, by)
    return courtesy


@transaction.atomic
def note_towing(repair: GuaranteeRepair, *, fee: Decimal, by: Staff) -> GuaranteeRepair:
    """Write the towing costs into the repair record (art. 17), also when there were none."""
    lock_vehicle(repair.vehicle_id)
    repair = GuaranteeRepair.objects.get(pk=repair.pk)
    if fee is None or fee < 0:
        raise DomainError(_("Enter the towing costs; 0 where there were none."), code="fee_missing")
    repair.towing_fee = money(fee)
    repair.save(update_fields=["towing_fee"])
    _journal(RecordCompleted(repair.pk, repair.towing_fee), repair, repair, by)
    return repair


def _may(by: Staff) -> None:
    if not by.may(EDIT):
        raise NotAllowed(_("Only a manager changes what counts towards the three guarantees."))


def _journal(evt, subject, repair: GuaranteeRepair, by: Staff) -> None:
    record(evt, store_id=repair.store_id, subject=subject, visit_id=repair.visit_id, by=by)
