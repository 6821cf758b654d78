"""What the workshop journals."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from journal.events import event
from orders.choices import Risk
from repairs.choices import PauseReason


@event("repairs.job_dispatched")
class JobDispatched:
    sentence = _("Job dispatched for {start} to {end}")

    job_id: int
    line_id: int
    technician_id: int
    bay_id: int | None
    start: datetime
    end: datetime
    round: int


@event("repairs.job_moved")
class JobMoved:
    """Another time, bay or technician."""

    sentence = _("Job moved to {start} to {end}")

    job_id: int
    line_id: int
    technician_id: int
    former_technician_id: int
    bay_id: int | None
    start: datetime
    end: datetime


@event("repairs.job_withdrawn")
class JobWithdrawn:
    sentence = _("Job withdrawn")

    job_id: int
    line_id: int
    technician_id: int


@event("repairs.job_started")
class JobStarted:
    sentence = _("Work started")

    job_id: int
    line_id: int
    technician_id: int


@event("repairs.job_paused")
class JobPaused:
    """`seconds`: length of the stretch of work that ended."""

    sentence = _("Work paused: {reason}")
    labels = {"reason": PauseReason}

    job_id: int
    line_id: int
    technician_id: int
    reason: str
    seconds: int


@event("repairs.job_resumed")
class JobResumed:
    sentence = _("Work resumed")

    job_id: int
    line_id: int
    technician_id: int


@event("repairs.job_finished")
class JobFinished:
    """`seconds`: all clocked time of the job, beside the hours that were sold."""

    sentence = _("Work finished")

    job_id: int
    line_id: int
    technician_id: int
    seconds: int
    sold_hours: Decimal
    round: int


@event("repairs.job_reopened")
class JobReopened:
    sentence = _("Sent back to the workshop, round {round}")

    job_id: int
    line_id: int
    technician_id: int
    round: int


@event("repairs.step_filled")
class StepFilled:
    """`excused`: left out or out of range, with a reason."""

    sentence = _("Work step filled")

    job_id: int
    step_id: int
    excused: bool
    corrected: bool


@event("repairs.item_proposed")
class ItemProposed:
    """A technician found something; the advisor prices it and asks the customer."""

    sentence = _("Added item proposed: {risk}")
    labels = {"risk": Risk}

    line_id: int
    risk: str
    photos: int
    found_by_id: int
    advisor_id: int | None = None


@event("repairs.part_requested")
class PartRequested:
    sentence = _("Part requested, quantity {quantity}")

    request_id: int
    job_id: int
    part_id: int | None
    quantity: Decimal


@event("repairs.part_issued")
class PartIssued:
    sentence = _("Part issued, quantity {quantity}")

    request_id: int
    job_id: int
    part_id: int | None
    quantity: Decimal
    rest_id: int | None = None  # the request that stays open for what was not there


@event("repairs.part_ordered")
class PartOrdered:
    sentence = _("Part ordered, expected on {expected_on}")

    request_id: int
    job_id: int
    part_id: int | None
    expected_on: date


@event("repairs.part_arrived")
class PartArrived:
    sentence = _("Ordered part arrived, quantity {quantity}")

    request_id: int
    job_id: int
    part_id: int | None
    quantity: Decimal


@event("repairs.part_returned")
class PartReturned:
    sentence = _("Part returned to stock, quantity {quantity}")

    request_id: int
    job_id: int
    part_id: int | None
    quantity: Decimal


@event("repairs.part_request_cancelled")
class PartRequestCancelled:
    sentence = _("Parts request cancelled")

    request_id: int
    job_id: int


@event("repairs.stock_received")
class StockReceived:
    sentence = _("Stock received, quantity {quantity}")

    part_id: int
    quantity: Decimal
