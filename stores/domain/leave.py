"""When people are away. The ledger follows when `appointments.domain.relay` is called."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from journal.domain import record
from stores.choices import LeaveKind
from stores.events import LeaveEnded, LeaveTaken
from stores.models import Leave, Staff


@transaction.atomic
def take_leave(
    staff: Staff,
    *,
    start: datetime,
    end: datetime,
    kind: LeaveKind | str = LeaveKind.LEAVE,
    note: str = "",
    by: Actor | HasActor,
) -> Leave:
    """Somebody does not work from `start` to `end`. DomainError when it ends before it begins, Conflict when he is away in
    that time already."""
    if start >= end:
        raise DomainError(_("The leave ends before it begins."), code="order")
    if kind not in LeaveKind.values:
        raise DomainError(_("Choose why the person is away."), code="kind")
    try:
        with transaction.atomic():
            row = Leave.objects.create(
                store_id=staff.store_id,
                staff=staff,
                during=DateTimeTZRange(start, end),
                kind=kind,
                note=note.strip()[:80],
            )
    except IntegrityError as error:
        if "stores_leave_once" not in str(error):
            raise
        raise Conflict(_("%(name)s is away in that time already.") % {"name": staff.name}, code="away") from error
    record(LeaveTaken(staff.pk, start, end, str(kind)), store_id=staff.store_id, subject=row, by=by)
    return row


@transaction.atomic
def end_leave(leave: Leave, *, by: Actor | HasActor) -> None:
    """The leave is called off, all of it; what was of it so far is forgotten too."""
    record(
        LeaveEnded(leave.staff_id, leave.during.lower, leave.during.upper),
        store_id=leave.store_id,
        subject=leave,
        by=by,
    )
    leave.delete()
