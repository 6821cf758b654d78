from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TaskKind(TextChoices):
    """招揽类型."""

    MAINTENANCE = "maintenance", _("Service due")
    WIN_BACK = "win_back", _("Win back")


class TaskState(TextChoices):
    OPEN = "open", _("To call, not written to")
    MESSAGED = "messaged", _("Written to")
    CALLED = "called", _("Called, to be tried again")
    BOOKED = "booked", _("Booked")
    DONE = "done", _("Came to the store")
    STOPPED = "stopped", _("Stopped")


# The customer may still be written to and called.
LIVE = (TaskState.OPEN, TaskState.MESSAGED, TaskState.CALLED)


class StopReason(TextChoices):
    BOOKED = "booked", _("Booked with another reminder")
    OPTED_OUT = "opted_out", _("Wants no reminders")
    DECLINED = "declined", _("Not this time")
    ELSEWHERE = "elsewhere", _("Was serviced elsewhere")
    SOLD = "sold", _("Car sold")
    UNREACHABLE = "unreachable", _("Not reachable")
    EXPIRED = "expired", _("Time ran out")


class CallOutcome(TextChoices):
    """What came of one call of the list."""

    BOOK = "book", _("Reached, books now")
    LATER = "later", _("Reached, call again later")
    NO_ANSWER = "no_answer", _("No answer")
    OFF = "off", _("Phone off or out of service")
    WRONG = "wrong", _("Wrong number")
    DECLINED = "declined", _("Reached, not this time")
    ELSEWHERE = "elsewhere", _("Reached, was serviced elsewhere")
    SOLD = "sold", _("Reached, car is sold")


# A person was spoken to: this is a contact that success is counted from.
REACHED = (CallOutcome.BOOK, CallOutcome.LATER, CallOutcome.DECLINED, CallOutcome.ELSEWHERE, CallOutcome.SOLD)
# Outcomes that end the task, and as what.
ENDING = {
    CallOutcome.DECLINED: StopReason.DECLINED,
    CallOutcome.ELSEWHERE: StopReason.ELSEWHERE,
    CallOutcome.SOLD: StopReason.SOLD,
}


class DueBy(TextChoices):
    KM = "km", _("By distance")
    TIME = "time", _("By time")


class RateFrom(TextChoices):
    """Where the kilometres a day come from."""

    READINGS = "readings", _("The car's own readings")
    INVOICE = "invoice", _("Kilometres since it was bought")
    MODEL = "model", _("Cars of the same model")
    STORE = "store", _("All cars of the store")
    DEFAULT = "default", _("Usual figure of the trade")


class Phase(TextChoices):
    """What a nightly run is at, in this order."""

    FULL = "full", _("Every car")
    PACE = "pace", _("Kilometres a day by model")
    CHANGED = "changed", _("Cars with news")
    MAINTENANCE = "maintenance", _("Service reminders")
    WIN_BACK = "win_back", _("Win back")
    EXPIRE = "expire", _("Reminders out of time")
    DONE = "done", _("Run finished")
