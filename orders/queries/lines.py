"""What stands on an order, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from catalogue.models import Operation
from core.money import money
from customers.models import Vehicle
from orders.choices import ConsentState, LineKind, LineWork, PayType, Risk
from orders.models import (
    ConsentPack,
    Line,
    Recommendation,
    RepairOrder,
    Settlement,
)
from visits.models import Visit

# What people say at the counter, and what the catalogue calls it.
SPOKEN = {
    "刹车": "制动",
    "电瓶": "蓄电池",
    "机油格": "机油滤清器",
    "空调格": "空调滤清器",
    "雨刷": "雨刮",
    "大灯": "前照灯",
}


@dataclass(frozen=True)
class Totals:
    """Amounts in yuan. total = labour + material + other; the discount is inside labour and other already.

    `payable` is what the customer himself owes: the lines he pays. `complete` is False where an imported line's amount
    is not known; what is known is summed.
    """

    labour: Decimal
    material: Decimal
    other: Decimal
    discount: Decimal
    total: Decimal
    payable: Decimal
    complete: bool = True


def totals_of(lines: Iterable[Line]) -> Totals:
    """What these lines come to; no query."""
    labour = material = other = discount = payable = Decimal(0)
    complete = True
    for line in lines:
        own, parts = line.labour or Decimal(0), line.material or Decimal(0)
        complete = complete and line.amount is not None
        if line.kind == LineKind.JOB:
            labour += own
        else:
            other += own
        material += parts
        discount += line.discount
        if line.pay_type == PayType.CUSTOMER:
            payable += own + parts
    return Totals(
        money(labour),
        money(material),
        money(other),
        money(discount),
        money(labour + material + other),
        money(payable),
        complete,
    )


def totals(visit: Visit) -> Totals:
    """What the order comes to as it stands: every line that was not declined. One query."""
    return totals_of(visit.lines.exclude(consent_state=ConsentState.DECLINED))


def order_of(visit: Visit) -> RepairOrder | None:
    return RepairOrder.objects.filter(visit=visit).first()


def order_lines(visit: Visit) -> list[Line]:
    """All lines in their order, with parts, photos, operation, consent and finder, in a fixed number of queries."""
    return list(
        visit.lines.select_related("operation", "consent", "pack", "found_by").prefetch_related(
            "parts", "photos__photo"
        )
    )


def billable_lines(visit: Visit) -> QuerySet[Line]:
    """Lines the customer agreed to: the only ones that may be worked and billed."""
    return visit.lines.filter(consent_state=ConsentState.APPROVED)


def open_lines(visit: Visit) -> QuerySet[Line]:
    """Lines without the customer's word: not asked yet, or not answered."""
    return visit.lines.filter(consent_state__in=[ConsentState.DRAFT, ConsentState.ASKED])


def open_pack(visit: Visit) -> ConsentPack | None:
    """What the customer is being asked at present; None if nothing."""
    return visit.packs.filter(superseded_at=None, decided_at=None).first()


def open_recommendations(vehicle: Vehicle) -> QuerySet[Recommendation]:
    """Work advised for this car and not done, the dangerous first, then the oldest."""
    return (
        Recommendation.objects.filter(vehicle=vehicle, closed_at=None)
        .select_related("line", "line__operation", "line__visit")
        .prefetch_related("line__parts")
        .order_by(_by_risk(), "created_at", "pk")
    )


def _by_risk() -> Case:
    return Case(
        When(risk=Risk.SAFETY, then=Value(0)),
        When(risk=Risk.ADVISED, then=Value(1)),
        default=Value(2),
    )


def declined_safety(visit: Visit) -> QuerySet[Line]:
    """Safety items the customer left undone; the settlement list says that he knows."""
    return visit.lines.filter(consent_state=ConsentState.DECLINED, risk=Risk.SAFETY)


def current_settlement(visit: Visit) -> Settlement | None:
    return visit.settlements.filter(superseded_at=None).select_related("issued_by").first()


def consented_amount(visit: Visit) -> Decimal:
    """What the customer agreed to have done, recomputed from the frozen packs and his answers alone and not from the lines, which a
    mistake or a hand in the database could have changed since."""
    agreed = Decimal(0)
    for consent in visit.consents.select_related("pack"):
        standing = {int(pk) for pk, said in consent.decisions.items() if said} - set(consent.lapsed)
        agreed += sum(Decimal(view["amount"]) for view in consent.pack.content["lines"] if view["id"] in standing)
    return money(agreed)


def settlement_blockers(visit: Visit) -> list[str]:
    """Sentences that say why the settlement list cannot be issued yet; empty if it can."""
    found = []
    lines = list(visit.lines.all())
    for line in lines:
        if line.consent_state == ConsentState.DRAFT:
            found.append(_("“%(title)s” has not been put to the customer: ask, or remove it.") % {"title": line.title})
        elif line.consent_state == ConsentState.ASKED:
            found.append(_("The customer has not answered about “%(title)s”.") % {"title": line.title})
        elif line.consent_state == ConsentState.APPROVED and line.kind == LineKind.JOB and line.work != LineWork.DONE:
            found.append(_("“%(title)s” is agreed and not finished.") % {"title": line.title})
    if not any(line.consent_state == ConsentState.APPROVED for line in lines):
        found.append(_("There is nothing to bill: the customer agreed to no item."))
    return found


def find_operations(text: str, limit: int = 12) -> list[Operation]:
    """Active operations whose code begins with, or whose name contains, what was typed; all of the start without text."""
    rows = Operation.objects.filter(active=True).order_by("code")
    if text := text.strip():
        spoken = Q()
        for word, written in SPOKEN.items():
            if word in text:
                spoken |= Q(name_zh__icontains=text.replace(word, written))
        rows = rows.filter(spoken | Q(code__istartswith=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text))
    return list(rows.prefetch_related("parts__part")[:limit])
