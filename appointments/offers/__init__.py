"""What a wish takes of the house and when it would be ready: planning over free capacity, without a database."""

from appointments.offers.answers import CODES, DayAnswer, Offer, Time, refusal_of
from appointments.offers.capacity import MINUTE, Day, Free, Part
from appointments.offers.planning import OPEN_DAYS, FloorPlan, House, Piece, Plan, Refused, wash, work
from appointments.offers.wishes import Item, Need, Wish

__all__ = [
    "CODES",
    "MINUTE",
    "OPEN_DAYS",
    "Day",
    "DayAnswer",
    "FloorPlan",
    "Free",
    "House",
    "Item",
    "Need",
    "Offer",
    "Part",
    "Piece",
    "Plan",
    "Refused",
    "Time",
    "Wish",
    "refusal_of",
    "wash",
    "work",
]
