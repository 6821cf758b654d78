"""A case from its first signal to its end: opened or joined, owned, answered, understood, closed."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints import gates, rules
from complaints.choices import (
    CaseSource,
    CaseState,
    CategoryCode,
    CauseCode,
    CloseKind,
    EntryKind,
    Responsible,
    Severity,
    VoiceKind,
)
from complaints.domain import clocks
from complaints.domain.locking import entry, journal, lock_for, seconds
from complaints.domain.locking import said as said_or
from complaints.events import CaseClosed, CaseOpened, CustomerAnswered, OwnerChanged, SignalJoined
from complaints.models import Case, CaseEntry, Voice
from core import clock
from core.actors import Actor, HasActor
from core.errors import DomainError, GateClosed, NotAllowed
from customers.models import Customer, Vehicle
from stores.models import Staff, Store
from stores.numbers import next_number
from visits import domain as visits
from visits.models import Visit


def open_case(
    *,
    store: Store,
    words: str,
    source: CaseSource | str,
    by: Actor | HasActor,
    visit: Visit | None = None,
    customer: Customer | None = None,
    vehicle: Vehicle | None = None,
    severity: Severity | str = Severity.L1,
    about: Staff | None = None,
    category: CategoryCode | str = "",
    token: UUID | None = None,
) -> Case:
    """Open a case with the customer's own words, or join the open case of the visit: one problem, one owner, one clock.

    A joined signal keeps its words as a voice of the case, and raises severity and clock if it is graver. `about` is the
    person complained about; neither he nor the visit's advisor becomes the owner. `token` of a form: the same one again
    gives the same case.
    """
    signal = {
        "store": store,
        "words": said(words),
        "source": source,
        "by": by,
        "visit": visit,
        "customer": customer,
        "vehicle": vehicle,
        "severity": Severity(severity),
        "about": about,
        "category": category,
    }
    try:
        return _sent(token) or _open(signal, token)
    except IntegrityError:
        # The same form sent twice at the same moment: the other one has written it.
        if token and (case := _sent(token)):
            return case
        raise


def _sent(token: UUID | None) -> Case | None:
    row = Voice.objects.filter(token=token).select_related("case").first() if token else None
    return row.case if row else None


@transaction.atomic
def _open(signal: dict, token: UUID | None) -> Case:
    case, joined = case_for(**signal)
    if joined or signal["about"] or token:
        by = signal["by"]
        Voice.objects.create(
            store=signal["store"],
            kind=VoiceKind.PROBLEM,
            words=signal["words"],
            visit=signal["visit"],
            case=case,
            about=signal["about"],
            source=signal["source"],
            taken_by=by if isinstance(by, Staff) else None,
            at=clock.now(),
            token=token,
        )
    return case


def case_for(*, store, words, source, by, visit, customer, vehicle, severity, about, category="") -> tuple[Case, bool]:
    """The case a signal belongs to, and whether it joined one that was open. Runs inside the caller's transaction."""
    if visit:
        # One signal at a time: the second of two finds the case that the first one opened.
        visit = visits.lock(visit)
        customer, vehicle = customer or visit.customer, vehicle or visit.vehicle
        case = visit.cases.select_for_update(of=("self",)).exclude(state=CaseState.CLOSED).first()
        if case:
            return _join(case, severity=severity, source=source, by=by), True
    now = clock.now()
    excluded = {person.pk for person in (about,) if person}
    if visit and visit.advisor_id:
        excluded.add(visit.advisor_id)
    case = Case(
        store=store,
        number=next_number(store, "TS", at=now),
        source=source,
        severity=severity,
        category=category,
        visit=visit,
        customer=customer,
        vehicle=vehicle,
        about=about,
        words=words,
        owner=clocks.owner_for(severity, excluded),
        opened_at=now,
    )
    clocks.start_clocks(case, at=now)
    case.save()
    opened = CaseOpened(case.number, severity, str(source), case.owner_id, str(category), case.about_id)
    journal(case, opened, by=by, at=now)
    return case, False


def _join(case: Case, *, severity: Severity, source: str, by) -> Case:
    if severity > case.severity:
        case.severity = severity
        clocks.hurry_clocks(case, at=clock.now())
        case.save(update_fields=["severity", "next_notice_at", *clocks.CLOCK_FIELDS])
    journal(case, SignalJoined(case.number, case.severity, str(source)), by=by)
    return case


def said(words: str) -> str:
    """The words without blanks around them; DomainError if there are none."""
    return said_or(words, _("Write the customer's own words."), code="words_missing")


