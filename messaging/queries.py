"""Reads of the outbox for people: what was written to whom, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.phones import normalise_phone
from messaging.choices import MessageStatus
from messaging.models import Message
from messaging.texts import TEMPLATES

# What only a person can set right.
NEEDS_A_PERSON = (MessageStatus.FAILED, MessageStatus.UNKNOWN)


def messages(*, status: str = "", channel: str = "", template: str = "", text: str = "") -> QuerySet[Message]:
    """Messages of the scope, newest first, with their customer; `text` is the beginning of a name or a whole address."""
    rows = Message.objects.select_related("customer").order_by("-created_at", "-id")
    if status:
        rows = rows.filter(status=status)
    if channel:
        rows = rows.filter(channel=channel)
    if template:
        rows = rows.filter(template=template)
    if text:
        rows = rows.filter(Q(customer__name__startswith=text) | Q(to=normalise_phone(text)) | Q(to=text))
    return rows


def of_visit(visit_id: int) -> QuerySet[Message]:
    """What was written about a visit, newest first."""
    return Message.objects.filter(visit_ref=visit_id).order_by("-created_at", "-id")


def in_trouble() -> dict[str, int]:
    """{status: count} of what only a person can set right."""
    rows = Message.objects.filter(status__in=NEEDS_A_PERSON).values_list("status").annotate(count=Count("pk"))
    return {status.value: dict(rows.order_by("status")).get(status, 0) for status in NEEDS_A_PERSON}


# What the relay still has to do with a message, or a person about it.
UNENDED = (MessageStatus.PENDING, MessageStatus.SENDING, MessageStatus.UNKNOWN, MessageStatus.FAILED)


@dataclass(frozen=True)
class Outbox:
    """The state of the outbox over the scope: unended messages by state, how many are due, and since when the oldest of these."""

    by_status: dict[str, int]
    due: int
    oldest_due: datetime | None


def outbox() -> Outbox:
    """For the operator; messages held back by quiet hours are not due."""
    waiting = Message.objects.filter(status__in=UNENDED)
    counted = dict(waiting.order_by("status").values_list("status").annotate(count=Count("pk")))
    due = Message.objects.filter(status=MessageStatus.PENDING, next_at__lte=clock.now())
    found = due.aggregate(count=Count("pk"), oldest=Min("next_at"))
    by_status = {status.value: counted.get(status, 0) for status in UNENDED}
    return Outbox(by_status, found["count"], found["oldest"])


def title_of(message: Message) -> str:
    """What a message is about, as staff call it."""
    known = TEMPLATES.get(message.template)
    return str(known.title) if known else message.template


def trouble_of(message: Message) -> str:
    """Why a message has not arrived, as a sentence; empty when nothing is wrong. Codes come from the gateways."""
    error = message.last_error
    if not error:
        return ""
    known = {
        "no_address": _("The customer has no phone, WeChat or e-mail on file."),
        "no_gateway": _("No provider is set up for this channel."),
        "gave_up": _("Every try ended badly; the system stopped trying."),
        "bad_answer": _("The provider's answer could not be read."),
        "not_needed": _("The customer had booked, come or declined before it was sent."),
        "capped": _("The customer had been written to often enough by then."),
    }
    if error in known:
        return known[error]
    if error.endswith(("Error", "Timeout")):
        return _("The provider could not be reached.")
    return _("The provider refused: %(code)s.") % {"code": error}
