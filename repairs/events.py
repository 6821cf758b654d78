"""What the workshop journals."""

from dataclasses import field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from journal.events import event
from orders.choices import Risk
from repairs.choices import PauseReason, SubletState


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
    """`seconds`: all clocked time of the job, beside the hours that were sold; `percents`: share of the sold hours by
    technician id where several worked on it."""

    sentence = _("Work finished")

    job_id: int
    line_id: int
    technician_id: int
    seconds: int
    sold_hours: Decimal
    round: int
    percents: dict[str, int] = field(default_factory=dict)


@event("repairs.job_joined")
class JobJoined:
    """Somebody else's clock runs on a job that is in work already."""

    sentence = _("Another technician joined the work")

    job_id: int
    line_id: int
    technician_id: int


@event("repairs.job_left")
class JobLeft:
    """One of several stopped his clock; the work goes on without him."""

    sentence = _("One technician stopped: {reason}; the work goes on")
    labels = {"reason": PauseReason}

    job_id: int
    line_id: int
    technician_id: int
    reason: str
    seconds: int


@event("repairs.job_shared")
class JobShared:
    """`percents`: share of the sold hours by technician id, the job's own technician included."""

    sentence = _("Shares of the job set")

    job_id: int
    line_id: int
    percents: dict[str, int]


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


@event("repairs.step_signed")
class StepSigned:
    """The second signature of a key step, by somebody who did not fill it."""

    sentence = _("Key step signed by a second person")

    job_id: int
    step_id: int
    filled_by_id: int


@event("repairs.sublet_sent")
class SubletSent:
    sentence = _("Work given outside, due back {due_at}")

    sublet_id: int
    line_id: int
    due_at: datetime
    cost: Decimal
    round: int


@event("repairs.sublet_ended")
class SubletEnded:
    sentence = _("Work outside: {state}")
    labels = {"state": SubletState}

    sublet_id: int
    line_id: int
    state: str
    late: bool


@event("repairs.sublet_changed")
class SubletChanged:
    sentence = _("Work outside now due back {due_at}")

    sublet_id: int
    line_id: int
    due_at: datetime
    cost: Decimal


@event("repairs.shift_started")
class ShiftStarted:
    sentence = _("Shift started")

    staff_id: int


@event("repairs.shift_ended")
class ShiftEnded:
    """`worked_seconds`: clocked on jobs within the shift."""

    sentence = _("Shift ended")

    staff_id: int
    seconds: int
    worked_seconds: int


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
    """`former`: the day that was expected before, where it is corrected; `tracked`: there is a tracking number."""

    sentence = _("Part ordered, expected on {expected_on}")

    request_id: int
    job_id: int
    part_id: int | None
    expected_on: date
    former: date | None = None
    tracked: bool = False


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
