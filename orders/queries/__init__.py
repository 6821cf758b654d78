"""Reads of the order. Import as `from orders import queries as orders`."""

from orders.queries.documents import (
    canonical,
    digest,
    line_view,
    pack_content,
    pack_document,
    settlement_content,
)
from orders.queries.limits import limits, open_discounts, own_limit
from orders.queries.lines import (
    Totals,
    billable_lines,
    consented_amount,
    current_settlement,
    declined_safety,
    find_operations,
    open_lines,
    open_pack,
    open_recommendations,
    order_lines,
    order_of,
    settlement_blockers,
    totals,
    totals_of,
)

__all__ = [
    "Totals",
    "billable_lines",
    "canonical",
    "consented_amount",
    "current_settlement",
    "declined_safety",
    "digest",
    "find_operations",
    "limits",
    "line_view",
    "open_discounts",
    "open_lines",
    "open_pack",
    "open_recommendations",
    "order_lines",
    "order_of",
    "own_limit",
    "pack_content",
    "pack_document",
    "settlement_blockers",
    "settlement_content",
    "totals",
    "totals_of",
]
