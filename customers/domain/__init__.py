"""Everything that changes customers and cars. Import as `from customers import domain as customers`."""

from customers.domain.consents import give_consent, hear_wishes, withdraw_consent
from customers.domain.odometer import read_odometer
from customers.domain.people import note_file_opened, register_customer, update_customer
from customers.domain.vehicles import change_owner, change_plate, note_driver, register_vehicle, update_vehicle

__all__ = [
    "change_owner",
    "change_plate",
    "give_consent",
    "hear_wishes",
    "note_driver",
    "note_file_opened",
    "read_odometer",
    "register_customer",
    "register_vehicle",
    "update_customer",
    "update_vehicle",
    "withdraw_consent",
]
