"""Who may give away how much, and who asks for more."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import QuerySet

from core.actors import Actor, HasActor
from orders.models import DiscountLimit, DiscountRequest
from stores.models import Staff


def own_limit(by: Actor | HasActor) -> Decimal | None:
    """The percentage the store allows this person's role; None where it has set nothing, and for programs. One query."""
    if not isinstance(by, Staff):
        return None
    row = DiscountLimit.objects.filter(role=by.role_code).first()
    return row.percent if row else None


def limits() -> dict[str, Decimal]:
    """{role: percentage} as far as the store has set any."""
    return dict(DiscountLimit.objects.values_list("role", "percent"))


def open_discounts() -> QuerySet[DiscountRequest]:
    """Discounts that wait for another person's word, the oldest first."""
    return (
        DiscountRequest.objects.filter(decided_at=None)
        .select_related("line__visit__vehicle", "line__visit__customer", "asked_by")
        .order_by("asked_at", "id")
    )
