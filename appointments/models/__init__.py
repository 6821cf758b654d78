"""Bookings and the capacity ledger they are written in."""

from appointments.models.appointment import Appointment, AppointmentItem
from appointments.models.ledger import BookingPolicy, Bucket, Claim, Hold, LedgerDay
from appointments.models.waiting import (
    BookingTask,
    Preparation,
    Reminder,
    Ticket,
    WaitlistEntry,
    WaitlistOffer,
)

__all__ = [
    "Appointment",
    "AppointmentItem",
    "BookingPolicy",
    "BookingTask",
    "Bucket",
    "Claim",
    "Hold",
    "LedgerDay",
    "Preparation",
    "Reminder",
    "Ticket",
    "WaitlistEntry",
    "WaitlistOffer",
]
