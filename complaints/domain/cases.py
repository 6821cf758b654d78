"""A case from its first signal to its end: opened or joined, owned, answered, closed.

Lock order: the visit, then its case.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from complaints import rules
from complaints.choices import CaseSource, CaseState, EntryKind, Severity, VoiceKind
from complaints.events import (
    CaseClosed,
    CaseOpened,
    CustomerAnswered,
    OwnerChanged,
    SignalJoined,
)
from complaints.models import Case, CaseEntry, Voice
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError, NotAllowed
from customers.models import Customer, Vehicle
from journal.domain import record
from stores import calendar
from stores.choices import RoleCode
from stores.models import Staff, Store
from stores.numbers import next_number
from visits import domain as visits
from visits.models import Visit

# First answer owed to the customer, counted in opening hours; a grave case runs round the clock (domain.md 5.1).
FIRST_ANSWER = {
    Severity.L1: timedelta(minutes=30),
    Severity.L2: timedelta(hours=1),
    Severity.L3: timedelta(hours=1),
    Severity.L4: timedelta(minutes=30),
}
ROUND_THE_CLOCK = {Severity.L4}
# Who owns a case of a severity; the next in line where a store has nobody in that role, or only the person it is about.
OWNERS = {
    Severity.L1: RoleCode.CUSTOMER_RELATIONS,
    Severity.L2: RoleCode.SERVICE_MANAGER,
    Severity.L3: RoleCode.AFTERSALES_DIRECTOR,
    Severity.L4: RoleCode.GENERAL_MANAGER,
}


@transaction.atomic
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
) -> Case:
    """Open a case with the customer's own words, or join the open case of the visit: one problem, one owner, one clock.

    A joined signal keeps its words as a voice of the case, and raises severity and clock if it is graver. `about` is the
    person complained about; neither he nor the visit's advisor becomes the owner.
    """
    words = said(words)
    case, joined = case_for(
        store=store,
        words=words,
        source=source,
        by=by,
        visit=visit,
        customer=customer,
        vehicle=vehicle,
        severity=Severity(severity),
        about=about,
    )
    if joined or about:
        Voice.objects.create(
            store=store,
            kind=VoiceKind.PROBLEM,
            words=words,
            visit=visit,
            case=case,
            about=about,
            source=source,
            taken_by=by if isinstance(by, Staff) else None,
            at=clock.now(),
        )
    return case


def case_for(*, store, words, source, by, visit, customer, vehicle, severity, about) -> tuple[Case, bool]:
    """The case a signal belongs to, and whether it joined one that was open. Runs inside the caller's transaction."""
    if visit:
        # One signal at a time: the second of two finds the case that the first one opened.
        visit = visits.lock(visit)
        customer, vehicle = customer or visit.customer, vehicle or visit.vehicle
        case = visit.cases.select_for_update(of=("self",)).filter(state=CaseState.OPEN).first()
        if case:
            return _join(case, severity=severity, source=source, by=by), True
    now = clock.now()
    excluded = {person.pk for person in (about,) if person}
    if visit and visit.advisor_id:
        excluded.add(visit.advisor_id)
    case = Case.objects.create(
        store=store,
        number=next_number(store, "TS", at=now),
        source=source,
        severity=severity,
        visit=visit,
        customer=customer,
        vehicle=vehicle,
        words=words,
        owner=_owner(severity, excluded),
        opened_at=now,
        first_response_due_at=_due(store, severity, now),
    )
    record(
        CaseOpened(case.number, severity, str(source), case.owner_id),
        store_id=store.pk,
        subject=case,
        visit_id=case.visit_id,
        by=by,
        at=now,
    )
    return case, False


def _join(case: Case, *, severity: Severity, source: str, by) -> Case:
    if severity > case.severity:
        due = _due(case.store, severity, clock.now())
        case.severity = severity
        case.first_response_due_at = min(case.first_response_due_at or due, due)
        case.save(update_fields=["severity", "first_response_due_at"])
    record(
        SignalJoined(case.number, case.severity, str(source)),
        store_id=case.store_id,
        subject=case,
        visit_id=case.visit_id,
        by=by,
    )
    return case


def said(words: str) -> str:
    """The words without blanks around them; DomainError if there are none."""
    if not words.strip():
        raise DomainError(_("Write the customer's own words."), code="words_missing")
    return words.strip()


