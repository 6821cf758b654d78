"""Opening a visit and moving it: the one door through which a stage changes.

Lock order of the whole product: visit, then its lines, then jobs and requests, then stock. Whoever follows it cannot deadlock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError, GateClosed, NotAllowed
from core.stages import ENDS, IN_STORE, Stage
from customers.models import Customer, Vehicle
from journal.domain import entry, record, record_many
from stores.models import Staff, Store
from stores.numbers import next_number
from visits import journey
from visits.choices import Origin
from visits.events import (
    AdvisorChanged,
    CarReady,
    CarReleased,
    StageEntered,
    VisitOpened,
)
from visits.models import Visit
from visits.rules import may_take

# Fields of the visit that a stage may stamp while it moves the visit on.
STAMPS = {
    "advisor",
    "arrived_at",
    "due_in_at",
    "handed_over_at",
    "mileage_in",
    "next_update_due_at",
    "ready_at",
    "released_at",
    "waiting",
}


@transaction.atomic
def open_visit(
    *,
    store: Store,
    customer: Customer,
    vehicle: Vehicle,
    by: Actor | HasActor,
    stage: Stage = Stage.BOOKING,
    advisor: Staff | None = None,
    due_in_at: datetime | None = None,
    waiting: bool = False,
    token: UUID | None = None,
) -> Visit:
    """Open a visit at booking, or at reception for a customer who came without one.

    `token` is the form's one-time token: the same token again returns the visit it made (a double submit is harmless).
    Conflict if the car is in the house already.
    """
    if token and (made := Visit.objects.filter(request_token=token).first()):
        return made
    return place_visit(
        store=store,
        customer=customer,
        vehicle=vehicle,
        by=by,
        stage=stage,
        advisor=advisor,
        due_in_at=due_in_at,
        waiting=waiting,
        token=token,
    )


def place_visit(
    *,
    store: Store,
    customer: Customer,
    vehicle: Vehicle,
    by: Actor | HasActor,
    stage: Stage = Stage.BOOKING,
    advisor: Staff | None = None,
    due_in_at: datetime | None = None,
    waiting: bool = False,
    token: UUID | None = None,
) -> Visit:
    """`open_visit` for a domain function that has a transaction and has looked for the token itself: three statements.

    A refusal must end the caller's transaction; it is not to be caught inside.
    """
    if stage not in (Stage.BOOKING, Stage.RECEPTION):
        raise DomainError(_("A visit begins at booking or at reception."))
    now = clock.now()
    visit = Visit(
        store=store,
        number=next_number(store, "RO", at=now),
        customer=customer,
        vehicle=vehicle,
        advisor=advisor,
        stage=stage,
        stage_since=now,
        opened_at=now,
        due_in_at=due_in_at,
        waiting=waiting,
        request_token=token,
    )
    if stage == Stage.RECEPTION:
        visit.arrived_at = now
        visit.next_update_due_at = now + timedelta(minutes=store.update_every_minutes)
    _insert(visit)
    record(
        VisitOpened(
            stage=stage,
            customer_id=customer.pk,
            vehicle_id=vehicle.pk,
            advisor_id=advisor.pk if advisor else None,
        ),
        store_id=store.pk,
        subject=visit,
        visit_id=visit.pk,
        by=by,
        at=now,
    )
    return visit


def _insert(visit: Visit) -> None:
    # Without a savepoint: what is raised here ends the transaction, or the savepoint, that `open_visit` began.
    try:
        visit.save(force_insert=True)
    except IntegrityError as error:
        if "visits_one_in_house" in str(error):
            raise _already_here(visit) from error
        if "visits_visit_token" in str(error):
            raise Conflict(_("This form was sent twice; the first one counts. Reload the page to see it.")) from error
        raise


def _already_here(visit: Visit) -> Conflict:
    return Conflict(_("This car is in the store already; open its visit instead of making a second one."))


def lock(visit: Visit | int, *, version: int | None = None) -> Visit:
    """The visit's row, fresh and locked until the transaction ends. `version` is the one the person's form was made
    from: Conflict if somebody changed the visit since."""
    key = getattr(visit, "pk", visit)
    locked = Visit.objects.select_for_update(of=("self",), no_key=True).select_related("store").get(pk=key)
    if version is not None and version != locked.version:
        raise Conflict(
            _("Somebody else changed this visit meanwhile. Your entries are kept; reload to see the change.")
        )
    return locked


@transaction.atomic
def advance(
    visit: Visit,
    *,
    to: Stage,
    by: Actor | HasActor,
    reason: str = "",
    version: int | None = None,
    stamp: dict | None = None,
) -> Visit:
    """Move a visit to another stage; the only function that writes `stage`.

    `stamp` sets the fields named in STAMPS in the same write. Raises Conflict (no such way from here: somebody was
    first, or the form is stale), NotAllowed (role), DomainError (a reason is missing), GateClosed (with what is missing).
    """
    visit = lock(visit, version=version)
    way = journey.way(visit.stage, to)
    if way is None:
        raise Conflict(
            _("This visit is at “%(stage)s” and cannot go to “%(to)s” from there.")
            % {"stage": Stage(visit.stage).label, "to": Stage(to).label},
            code="no_way",
        )
    if not may_take(by, way):
        raise NotAllowed(_("Your role may not move a visit from “%(stage)s”.") % {"stage": Stage(visit.stage).label})
    if way.needs_reason and not reason.strip():
        raise DomainError(_("Say why."), code="reason_missing")
    # A gate may look at what is being stamped (the odometer, the release), so it is set before and saved only if open.
    stamped = _stamp(visit, stamp or {})
    if blockers := way.blockers(visit):
        raise GateClosed(blockers)
    return _move(visit, way, by=by, reason=reason.strip(), stamped=stamped)


def _stamp(visit: Visit, stamp: dict) -> set[str]:
    if unknown := set(stamp) - STAMPS:
        raise ValueError(f"not a stamp: {unknown}")
    for field, value in stamp.items():
        setattr(visit, field, value)
    return set(stamp)


def _move(visit: Visit, way: journey.Way, *, by, reason: str, stamped: set[str]) -> Visit:
    now = clock.now()
    came_from, seconds = visit.stage, int((now - visit.stage_since).total_seconds())
    visit.stage, visit.stage_since, visit.version = way.to, now, visit.version + 1
    fields = {"stage", "stage_since", "version", *stamped}
    if way.to in ENDS:
        visit.ended_at, visit.end_reason = now, reason
        fields |= {"ended_at", "end_reason"}
    if way.to not in IN_STORE:
        visit.next_update_due_at = None
        fields.add("next_update_due_at")
    if (came_from, way.to) == (Stage.INSPECTION, Stage.REPAIR):
        visit.round += 1
        fields.add("round")
    try:
        with transaction.atomic():
            visit.save(update_fields=fields)
    except IntegrityError as error:
        if "visits_one_in_house" in str(error):
            raise _already_here(visit) from error
        raise
    events = [StageEntered(came_from, way.to, visit.round, max(seconds, 0), visit.advisor_id)]
    if "ready_at" in stamped:
        events.append(
            CarReady(
                visit.ready_at,
                visit.first_promised_at,
                visit.promised_at,
                visit.advisor_id,
            )
        )
    if "released_at" in stamped:
        events.append(CarReleased(visit.released_at, visit.customer_id, visit.vehicle_id, visit.advisor_id))
    record_many(
        entry(
            e,
            store_id=visit.store_id,
            subject=visit,
            visit_id=visit.pk,
            by=by,
            at=now,
            origin=Origin(visit.origin),
        )
        for e in events
    )
    return visit


@transaction.atomic
def give_to_advisor(visit: Visit, *, advisor: Staff, by: Actor | HasActor, version: int | None = None) -> Visit:
    """Another advisor takes the visit over."""
    visit = lock(visit, version=version)
    if visit.advisor_id == advisor.pk:
        return visit
    former, visit.advisor, visit.version = visit.advisor_id, advisor, visit.version + 1
    visit.save(update_fields=["advisor", "version"])
    record(
        AdvisorChanged(advisor.pk, former),
        store_id=visit.store_id,
        subject=visit,
        visit_id=visit.pk,
        by=by,
    )
    return visit
