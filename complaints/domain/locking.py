"""What every change of a case begins with. Lock order: the visit, its case, then the car."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from complaints import rules
from complaints.choices import CaseState, EntryKind
from complaints.models import Case, CaseEntry
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from journal.domain import record
from stores.models import Staff
from visits import domain as visits


def lock_open(case: Case) -> Case:
    """The case as it is now, locked until the transaction ends; Conflict if it is closed."""
    if case.visit_id:
        visits.lock(case.visit_id)
    case = Case.objects.select_for_update(of=("self",)).select_related("store", "visit", "owner__role").get(pk=case.pk)
    if case.state == CaseState.CLOSED:
        raise Conflict(_("This case is closed already."))
    return case


def lock_for(case: Case, *, by: Staff, permission: str = "complaints.work") -> Case:
    """The same for a person: refused without the right, and for whoever the case is about."""
    case = lock_open(case)
    if not by.may(permission):
        raise NotAllowed(_("Your role does not work on cases."))
    if by.pk in rules.complained_about(case):
        raise NotAllowed(_("This case is about your own work; somebody else has to handle it."))
    return case


def said(text: str, missing: str, code: str = "text_missing") -> str:
    """The text without blanks around it; DomainError with `missing` if there is none."""
    if not text.strip():
        raise DomainError(missing, code=code)
    return text.strip()


def entry(case: Case, kind: EntryKind, text: str, by: Staff | None, *, missing: str = "") -> CaseEntry:
    """A line of the case's log."""
    return CaseEntry.objects.create(
        store_id=case.store_id, case=case, kind=kind, text=said(text, missing), by=by, at=clock.now()
    )


def journal(case: Case, evt, *, by, at: datetime | None = None) -> None:
    record(evt, store_id=case.store_id, subject=case, visit_id=case.visit_id, by=by, at=at)


def seconds(case: Case, until: datetime) -> int:
    """Since the case was opened; never negative."""
    return max(int((until - case.opened_at).total_seconds()), 0)
