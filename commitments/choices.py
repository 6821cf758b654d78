from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Code(TextChoices):
    """What a store promises its customers, in the order of the customer's day."""

    CONFIRMED = "confirm_10min", _("Appointment confirmed")
    GREETED = "greeted_3min", _("Greeted on arrival")
    CONSENT = "no_unconsented_billing", _("Nothing billed without consent")
    READY = "ready_by_first_promise", _("Ready by the first promised time")
    FOLLOW_UP = "follow_up_72h", _("Followed up after the visit")
    COMPLAINT = "complaint_1h", _("Complaint answered")
    RESCUE = "rescue_60min", _("Help at the car")


# Promises that name a time of their own; the others are measured against the order or the time promised for the car.
TIMED = (Code.CONFIRMED, Code.GREETED, Code.FOLLOW_UP, Code.COMPLAINT, Code.RESCUE)


class State(TextChoices):
    """How it stands with one promise to one customer."""

    RUNNING = "running", _("Running")
    KEPT = "kept", _("Kept")
    BROKEN = "broken", _("Broken")
    # The customer cancelled, came or left before it mattered.
    EXCLUDED = "excluded", _("Not counted")


class RemedyKind(TextChoices):
    """What the customer is owed when a promise is broken."""

    FREE_WASH = "free_wash", _("Free car wash")
    LABOUR_DISCOUNT = "labour_discount", _("Discount on labour (%)")
    VOUCHER = "voucher", _("Voucher (amount)")
    ITEM_FREE = "item_free", _("The item is free of charge")


# These say how much; the value is a percentage or an amount.
PERCENT, AMOUNT = (RemedyKind.LABOUR_DISCOUNT,), (RemedyKind.VOUCHER,)


class RemedyState(TextChoices):
    OWED = "owed", _("To be given")
    GIVEN = "given", _("Given")
    DECLINED = "declined", _("Declined by the customer")
    WAIVED = "waived", _("Not given")
    # A late record showed that the promise was kept after all.
    LAPSED = "lapsed", _("No longer owed")


# What a person may make of a remedy that is owed.
OUTCOMES = (RemedyState.GIVEN, RemedyState.DECLINED, RemedyState.WAIVED)
