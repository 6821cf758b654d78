"""Keeping the counters of the three guarantees: rows from the order, warnings once each.

Lock order: the visit (where a person acts), then the vehicle; all counters of a car change under the vehicle's lock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from core import clock
from core.actors import Actor
from customers.models import Vehicle
from guarantees import counting, queries, rules
from guarantees.choices import AlertKind, ComebackState
from guarantees.events import CourtesyOwed, RepairBegan, RepairCompleted, RepairWithdrawn, Warned
from guarantees.models import Alert, Comeback, Courtesy, GuaranteeRepair, Problem, RepairProblem
from journal.domain import record
from orders.choices import ConsentState, LineKind, LineOrigin, PayType
from orders.models import Line
from stores.models import Store
from visits.models import Visit

COUNTING = Actor.system("guarantees.counting")


@transaction.atomic
def keep(visit: Visit | int) -> GuaranteeRepair | None:
    """Bring the counters of a visit's car in line with its order and inspection, and warn where they call for it.

    The repair lasts from the agreement on the first line the maker pays (or its rework) to the passed final inspection.
    Doing it twice changes nothing. None where the visit has nothing to do with the three guarantees.
    """
    key = getattr(visit, "pk", visit)
    vehicle = lock_vehicle(Visit.objects.values_list("vehicle_id", flat=True).get(pk=key))
    # Read under the lock: who waited for it sees what the other wrote.
    visit = Visit.objects.select_related("store").get(pk=key)
    lines = _quality_lines(visit)
    repair = GuaranteeRepair.objects.filter(visit=visit).first()
    if repair is None and not lines:
        return None
    if repair is None:
        repair = _begin(visit, lines)
    _follow(repair, visit, lines)
    warn(vehicle, about=repair)
    return repair


@transaction.atomic
def warn(vehicle: Vehicle, *, about: GuaranteeRepair | None = None, now: datetime | None = None) -> list[Alert]:
    """Give every warning the car's counters call for and that was not given yet; returns the new ones."""
    now = now or clock.now()
    vehicle = lock_vehicle(vehicle.pk)
    car = queries.car(vehicle, now=now)
    given = {
        (row.kind, row.threshold, row.repair_id or row.problem_id) for row in Alert.objects.filter(vehicle=vehicle)
    }
    missing = [
        due for due in counting.due(car.standing, car.numbers) if (due.kind, due.threshold, due.key) not in given
    ]
    visits = {row.repair.pk: row.repair.visit_id for row in car.rows}
    latest = about.visit_id if about else (car.rows[-1].repair.visit_id if car.rows else None)
    alerts = [_raise(vehicle, due, now, visits.get(due.key, latest)) for due in missing]
    for row in car.rows:
        if row.single and row.single.free is not False and row.single.days > car.numbers.single_days:
            _owe_courtesy(row.repair, car.numbers.single_days)
    return alerts


def sweep(store: Store) -> int:
    """Warn for every car whose repair still lasts: time alone makes their counters grow. Returns the warnings given."""
    running = GuaranteeRepair.objects.filter(store=store, completed_at=None, withdrawn_at=None).select_related(
        "vehicle"
    )
    return sum(len(warn(repair.vehicle, about=repair)) for repair in running.order_by("vehicle_id"))


def lock_vehicle(pk: int) -> Vehicle:
    """The car's row, locked until the transaction ends: its counters change one after the other."""
    return Vehicle.objects.select_for_update(of=("self",), no_key=True).select_related("store").get(pk=pk)


def _quality_lines(visit: Visit) -> list[Line]:
    """Agreed jobs the maker pays, and reworks of such."""
    agreed = (
        visit.lines.filter(consent_state=ConsentState.APPROVED, kind=LineKind.JOB)
        .exclude(origin=LineOrigin.IMPORT)
        .select_related("operation", "consent")
        .order_by("position")
    )
    again = dict(
        Comeback.objects.filter(visit=visit, state=ComebackState.CONFIRMED).values_list("line_id", "root__pay_type")
    )
    return [line for line in agreed if line.pay_type == PayType.WARRANTY or again.get(line.pk) == PayType.WARRANTY]


