"""What the journal says about bookings."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appointments.choices import BookingChannel, ServiceKind
from journal.events import event


@event("appointments.booked")
class AppointmentBooked:
    sentence = _("Booked for {starts_at} ({channel}): {services}")
    labels = {"channel": BookingChannel, "services": ServiceKind}

    starts_at: datetime
    advisor_id: int
    channel: str
    services: list[str]
    waits: bool = False


@event("appointments.moved")
class AppointmentMoved:
    sentence = _("Booking moved from {was_at} to {starts_at}")

    starts_at: datetime
    was_at: datetime
    advisor_id: int
    former_advisor_id: int


@event("appointments.cancelled")
class AppointmentCancelled:
    sentence = _("Booking for {starts_at} cancelled")

    starts_at: datetime
    advisor_id: int
    minutes_ahead: int  # negative: after the booked time


@event("appointments.missed")
class AppointmentMissed:
    sentence = _("Customer did not come at {starts_at}")

    starts_at: datetime
    advisor_id: int


@event("appointments.kept")
class AppointmentKept:
    sentence = _("Customer came to the booking of {starts_at}")

    starts_at: datetime
    advisor_id: int
    minutes_late: int  # negative: came early
