"""Bookings and the capacity ledger they are written in."""

from appointments.models.appointment import Appointment, AppointmentItem
from appointments.models.ledger import BookingPolicy, Bucket, Claim, Hold, LedgerDay

__all__ = [
    "Appointment",
    "AppointmentItem",
    "BookingPolicy",
    "Bucket",
    "Claim",
    "Hold",
    "LedgerDay",
]
