"""The outbox: a message is a row, written in the transaction of what it tells about."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from customers.choices import Purpose
from customers.models import Customer
from journal.domain import record
from messaging.choices import Channel, MessageStatus
from messaging.events import MessageQueued, MessageSettled
from messaging.models import Message
from messaging.texts import TEXTS
from stores.models import Store

SYSTEM = Actor.system("messaging")


@transaction.atomic
def send(
    *,
    store: Store,
    template: str,
    dedupe_key: str,
    customer: Customer | None = None,
    to: str | None = None,
    channel: Channel | str | None = None,
    params: dict | None = None,
    purpose: Purpose | str | None = None,
    visit_id: int | None = None,
    by: Actor | HasActor | None = None,
    not_before: datetime | None = None,
) -> Message:
    """Write a message into the outbox; the relay sends it after commit.

    The same `dedupe_key` again returns the message that is there: asking twice never sends twice. Channel and address
    follow from the customer unless given. DomainError if there is no address to write to. Consent is looked at when it is sent.
    """
    if known := Message.objects.filter(store=store, dedupe_key=dedupe_key).first():
        return known
    channel, to = _address(customer, channel, to)
    text, language = TEXTS[template], customer.language if customer else "zh-hans"
    values = {"store": store.name_zh if language.startswith("zh") else store.name, **(params or {})}
    now = clock.now()
    message = Message(
        store=store,
        dedupe_key=dedupe_key,
        customer=customer,
        visit_ref=visit_id,
        purpose=purpose or text.purpose,
        channel=channel,
        to=to,
        template=template,
        language=language,
        params=params or {},
        subject=text.subject(language),
        body=text.body(language).format_map(_readable(values, store)),
        next_at=not_before or now,
        created_at=now,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError as error:
        if "messaging_message_once" not in str(error):
            raise
        return Message.objects.get(store=store, dedupe_key=dedupe_key)
    record(
        MessageQueued(message.pk, template, str(channel)),
        store_id=store.pk,
        subject=message,
        visit_id=visit_id,
        by=by or SYSTEM,
    )
    return message


def _address(customer: Customer | None, channel, to) -> tuple[str, str]:
    """Where to write: what was named, else the customer's preferred channel, else the first he has."""
    if to:
        return channel or Channel.SMS, to
    addresses = {}
    if customer:
        addresses = {
            Channel.WECHAT: customer.wechat_openid,
            Channel.SMS: customer.phone,
            Channel.EMAIL: customer.email,
        }
    wanted = [channel] if channel else [customer.preferred_channel if customer else "", *addresses]
    for choice in wanted:
        if address := addresses.get(choice):
            return Channel(choice), address
    raise DomainError(_("There is no phone number, WeChat or e-mail to write to; call the customer."), code="no_address")


def _readable(values: dict, store: Store) -> dict:
    shown = {}
    for key, value in values.items():
        if key == "at" or key.endswith("_at"):
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            value = moment.astimezone(store.tz).strftime("%m-%d %H:%M")
        shown[key] = value
    return shown


@transaction.atomic
def cancel(message: Message, *, by: Actor | HasActor) -> Message:
    """Take back a message that has not left; Conflict if it has."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.status != MessageStatus.PENDING:
        raise Conflict(_("This message has left already; it cannot be taken back."))
    message.status = MessageStatus.CANCELLED
    message.save(update_fields=["status"])
    return _settled(message, by)


@transaction.atomic
def resend(message: Message, *, by: Actor | HasActor) -> Message:
    """Try a failed message, or one whose outcome nobody knows, once more; Conflict for any other."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.status not in (MessageStatus.FAILED, MessageStatus.UNKNOWN):
        raise Conflict(_("Only a message that failed can be sent again."))
    message.status, message.next_at, message.lease_until = MessageStatus.PENDING, clock.now(), None
    message.last_error = ""
    message.save(update_fields=["status", "next_at", "lease_until", "last_error"])
    record(
        MessageQueued(message.pk, message.template, message.channel),
        store_id=message.store_id,
        subject=message,
        visit_id=message.visit_ref,
        by=by,
    )
    return message


def _settled(message: Message, by: Actor | HasActor) -> Message:
    record(
        MessageSettled(message.pk, message.template, message.status),
        store_id=message.store_id,
        subject=message,
        visit_id=message.visit_ref,
        by=by,
    )
    return message
