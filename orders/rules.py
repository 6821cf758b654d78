"""Who may do what to an order."""

from __future__ import annotations

from decimal import Decimal

from core.actors import STAFF, Actor, HasActor, actor_of
from core.money import money

DISCOUNT = "orders.discount"
# Product default of a role the store has set no limit for: a tenth of the labour or fee of one item, all of it for whoever may price.
OWN_DISCOUNT = Decimal(10)
ALL = Decimal(100)


def discount_limit(by: Actor | HasActor, *, gross: Decimal, percent: Decimal | None = None) -> Decimal:
    """The largest discount `by` may give on `gross` yuan; `percent` is what the store allows his role, None if it says nothing.

    Programs were checked at their own door.
    """
    if actor_of(by).kind != STAFF:
        return money(gross)
    if percent is None:
        percent = ALL if hasattr(by, "may") and by.may(DISCOUNT) else OWN_DISCOUNT
    return money(gross * percent / 100)