def _begin(visit: Visit, lines: list[Line]) -> GuaranteeRepair:
    repair = GuaranteeRepair.objects.create(
        store_id=visit.store_id,
        visit=visit,
        vehicle_id=visit.vehicle_id,
        mileage=visit.mileage_in,
        agreed_at=_agreed_at(lines),
    )
    _journal(RepairBegan(repair.pk, visit.vehicle_id, len(lines)), repair)
    return repair


def _agreed_at(lines: list[Line]) -> datetime:
    return min(line.consent.at for line in lines)


def _follow(repair: GuaranteeRepair, visit: Visit, lines: list[Line]) -> None:
    before = (repair.mileage, repair.agreed_at, repair.completed_at, repair.withdrawn_at)
    repair.mileage = visit.mileage_in
    if lines:
        # An earlier agreement is never forgotten: asking again does not make a repair shorter.
        repair.agreed_at, repair.withdrawn_at = min(repair.agreed_at, _agreed_at(lines)), None
    elif repair.withdrawn_at is None:
        repair.withdrawn_at = clock.now()
    done = rules.completed_at(visit)
    repair.completed_at = max(done, repair.agreed_at) if done else None
    after = (repair.mileage, repair.agreed_at, repair.completed_at, repair.withdrawn_at)
    if after != before:
        repair.save(update_fields=["mileage", "agreed_at", "completed_at", "withdrawn_at"])
    _sort_problems(repair, lines)
    if repair.withdrawn_at and not before[3]:
        _journal(RepairWithdrawn(repair.pk, repair.vehicle_id), repair)
    elif repair.completed_at and not before[2]:
        days = counting.repair_days(repair.agreed_at, repair.completed_at)
        _journal(RepairCompleted(repair.pk, repair.vehicle_id, days), repair)


def _sort_problems(repair: GuaranteeRepair, lines: list[Line]) -> None:
    """Each line to its problem: a rework to that of the line it repeats, else the car's problem of the same operation or title."""
    known = set(repair.problems.values_list("line_id", flat=True))
    for line in lines:
        if line.pk not in known:
            RepairProblem.objects.create(
                store_id=repair.store_id, repair=repair, problem=_problem_of(repair, line), line=line
            )
    # A line that is the customer's by now counts no more; one a manager has sorted stays as the record of it.
    gone = repair.problems.exclude(line__in=lines).filter(regrouped_at=None)
    if lines:
        gone.delete()


def _problem_of(repair: GuaranteeRepair, line: Line) -> Problem:
    repeated = RepairProblem.objects.filter(
        line__in=Comeback.objects.filter(line=line, state=ComebackState.CONFIRMED).values("original")
    ).first()
    if repeated:
        return repeated.problem
    same = Problem.objects.filter(vehicle_id=repair.vehicle_id)
    same = same.filter(operation=line.operation) if line.operation_id else same.filter(title=line.title)
    return same.order_by("pk").first() or Problem.objects.create(
        store_id=repair.store_id,
        vehicle_id=repair.vehicle_id,
        operation=line.operation,
        title=line.title,
        created_at=clock.now(),
    )


def _raise(vehicle: Vehicle, due: counting.Due, now: datetime, visit_id: int | None) -> Alert:
    alert = Alert.objects.create(
        store_id=vehicle.store_id,
        vehicle=vehicle,
        kind=due.kind,
        threshold=due.threshold,
        repair_id=due.key if due.kind == AlertKind.SINGLE else None,
        problem_id=due.key if due.kind == AlertKind.SAME else None,
        right=due.right,
        raised_at=now,
    )
    record(
        Warned(alert.pk, vehicle.pk, str(due.kind), due.threshold, due.right),
        store_id=vehicle.store_id,
        subject=alert,
        visit_id=visit_id,
        by=COUNTING,
        at=now,
    )
    return alert


def _owe_courtesy(repair: GuaranteeRepair, after_days: int) -> None:
    courtesy, made = Courtesy.objects.get_or_create(
        repair=repair,
        defaults={"store_id": repair.store_id, "owed_from": repair.agreed_at + timedelta(days=after_days)},
    )
    if made:
        record(
            CourtesyOwed(courtesy.pk, repair.pk),
            store_id=repair.store_id,
            subject=courtesy,
            visit_id=repair.visit_id,
            by=COUNTING,
        )


def _journal(evt, repair: GuaranteeRepair) -> None:
    record(evt, store_id=repair.store_id, subject=repair, visit_id=repair.visit_id, by=COUNTING)
