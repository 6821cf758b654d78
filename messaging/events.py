"""What the journal says about messages to customers."""

from django.utils.translation import gettext_lazy as _

from customers.choices import Purpose
from journal.events import event
from messaging.choices import Channel
from messaging.texts import TEMPLATES


class _Titles:
    """Titles of the templates in the shape the journal's sentences take labels in."""

    choices = [(code, template.title) for code, template in TEMPLATES.items()]


@event("messaging.queued")
class MessageQueued:
    sentence = _("Message written: {template}, {channel}")
    labels = {"template": _Titles, "channel": Channel, "purpose": Purpose}

    template: str
    channel: str
    purpose: str


@event("messaging.sent")
class MessageSent:
    sentence = _("Message sent: {template}, {channel}")
    labels = {"template": _Titles, "channel": Channel}

    template: str
    channel: str
    attempts: int


@event("messaging.failed")
class MessageFailed:
    sentence = _("Message could not be sent: {template}, {channel}")
    labels = {"template": _Titles, "channel": Channel}

    template: str
    channel: str
    attempts: int


@event("messaging.suppressed")
class MessageSuppressed:
    sentence = _("Message not sent, the customer has not agreed: {template}, {channel}")
    labels = {"template": _Titles, "channel": Channel}

    template: str
    channel: str


@event("messaging.cancelled")
class MessageCancelled:
    sentence = _("Message cancelled before it was sent: {template}")
    labels = {"template": _Titles}

    template: str
