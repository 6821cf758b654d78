"""May a visit leave the booking?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from appointments.choices import AppointmentStatus
from appointments.models import Appointment
from core import clock
from visits.models import Visit


def leave_booking(visit: Visit) -> list[str]:
    """The customer is here: the arrival is stamped and the booking says so."""
    booked = _appointment(visit)
    if visit.arrived_at is None or (booked and booked.status != AppointmentStatus.ARRIVED):
        return [_("Record the customer's arrival.")]
    return []


def be_no_show(visit: Visit) -> list[str]:
    """Nobody has failed to come before the booked time has passed."""
    booked = _appointment(visit)
    due = booked.start if booked else visit.due_in_at
    if due and due > clock.now():
        return [_("The booked time has not come yet; cancel the booking instead.")]
    return []


def _appointment(visit: Visit) -> Appointment | None:
    # Asked afresh: the gate judges what is written, not what the caller holds in memory.
    return Appointment.objects.filter(visit=visit).first()