def _due(store: Store, severity: Severity, at: datetime) -> datetime:
    if severity in ROUND_THE_CLOCK:
        return at + FIRST_ANSWER[severity]
    return calendar.add_business_time(store, at, FIRST_ANSWER[severity])


def _owner(severity: Severity, excluded: set[int]) -> Staff | None:
    """The person of the severity's role with the fewest open cases; the next role of the ladder where there is none."""
    ladder = list(OWNERS.values())
    start = ladder.index(OWNERS[severity])
    for role in [*ladder[start:], *reversed(ladder[:start])]:
        person = (
            Staff.objects.filter(role__code=role, active=True)
            .exclude(pk__in=excluded)
            .annotate(busy=Count("cases", filter=Q(cases__state=CaseState.OPEN)))
            .order_by("busy", "pk")
            .first()
        )
        if person:
            return person
    return None


@transaction.atomic
def respond(case: Case, *, text: str, by: Staff) -> CaseEntry:
    """Write down what the customer was answered. The first answer stops the first-response clock."""
    case = _lock(case, by=by)
    entry = _entry(
        case,
        EntryKind.RESPONSE,
        text,
        by,
        missing=_("Write what the customer was told."),
    )
    if case.first_response_at is None:
        case.first_response_at = entry.at
        case.save(update_fields=["first_response_at"])
        due = case.first_response_due_at
        record(
            CustomerAnswered(
                case.number,
                _seconds(case, entry.at),
                due is None or entry.at <= due,
            ),
            store_id=case.store_id,
            subject=case,
            visit_id=case.visit_id,
            by=by,
            at=entry.at,
        )
    return entry


@transaction.atomic
def note(case: Case, *, text: str, by: Staff) -> CaseEntry:
    """Add a line to the case's log that the customer does not hear."""
    case = _lock(case, by=by)
    return _entry(case, EntryKind.NOTE, text, by, missing=_("The note is empty."))


@transaction.atomic
def give_case(case: Case, *, owner: Staff, by: Staff) -> Case:
    """Another person owns the case now; refused for whoever the case is about."""
    case = _lock(case, by=by)
    if not rules.may_work(owner, case):
        raise NotAllowed(
            _("%(name)s cannot own this case: it is about him, or his role does not work on cases.")
            % {"name": owner.name}
        )
    if case.owner_id == owner.pk:
        return case
    former, case.owner = case.owner_id, owner
    case.save(update_fields=["owner"])
    record(
        OwnerChanged(case.number, owner.pk, former),
        store_id=case.store_id,
        subject=case,
        visit_id=case.visit_id,
        by=by,
    )
    return case


@transaction.atomic
def close_case(case: Case, *, note: str, by: Staff) -> Case:
    """Close a case with what was found and done. The customer must have been answered before."""
    case = _lock(case, by=by)
    if case.first_response_at is None:
        raise DomainError(_("Answer the customer first, then close the case."), code="not_answered")
    entry = _entry(
        case,
        EntryKind.CLOSING,
        note,
        by,
        missing=_("Write how the problem was solved."),
    )
    case.state, case.closed_at, case.closing_note = (
        CaseState.CLOSED,
        entry.at,
        entry.text,
    )
    case.save(update_fields=["state", "closed_at", "closing_note"])
    record(
        CaseClosed(case.number, _seconds(case, entry.at)),
        store_id=case.store_id,
        subject=case,
        visit_id=case.visit_id,
        by=by,
        at=entry.at,
    )
    return case


def _lock(case: Case, *, by: Staff) -> Case:
    if case.visit_id:
        visits.lock(case.visit_id)
    case = Case.objects.select_for_update(of=("self",)).select_related("store", "visit").get(pk=case.pk)
    if case.state == CaseState.CLOSED:
        raise Conflict(_("This case is closed already."))
    if not by.may("complaints.work"):
        raise NotAllowed(_("Your role does not work on cases."))
    if by.pk in rules.complained_about(case):
        raise NotAllowed(_("This case is about your own work; somebody else has to handle it."))
    return case


def _entry(case: Case, kind: EntryKind, text: str, by: Staff, *, missing: str) -> CaseEntry:
    if not text.strip():
        raise DomainError(missing, code="text_missing")
    return CaseEntry.objects.create(
        store_id=case.store_id,
        case=case,
        kind=kind,
        text=text.strip(),
        by=by,
        at=clock.now(),
    )


def _seconds(case: Case, until: datetime) -> int:
    return max(int((until - case.opened_at).total_seconds()), 0)
