"""The repair record of article 17: every field it asks for, and which of them are still empty."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.money import format_money
from guarantees.models import GuaranteeRepair
from orders.models import Line
from repairs.choices import JobState
from repairs.models import Job
from stores.models import Staff
from visits.models import Need, Visit


@dataclass(frozen=True)
class Record:
    """What the record says. `missing` names the fields of the article that are empty."""

    repair: GuaranteeRepair
    visit: Visit
    lines: tuple[Line, ...]
    words: tuple[str, ...]
    repairers: tuple[Staff, ...]
    courtesy: str
    given_back_at: object
    signed: bool
    missing: tuple[str, ...]


def record_of(repair: GuaranteeRepair) -> Record:
    """The record of one repair under guarantee (order 43, art. 17). Six queries."""
    visit = repair.visit
    lines = tuple(
        row.line
        for row in repair.problems.select_related("line__operation").prefetch_related("line__parts").order_by("line_id")
    )
    needs = Need.objects.filter(visit=visit).values_list("words", flat=True)
    words = tuple(dict.fromkeys([*needs, *(line.concern for line in lines if line.concern)]))
    jobs = Job.objects.filter(line__in=lines).exclude(state=JobState.WITHDRAWN).select_related("technician")
    repairers = tuple(dict.fromkeys(job.technician for job in jobs))
    courtesy = _courtesy(repair)
    signed = visit.signatures.exists()
    given_back = visit.handed_over_at or visit.released_at
    asked = {
        _("Time of arrival"): visit.arrived_at,
        _("Mileage"): repair.mileage is not None,
        _("Problem in the customer's words"): words,
        _("Result of the examination"): all(line.cause for line in lines),
        _("Work done"): all(line.correction for line in lines),
        _("Towing costs"): repair.towing_fee is not None,
        _("Loan car or travel costs"): courtesy,
        _("Time the car was given back"): given_back,
        _("Signature of the repairer"): repairers,
        _("Signature of the customer"): signed,
    }
    missing = tuple(name for name, value in asked.items() if not value)
    return Record(repair, visit, lines, words, repairers, courtesy, given_back, signed, missing)


def _courtesy(repair: GuaranteeRepair) -> str:
    courtesy = getattr(repair, "courtesy", None)
    if courtesy is None:
        return _("not due")
    if not courtesy.settled_at:
        return ""
    amount = f" ¥{format_money(courtesy.amount)}" if courtesy.amount else ""
    return f"{courtesy.get_kind_display()}{amount}"
