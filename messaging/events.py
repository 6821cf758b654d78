"""What the journal says about messages."""

from django.utils.translation import gettext_lazy as _

from journal.events import event
from messaging.choices import Channel, MessageStatus


@event("messaging.queued")
class MessageQueued:
    sentence = _("Message to the customer written ({channel})")
    labels = {"channel": Channel}  # noqa: RUF012

    message_id: int
    template: str
    channel: str


@event("messaging.settled")
class MessageSettled:
    """The end of a message's way: sent, failed, not sent for want of consent, cancelled, or unknown."""

    sentence = _("Message to the customer: {status}")
    labels = {"status": MessageStatus}  # noqa: RUF012

    message_id: int
    template: str
    status: str
