"""The stages of a visit, in the order of the customer's day, and the side exits. Codes are stored and journalled; labels are for people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    BOOKING = "booking", _("Booking")
    RECEPTION = "reception", _("Reception")
    REPAIR = "repair", _("Repair")
    INSPECTION = "inspection", _("Final inspection")
    WASH = "wash", _("Wash")
    HANDOVER = "handover", _("Handover")
    CHECKOUT = "checkout", _("Checkout")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("No-show")
    LEFT_WITHOUT_SERVICE = "left_without_service", _("Left without service")


# The nine steps every page shows, in order.
JOURNEY = (
    Stage.BOOKING,
    Stage.RECEPTION,
    Stage.REPAIR,
    Stage.INSPECTION,
    Stage.WASH,
    Stage.HANDOVER,
    Stage.CHECKOUT,
    Stage.FOLLOW_UP,
    Stage.CLOSED,
)
SIDE_EXITS = (Stage.CANCELLED, Stage.NO_SHOW, Stage.LEFT_WITHOUT_SERVICE)
# No way leads out of these.
ENDS = (Stage.CLOSED, *SIDE_EXITS)
# The car stands in the store.
IN_STORE = (Stage.RECEPTION, Stage.REPAIR, Stage.INSPECTION, Stage.WASH, Stage.HANDOVER, Stage.CHECKOUT)
# The workshop has the car.
IN_WORKSHOP = (Stage.REPAIR, Stage.INSPECTION, Stage.WASH)
# Somebody in the store still has something to do.
OPEN = tuple(stage for stage in Stage if stage not in ENDS)


def step_of(stage: str) -> int | None:
    """Place of a stage in the journey, 1 to 9; None for a side exit."""
    return JOURNEY.index(stage) + 1 if stage in JOURNEY else None
