"""What the journal says about giving the car back."""

from django.utils.translation import gettext_lazy as _

from handover.choices import NextService
from journal.events import event


@event("handover.prepared")
class HandoverPrepared:
    sentence = _("Handover prepared")

    settlement_id: int
    advisor_id: int


@event("handover.completed")
class HandoverCompleted:
    sentence = _("Car explained and handed over; next service: {next_service}")
    labels = {"next_service": NextService}

    next_service: str
    mileage_out: int
    advisor_id: int