@transaction.atomic
def respond(case: Case, *, text: str, by: Staff) -> CaseEntry:
    """Write down what the customer was answered. The first answer stops the first-response clock."""
    case = lock_for(case, by=by)
    line = entry(case, EntryKind.RESPONSE, text, by, missing=_("Write what the customer was told."))
    if case.first_response_at is None:
        case.first_response_at = line.at
        case.next_notice_at = clocks.next_notice(case)
        case.save(update_fields=["first_response_at", "next_notice_at"])
        until = case.first_response_due_at
        kept = until is None or line.at <= until
        journal(case, CustomerAnswered(case.number, seconds(case, line.at), kept), by=by, at=line.at)
    return line


@transaction.atomic
def note(case: Case, *, text: str, by: Staff) -> CaseEntry:
    """Add a line to the case's log that the customer does not hear."""
    case = lock_for(case, by=by)
    return entry(case, EntryKind.NOTE, text, by, missing=_("The note is empty."))


@transaction.atomic
def grade(case: Case, *, severity: Severity | str, category: CategoryCode | str, by: Staff) -> Case:
    """Say how grave it is and what it is about. A graver case runs on shorter clocks from now, a milder one keeps its own."""
    case = lock_for(case, by=by)
    severity = Severity(severity)
    if category and category not in CategoryCode.values:
        raise DomainError(_("Choose what the case is about."), code="category")
    case.category = category
    if severity > case.severity:
        case.severity = severity
        clocks.hurry_clocks(case, at=clock.now())
    elif severity < case.severity and not by.may("complaints.approve"):
        raise NotAllowed(_("Only a manager grades a case down."))
    else:
        case.severity = severity
    case.save(update_fields=["severity", "category", "next_notice_at", *clocks.CLOCK_FIELDS])
    return case


@transaction.atomic
def give_case(case: Case, *, owner: Staff, by: Staff) -> Case:
    """Another person owns the case now; refused for whoever the case is about."""
    case = lock_for(case, by=by)
    if not rules.may_work(owner, case):
        raise NotAllowed(
            _("%(name)s cannot own this case: it is about him, or his role does not work on cases.")
            % {"name": owner.name}
        )
    if case.owner_id == owner.pk:
        return case
    former, case.owner = case.owner_id, owner
    case.save(update_fields=["owner"])
    journal(case, OwnerChanged(case.number, owner.pk, former), by=by)
    return case


@transaction.atomic
def find_cause(
    case: Case, *, cause: CauseCode | str, responsible: Responsible | str, prevention: str, by: Staff
) -> Case:
    """Why it happened, where the cause lies, and what keeps it from happening again."""
    case = lock_for(case, by=by)
    if cause not in CauseCode.values or responsible not in Responsible.values:
        raise DomainError(_("Choose the cause and who is responsible for it."), code="cause")
    case.prevention = said_or(prevention, _("Write what keeps it from happening again."))
    case.cause_code, case.responsible = cause, responsible
    case.save(update_fields=["cause_code", "responsible", "prevention"])
    return case


@transaction.atomic
def close_case(case: Case, *, note: str, by: Staff, procedural: bool = False) -> Case:
    """Close a case whose customer was found content by somebody else, or could not be reached on three days.

    GateClosed with everything that is still missing. `procedural`: a manager who does not own the case ends it without the
    customer's word (withdrawn, with an authority, before a court); what was learned and what sales says are needed all the same.
    """
    case = lock_for(case, by=by)
    if procedural and (not by.may("complaints.approve") or by.pk == case.owner_id):
        raise NotAllowed(_("A case is closed by procedure by a manager who does not own it."))
    if case.severity >= Severity.L3 and not by.may("complaints.approve"):
        raise NotAllowed(_("A case of this severity is closed by a manager: his remark is its last line."))
    missing = gates.close(case, procedural=procedural)
    if missing:
        raise GateClosed(missing, code="not_finished")
    line = entry(case, EntryKind.CLOSING, note, by, missing=_("Write how the problem was solved."))
    case.state, case.closed_at, case.closing_note = CaseState.CLOSED, line.at, line.text
    case.close_kind = CloseKind.PROCEDURAL if procedural else gates.ending(case)
    case.next_notice_at = None
    case.save(update_fields=["state", "closed_at", "closing_note", "close_kind", "next_notice_at"])
    journal(case, CaseClosed(case.number, seconds(case, line.at), case.close_kind), by=by, at=line.at)
    return case
