"""Pages of the three guarantees and of comebacks."""

from guarantees.views.comebacks import comeback, comebacks, confirm, dismiss, mark
from guarantees.views.counters import (
    car,
    cars,
    exclude,
    handle,
    record,
    regroup,
    settle,
    towing,
    withdraw,
)
from guarantees.views.ehealth import ehealth, ehealth_day, ehealth_file

__all__ = [
    "car",
    "cars",
    "comeback",
    "comebacks",
    "confirm",
    "dismiss",
    "ehealth",
    "ehealth_day",
    "ehealth_file",
    "exclude",
    "handle",
    "mark",
    "record",
    "regroup",
    "settle",
    "towing",
    "withdraw",
]
