"""Who may do what to an order."""

from __future__ import annotations

from decimal import Decimal

from core.actors import STAFF, Actor, HasActor, actor_of
from core.money import money

DISCOUNT = "orders.discount"
# Product default: what the front desk may give away by itself, of the labour or fee of one item.
OWN_DISCOUNT = Decimal("0.10")


def discount_limit(by: Actor | HasActor, *, gross: Decimal) -> Decimal:
    """The largest discount `by` may give on labour or a fee of `gross` yuan.

    Whoever holds `orders.discount` may give all of it, other staff a tenth. Programs were checked at their own door.
    """
    if actor_of(by).kind != STAFF or (hasattr(by, "may") and by.may(DISCOUNT)):
        return money(gross)
    return money(gross * OWN_DISCOUNT)
