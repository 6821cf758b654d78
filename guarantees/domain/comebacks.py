"""The comeback radar: suggested by what stands on the order, decided by a person.

Lock order: the visit, then the car.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.choices import CERTIFICATE_CATEGORIES, RepairCategory
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from guarantees import queries
from guarantees.choices import ComebackState, Match
from guarantees.domain.counters import keep
from guarantees.events import ComebackConfirmed, ComebackDismissed, ComebackSuggested
from guarantees.models import Comeback
from guarantees.queries.comebacks import Candidate, failures_of, root_of
from guarantees.rules import covered
from handover.models import Handover
from journal.domain import record
from orders import domain as orders
from orders.choices import ConsentState, LineWork, PayType
from orders.models import Line
from orders.queries import order_of
from stores.models import Staff
from visits import domain as visits
from visits.models import Visit

RADAR = Actor.system("guarantees.radar")


@transaction.atomic
def look(visit: Visit | int) -> list[Comeback]:
    """Suggest what the visit seems to repeat; what was suggested or decided before is left alone. Returns the new ones."""
    visit = visits.lock(visit)
    if not visit.is_open:
        return []
    known = dict(Comeback.objects.filter(visit=visit).values_list("original_id", "pk"))
    found = []
    for candidate in queries.candidates(visit):
        if candidate.original.pk in known:
            _complete(known[candidate.original.pk], candidate)
            continue
        found.append(_suggest(visit, candidate, by=RADAR))
    return found


def _complete(pk: int, candidate) -> None:
    """A suggestion made from words alone gets the line that was put on the order since."""
    if candidate.line:
        Comeback.objects.filter(pk=pk, line=None, state=ComebackState.SUGGESTED).update(line=candidate.line)


def _suggest(visit: Visit, candidate, *, by: Actor | HasActor) -> Comeback:
    comeback = Comeback.objects.create(
        store_id=visit.store_id,
        visit=visit,
        vehicle_id=visit.vehicle_id,
        original=candidate.original,
        root=root_of(candidate.original),
        line=candidate.line,
        need=candidate.need,
        match=candidate.match,
        covered=candidate.covered,
        days=max(candidate.days, 0),
        km=candidate.km,
        suggested_at=clock.now(),
    )
    evt = ComebackSuggested(comeback.pk, comeback.original_id, str(comeback.match), comeback.covered, comeback.days)
    _journal(evt, comeback, by)
    return comeback


@transaction.atomic
def mark(visit: Visit, *, original: Line, by: Staff, reason: str) -> Comeback:
    """Say by hand that a visit repeats an earlier line; then it is decided as a suggested one is.

    DomainError for a line of another car or one that was not finished, or without the reason.
    """
    visit = visits.lock(visit)
    if original.visit.vehicle_id != visit.vehicle_id or original.visit_id == visit.pk or original.work != LineWork.DONE:
        raise DomainError(_("Choose a finished item of an earlier visit of this car."), code="not_earlier")
    if not reason.strip():
        raise DomainError(_("Say why this is the same trouble again."), code="reason_missing")
    if Comeback.objects.filter(visit=visit, original=original).exists():
        raise Conflict(_("This is on the list of comebacks already."), code="known")
    order = order_of(original.visit)
    out = Handover.objects.filter(visit=original.visit_id).values_list("mileage_out", flat=True).first()
    held, days, km = covered(
        visit,
        left=original.visit,
        days=order.guarantee_days if order else 0,
        km=order.guarantee_km if order else 0,
        mileage_out=out,
    )
    comeback = _suggest(visit, Candidate(original, Match.HAND, held, days, km), by=by)
    comeback.reason = reason.strip()[:200]
    comeback.save(update_fields=["reason"])
    return comeback


@transaction.atomic
def confirm(comeback: Comeback, *, by: Staff, free: bool | None = None, line: Line | None = None) -> Comeback:
    """It is the same trouble again: the visit is a rework visit.

    The line that repeats the work (made now if there is none) is the store's to pay, where the guarantee covers it or `free`
    says so. Conflict once decided, when the line is in the workshop with the customer as payer, or when it is too late for
    the order.
    """
    visit = visits.lock(comeback.visit_id)
    comeback = _undecided(comeback)
    free = comeback.covered if free is None else free
    line = line or comeback.line
    if line is not None and line.visit_id != visit.pk:
        raise DomainError(_("This item belongs to another visit."), code="other_visit")
    line = line or _own_line(visit, comeback, free, by)
    if free and line.pay_type != PayType.INTERNAL:
        line = orders.change_line(line, pay_type=PayType.INTERNAL, by=by)
    comeback.root = root_of(comeback.original)
    _guard_once(comeback)
    comeback.line, comeback.state = line, ComebackState.CONFIRMED
    comeback.failures = failures_of(comeback.root) + 1
    _decide(comeback, by, comeback.reason)
    _name_rework(visit, by)
    evt = ComebackConfirmed(
        comeback_id=comeback.pk,
        original_id=comeback.original_id,
        root_id=comeback.root_id,
        line_id=line.pk,
        match=str(comeback.match),
        covered=comeback.covered,
        failures=comeback.failures,
        first_visit_id=comeback.root.visit_id,
    )
    _journal(evt, comeback, by)
    keep(visit)
    return comeback


@transaction.atomic
def dismiss(comeback: Comeback, *, by: Staff, reason: str) -> Comeback:
    """It is something else; the reason stays with the suggestion."""
    visits.lock(comeback.visit_id)
    comeback = _undecided(comeback)
    if not reason.strip():
        raise DomainError(_("Say why this is not the same trouble again."), code="reason_missing")
    comeback.state = ComebackState.DISMISSED
    _decide(comeback, by, reason.strip()[:200])
    _journal(ComebackDismissed(comeback.pk, comeback.original_id), comeback, by)
    return comeback


def _undecided(comeback: Comeback) -> Comeback:
    row = (
        Comeback.objects.select_for_update(of=("self",), no_key=True)
        .select_related("original__visit", "root", "line", "need")
        .get(pk=comeback.pk)
    )
    if row.state != ComebackState.SUGGESTED:
        raise Conflict(_("Somebody has decided this already: “%(state)s”.") % {"state": row.get_state_display()})
    return row


def _guard_once(comeback: Comeback) -> None:
    same = Comeback.objects.filter(visit=comeback.visit_id, root=comeback.root_id, state=ComebackState.CONFIRMED)
    if same.exists():
        raise Conflict(_("This visit repeats the same work already; one failure is counted once."), code="counted")


def _own_line(visit: Visit, comeback: Comeback, free: bool, by: Staff) -> Line:
    original = comeback.original
    return orders.add_line(
        visit,
        by=by,
        operation=original.operation,
        title=original.title,
        hours=original.hours,
        concern=comeback.need.words if comeback.need else original.concern,
        pay_type=PayType.INTERNAL if free else PayType.CUSTOMER,
    )


def _decide(comeback: Comeback, by: Staff, reason: str) -> None:
    comeback.decided_at, comeback.decided_by, comeback.reason = clock.now(), by, reason
    comeback.save(update_fields=["root", "line", "state", "failures", "decided_at", "decided_by", "reason"])


def _name_rework(visit: Visit, by: Staff) -> None:
    """The order's category is rework when nothing else stands on it and its guarantee does not get shorter by that."""
    order = order_of(visit)
    mine = set(Comeback.objects.filter(visit=visit, state=ComebackState.CONFIRMED).values_list("line_id", flat=True))
    others = visit.lines.exclude(pk__in=mine).exclude(consent_state=ConsentState.DECLINED).exists()
    first = Comeback.objects.filter(visit=visit, root__visit__order__category__in=CERTIFICATE_CATEGORIES).exists()
    if order and not order.signed_at and not others and not first and order.category not in CERTIFICATE_CATEGORIES:
        orders.set_terms(visit, by=by, category=RepairCategory.REWORK)


def _journal(evt, comeback: Comeback, by: Actor | HasActor) -> None:
    record(evt, store_id=comeback.store_id, subject=comeback, visit_id=comeback.visit_id, by=by)
