"""The repair order inside a visit: lines from request to bill, what the customer agreed to, and the settlement list."""

from orders.models.consent import Consent, ConsentPack
from orders.models.imports import ImportRun
from orders.models.line import Line, LinePart, LinePhoto, Recommendation
from orders.models.money import DiscountLimit, DiscountRequest, Redemption
from orders.models.order import RepairOrder
from orders.models.settlement import Settlement

__all__ = [
    "Consent",
    "ConsentPack",
    "DiscountLimit",
    "DiscountRequest",
    "ImportRun",
    "Line",
    "LinePart",
    "LinePhoto",
    "Recommendation",
    "Redemption",
    "RepairOrder",
    "Settlement",
]
