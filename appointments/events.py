"""What the journal says about bookings."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from appointments.choices import (
    BookingChannel,
    ClaimSource,
    DisplacedBy,
    OfferState,
    PreparationSide,
    PreparationState,
    ReminderKind,
    ServiceKind,
    TaskKind,
    TaskOutcome,
    TicketState,
    WaitlistState,
)
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
    minutes: int = 0  # of workshop work
    loan_car: bool = False
    pickup: bool = False
    wash: bool = False
    expected_ready_at: datetime | None = None


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


@event("appointments.displaced")
class AppointmentDisplaced:
    sentence = _("The booking for {starts_at} has lost its place and must be moved: {code}")
    labels = {"code": DisplacedBy}

    starts_at: datetime
    code: str


@event("appointments.stand_in")
class StandInNamed:
    sentence = _("Another advisor stands in")

    former_advisor_id: int
    advisor_id: int


@event("appointments.floor_planned")
class FloorPlanned:
    sentence = _("Workshop time kept: {minutes} minutes until {ends_at} ({source})")
    labels = {"source": ClaimSource}

    source: str
    minutes: int
    ends_at: datetime
    short: int = 0  # minutes nothing had room for


@event("appointments.reminded")
class CustomerReminded:
    sentence = _("Customer reminded of {starts_at}: {kind}")
    labels = {"kind": ReminderKind}

    kind: str
    starts_at: datetime


@event("appointments.waits")
class WaitlistJoined:
    sentence = _("Waits for a place from {first_day} to {last_day}")
    labels = {"channel": BookingChannel, "services": ServiceKind}

    first_day: date
    last_day: date
    channel: str
    services: list[str]


@event("appointments.slot_offered")
class SlotOffered:
    sentence = _("Offered from the waitlist: {starts_at}, until {expires_at}")

    starts_at: datetime
    expires_at: datetime
    advisor_id: int


@event("appointments.offer_ended")
class OfferEnded:
    sentence = _("Offer of {starts_at}: {state}")
    labels = {"state": OfferState}

    starts_at: datetime
    state: str


@event("appointments.wait_ended")
class WaitEnded:
    sentence = _("Waitlist: {state}")
    labels = {"state": WaitlistState}

    state: str
    waited_minutes: int


@event("appointments.number_taken")
class NumberTaken:
    sentence = _("Queue number {number} taken")

    number: int


@event("appointments.number_called")
class NumberCalled:
    sentence = _("Queue number {number} called")

    number: int
    waited_minutes: int
    calls: int


@event("appointments.number_ended")
class NumberEnded:
    sentence = _("Queue number {number}: {state}")
    labels = {"state": TicketState}

    number: int
    state: str
    waited_minutes: int


@event("appointments.prepared")
class BookingPrepared:
    sentence = _("{side}: {state}")
    labels = {"side": PreparationSide, "state": PreparationState}

    side: str
    state: str
    starts_at: datetime


@event("appointments.task_opened")
class BookingTaskOpened:
    sentence = _("Booking desk: {kind}")
    labels = {"kind": TaskKind}

    kind: str


@event("appointments.task_done")
class BookingTaskDone:
    sentence = _("Booking desk: {kind} – {outcome}")
    labels = {"kind": TaskKind, "outcome": TaskOutcome}

    kind: str
    outcome: str
    minutes: int


@event("appointments.policy_changed")
class PolicyChanged:
    sentence = _("Booking rules changed: {reserve_percent} % kept free, times held for {hold_minutes} minutes")

    reserve_percent: int
    hold_minutes: int
    change_hours: int
    notice_minutes: int
    offer_minutes: int
    late_minutes: int
    wash_minutes: int
    pickup_runs: int


@event("appointments.menu_changed")
class MenuChanged:
    sentence = _("Booking menu changed: added {added}; taken off {removed}")

    added: list[str]  # codes of operations
    removed: list[str]
