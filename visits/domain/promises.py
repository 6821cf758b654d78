"""The promise ledger and the silence clock: what the customer was told, when, and what he hears next."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor, actor_of
from core.errors import Conflict, DomainError
from journal.domain import record
from visits.choices import ToldHow
from visits.domain.journey import lock
from visits.events import CustomerTold, Promised, PromiseTold
from visits.models import CustomerUpdate, Promise, Visit


@transaction.atomic
def promise(
    visit: Visit,
    *,
    at: datetime,
    by: Actor | HasActor,
    reason: str = "",
    told_how: ToldHow | str = "",
    computed_at: datetime | None = None,
    early_reason: str = "",
    version: int | None = None,
) -> Promise:
    """Promise a ready time: a new row of the ledger, the old ones stay. A later promise needs its reason.

    `computed_at`: the earliest time that was computed for it; `early_reason`: why less is promised.
    With `told_how` the customer was told in the same breath. DomainError for a past time or a missing reason, Conflict
    when the car is ready already.
    """
    visit = lock(visit, version=version)
    now = clock.now()
    if visit.ready_at or not visit.is_open:
        raise Conflict(_("The car is ready already; there is nothing left to promise."))
    if at <= now:
        raise DomainError(_("The promised time lies in the past; choose a later one."), code="past")
    last = visit.promises.order_by("-sequence").first()
    if last and not reason.strip():
        raise DomainError(_("Say why the promised time changes."), code="reason_missing")
    actor = actor_of(by)
    row = Promise.objects.create(
        store_id=visit.store_id,
        visit=visit,
        sequence=last.sequence + 1 if last else 1,
        old_at=last.new_at if last else None,
        new_at=at,
        reason=reason.strip(),
        by_kind=actor.kind,
        by_id=actor.id,
        made_at=now,
        told_at=now if told_how else None,
        told_how=told_how,
        computed_at=computed_at,
        early_reason=early_reason.strip() if computed_at and at < computed_at else "",
    )
    visit.promised_at, visit.version = at, visit.version + 1
    visit.first_promised_at = visit.first_promised_at or at
    visit.save(update_fields=["promised_at", "first_promised_at", "version"])
    about = {"store_id": visit.store_id, "subject": row, "visit_id": visit.pk, "by": by}
    record(Promised(sequence=row.sequence, new_at=at, old_at=row.old_at, computed_at=computed_at), **about)
    if told_how:
        record(PromiseTold(row.sequence, str(told_how)), **about)
    return row


@transaction.atomic
def tell_promise(promise: Promise, *, how: ToldHow | str, by: Actor | HasActor) -> Promise:
    """Record when and how the customer heard of a promise. Telling twice keeps the first time."""
    visit = lock(promise.visit_id)
    promise = visit.promises.get(pk=promise.pk)
    if promise.told_at is None:
        promise.told_at, promise.told_how = clock.now(), how
        promise.save(update_fields=["told_at", "told_how"])
        record(
            PromiseTold(promise.sequence, str(how)),
            store_id=visit.store_id,
            subject=promise,
            visit_id=visit.pk,
            by=by,
        )
    return promise


@transaction.atomic
def tell_customer(
    visit: Visit,
    *,
    how: ToldHow | str,
    text: str,
    by: Actor | HasActor,
    next_due_at: datetime | None = None,
) -> CustomerUpdate:
    """Record that the customer was told how things stand, and set when he must hear from us next (default: the store's
    interval). Resets the silence clock."""
    if not text.strip():
        raise DomainError(_("Write what the customer was told."), code="text_missing")
    visit = lock(visit)
    now, actor = clock.now(), actor_of(by)
    due = next_due_at or now + timedelta(minutes=visit.store.update_every_minutes)
    update = CustomerUpdate.objects.create(
        store_id=visit.store_id,
        visit=visit,
        how=how,
        text=text.strip(),
        by_kind=actor.kind,
        by_id=actor.id,
        at=now,
        next_due_at=due,
    )
    if visit.is_open and visit.arrived_at and not visit.released_at:
        visit.next_update_due_at = due
        visit.save(update_fields=["next_update_due_at"])
    record(
        CustomerTold(str(how)),
        store_id=visit.store_id,
        subject=update,
        visit_id=visit.pk,
        by=by,
    )
    return update
