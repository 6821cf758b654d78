"""Coming and going: the clock of the shift beside the clocks of the jobs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from journal.domain import record
from repairs.events import ShiftEnded, ShiftStarted
from repairs.models import ClockEntry, ShiftEntry
from repairs.queries.jobs import running
from stores.models import Staff


@transaction.atomic
def come(*, by: Staff) -> ShiftEntry:
    """The shift begins; the same again returns the running one."""
    return be_here(by, at=clock.now())


@transaction.atomic
def go(*, by: Staff) -> ShiftEntry:
    """The shift ends. Conflict while a clock runs on a job (the message says which): its pause has a reason of its own."""
    shift = ShiftEntry.objects.select_for_update(of=("self",), no_key=True).filter(staff=by, stopped_at=None).first()
    if shift is None:
        raise Conflict(_("Your shift has not begun."), code="no_shift")
    if entry := running(by):
        line = entry.job.line
        raise Conflict(
            _("Your clock runs on %(plate)s, “%(item)s”. Pause or finish that job first.")
            % {"plate": str(line.visit.vehicle), "item": line.title},
            code="clock_running",
        )
    return end_shift(shift, at=clock.now(), by=by)


def be_here(person: Staff, *, at: datetime) -> ShiftEntry:
    """The running shift of a person, begun now if there is none: who works on a car is here."""
    shift = ShiftEntry.objects.filter(staff=person, stopped_at=None).first()
    if shift:
        return shift
    # Two phones at once: the database keeps one.
    ShiftEntry.objects.bulk_create(
        [ShiftEntry(store_id=person.store_id, staff=person, started_at=at)], ignore_conflicts=True
    )
    shift = ShiftEntry.objects.get(staff=person, stopped_at=None)
    if shift.started_at == at:
        record(ShiftStarted(person.pk), store_id=person.store_id, subject=shift, by=person)
    return shift


def end_shift(shift: ShiftEntry, *, at: datetime, by: Actor | HasActor) -> ShiftEntry:
    """Close a locked shift at `at`, not before it began."""
    shift.stopped_at = max(at, shift.started_at)
    shift.save(update_fields=["stopped_at"])
    entries = ClockEntry.objects.filter(technician_id=shift.staff_id, started_at__gte=shift.started_at)
    worked = sum(((entry.stopped_at or shift.stopped_at) - entry.started_at for entry in entries), timedelta())
    ended = ShiftEnded(
        shift.staff_id,
        int((shift.stopped_at - shift.started_at).total_seconds()),
        int(worked.total_seconds()),
    )
    record(ended, store_id=shift.store_id, subject=shift, by=by)
    return shift
