"""Everything that changes customers and cars. Import as `from customers import domain as customers`."""

from customers.domain.codes import check_code, issue_code
from customers.domain.consents import give_consent, hear_wishes, withdraw_consent
from customers.domain.entitlements import (
    grant_entitlement,
    return_entitlement,
    use_entitlement,
    void_entitlement,
)
from customers.domain.odometer import read_odometer
from customers.domain.people import note_file_opened, register_customer, update_customer
from customers.domain.vehicles import change_owner, change_plate, note_driver, register_vehicle, update_vehicle

__all__ = [
    "change_owner",
    "change_plate",
    "check_code",
    "give_consent",
    "grant_entitlement",
    "hear_wishes",
    "issue_code",
    "note_driver",
    "note_file_opened",
    "read_odometer",
    "register_customer",
    "register_vehicle",
    "return_entitlement",
    "update_customer",
    "update_vehicle",
    "use_entitlement",
    "void_entitlement",
    "withdraw_consent",
]
