from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobState(TextChoices):
    DISPATCHED = "dispatched", _("Dispatched")
    STARTED = "started", _("In work")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Finished")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PauseReason(TextChoices):
    PARTS = "parts", _("Waiting for parts")
    CUSTOMER = "customer", _("Waiting for the customer")
    BAY = "bay", _("Waiting for a bay")
    SUPPORT = "support", _("Waiting for technical support")
    BREAK = "break", _("Break")
    END_OF_SHIFT = "end_of_shift", _("End of shift")


class PartRequestStatus(TextChoices):
    REQUESTED = "requested", _("Requested")
    ORDERED = "ordered", _("On order")
    ISSUED = "issued", _("Issued to the workshop")
    RETURNED = "returned", _("Returned to the counter")
    CANCELLED = "cancelled", _("Cancelled")


class SubletState(TextChoices):
    OUT = "out", _("Outside")
    BACK = "back", _("Back")
    CALLED_OFF = "called_off", _("Called off")
