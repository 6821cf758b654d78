"""Reads of the counters and of comebacks."""

from guarantees.queries.comebacks import (
    candidates,
    chain,
    comebacks,
    first_time_fix,
    of_visit,
    second_failures,
    who_did,
)
from guarantees.queries.counters import (
    Car,
    car,
    cars,
    counted_cars,
    courtesies_owed,
    courtesy_days,
    numbers,
    open_alerts,
)
from guarantees.queries.records import record_of

__all__ = [
    "Car",
    "candidates",
    "car",
    "cars",
    "chain",
    "comebacks",
    "counted_cars",
    "courtesies_owed",
    "courtesy_days",
    "first_time_fix",
    "numbers",
    "of_visit",
    "open_alerts",
    "record_of",
    "second_failures",
    "who_did",
]
