"""Opening a store, putting people to work in it, and its hours. Import as `from stores import domain as stores`."""

from stores.domain.hours import add_period, clear_day, enter_holidays, remove_period, set_day
from stores.domain.leave import end_leave, take_leave
from stores.domain.people import hire, open_store, qualify
from stores.domain.places import add_bay, add_loan_car, add_parking, switch_place

__all__ = [
    "add_bay",
    "add_loan_car",
    "add_parking",
    "add_period",
    "clear_day",
    "end_leave",
    "enter_holidays",
    "hire",
    "open_store",
    "qualify",
    "remove_period",
    "set_day",
    "switch_place",
    "take_leave",
]
