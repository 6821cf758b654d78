"""A waiting customer asks with one tap, and somebody answers on a clock."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from core.stages import IN_STORE
from journal.domain import record
from reception.choices import CallKind
from reception.events import CallAnswered, CustomerCalled
from reception.models import CustomerCall
from reception.rules import CALL_MINUTES
from stores.models import Staff
from visits import domain as visits
from visits.models import Visit

# More than this in an hour is a child with the phone, or no customer at all.
CALLS_PER_HOUR = 8


@transaction.atomic
def call(visit: Visit, *, kind: CallKind | str, by: Actor | HasActor) -> CustomerCall:
    """The customer asks for something. A second tap while it is on its way finds the first one.

    Conflict when his car is not in the house, or he has asked eight times within the hour.
    """
    if kind not in CallKind.values:
        raise DomainError(_("Choose what you would like."), code="kind")
    visit = visits.lock(visit)
    if visit.stage not in IN_STORE:
        raise Conflict(_("This works while your car is with us. Call us, please."), code="not_here")
    if open_call := visit.calls.filter(kind=kind, answered_at=None).first():
        return open_call
    now = clock.now()
    if visit.calls.filter(asked_at__gt=now - timedelta(hours=1)).count() >= CALLS_PER_HOUR:
        raise Conflict(_("You have asked several times within the hour. Please speak to anybody at the counter."))
    made = CustomerCall.objects.create(
        store_id=visit.store_id,
        visit=visit,
        kind=kind,
        asked_at=now,
        due_at=now + timedelta(minutes=CALL_MINUTES[CallKind(kind)]),
    )
    record(
        CustomerCalled(made.pk, str(kind)),
        store_id=visit.store_id,
        subject=made,
        visit_id=visit.pk,
        by=by,
    )
    return made


@transaction.atomic
def answer_call(asked: CustomerCall, *, by: Staff) -> CustomerCall:
    """Somebody has brought it, or sat down with him. The first one counts: Conflict for the second."""
    visit = visits.lock(asked.visit_id)
    asked = visit.calls.select_for_update(of=("self",)).get(pk=asked.pk)
    if asked.answered_at:
        raise Conflict(_("A colleague has answered this call already."), code="answered")
    asked.answered_at, asked.answered_by = clock.now(), by
    asked.save(update_fields=["answered_at", "answered_by"])
    seconds = int((asked.answered_at - asked.asked_at).total_seconds())
    record(
        CallAnswered(asked.pk, asked.kind, seconds, asked.answered_at > asked.due_at),
        store_id=visit.store_id,
        subject=asked,
        visit_id=visit.pk,
        by=by,
    )
    return asked
