"""A customer's answers: kept with his booking, compared with what the workshop found."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.choices import RepairCategory
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from journal.domain import record
from orders.choices import ConsentState, LineKind, LineWork
from orders.models import Line
from stores.models import Store
from symptoms import queries
from symptoms.choices import Agreement
from symptoms.events import CheckCompared, CheckGiven
from symptoms.models import SymptomCheck
from visits.models import Visit

MAX_WORDS = 1000
MAINTENANCE = {RepairCategory.MAINTENANCE, RepairCategory.SECOND_LEVEL, RepairCategory.PDI}


@transaction.atomic
def record_check(*, store: Store, choices: Sequence[int], token: UUID, words: str = "") -> SymptomCheck:
    """Keep what somebody answered to the tree in force; the same token again returns the check it made.

    `choices` are ids in the order they were taken and must lead to a result. Conflict where they do not: the tree was
    replaced while he was answering.
    """
    if made := queries.by_token(token):
        return made
    tree = queries.in_force()
    walked = queries.walk(tree, choices) if tree else None
    if walked is None or walked.result is None:
        raise Conflict(_("The questions have changed meanwhile. Please answer them once more."), code="tree_changed")
    return SymptomCheck.objects.create(
        store=store,
        tree=tree,
        token=token,
        choices=walked.choices,
        words=words.strip()[:MAX_WORDS],
        result=walked.result,
        at=clock.now(),
    )


@transaction.atomic
def attach(check: SymptomCheck, *, visit: Visit, by: Actor | HasActor) -> SymptomCheck:
    """The check belongs to this visit and its car, from the booking on. Once: a check that came to another visit stays
    there (Conflict)."""
    check = SymptomCheck.objects.select_for_update(of=("self",)).select_related("result").get(pk=check.pk)
    if check.visit_id == visit.pk:
        return check
    if check.visit_id:
        raise Conflict(_("These answers came with another booking already. Please answer once more."), code="attached")
    check.visit, check.vehicle_id = visit, visit.vehicle_id
    check.save(update_fields=["visit", "vehicle"])
    evt = CheckGiven(check.pk, check.result.code, check.result.urgency, len(check.choices))
    record(evt, store_id=check.store_id, subject=check, visit_id=visit.pk, by=by)
    return check


@transaction.atomic
def compare(visit: Visit, *, by: Actor | HasActor) -> list[SymptomCheck]:
    """Hold the visit's checks against what was found, once each.

    A finding is a job of the order that was done, or that the customer declined. It is a hit where one of the findings is
    an operation the check named as likely (the likeliest of them is kept), a miss where repairs were found but none of
    these, nothing where nothing but maintenance was found.
    """
    open_checks = SymptomCheck.objects.select_for_update(of=("self",)).filter(visit=visit, agreement="")
    compared = []
    findings = None
    for check in open_checks.select_related("result").order_by("pk"):
        findings = _findings(visit) if findings is None else findings
        check.agreement, check.found_line = _judge(check, findings)
        check.compared_at = clock.now()
        check.save(update_fields=["agreement", "found_line", "compared_at"])
        line = check.found_line_id
        evt = CheckCompared(check.pk, check.result.code if check.result else "", check.agreement, line)
        record(evt, store_id=check.store_id, subject=check, visit_id=visit.pk, by=by)
        compared.append(check)
    return compared


def _findings(visit: Visit) -> list[Line]:
    jobs = visit.lines.filter(kind=LineKind.JOB).select_related("operation")
    return [line for line in jobs if line.work == LineWork.DONE or line.consent_state == ConsentState.DECLINED]


def _judge(check: SymptomCheck, findings: list[Line]) -> tuple[Agreement, Line | None]:
    likely = dict(check.result.likely.values_list("operation", "position")) if check.result else {}
    hits = [line for line in findings if line.operation_id in likely]
    if hits:
        return Agreement.HIT, min(hits, key=lambda line: (likely[line.operation_id], line.position))
    repairs = [line for line in findings if not _is_maintenance(line)]
    return (Agreement.MISS, repairs[0]) if repairs else (Agreement.NOTHING, None)


def _is_maintenance(line: Line) -> bool:
    return line.operation is not None and line.operation.category in MAINTENANCE
