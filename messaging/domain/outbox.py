"""The outbox: a message is a row, written in the transaction of what it tells about. Sending is the relay's work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from customers.choices import Purpose
from customers.models import Customer
from journal.domain import entry, record, record_many
from messaging import texts
from messaging.choices import Channel, MessageStatus
from messaging.events import MessageCancelled, MessageFailed, MessageQueued
from messaging.models import Message
from stores.access import in_store
from stores.models import Staff, Store

OUTBOX = Actor.system("messaging")
NO_ADDRESS = "no_address"
MAX_KEY = 120
# Tried in this order where the customer's own choice has no address.
_FALLBACK = (Channel.SMS, Channel.WECHAT, Channel.EMAIL)
_RESENDABLE = {MessageStatus.FAILED, MessageStatus.UNKNOWN}


@dataclass(frozen=True)
class Draft:
    """One message to be written; arguments as for `send`."""

    template: str
    dedupe_key: str
    customer: Customer | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    to: str = ""
    channel: str | None = None
    visit_id: int | None = None
    purpose: str | None = None
    not_before: datetime | None = None


def send(
    *,
    store: Store,
    template: str,
    dedupe_key: str,
    customer: Customer | None = None,
    to: str | None = None,
    channel: Channel | str | None = None,
    params: Mapping[str, object] | None = None,
    purpose: Purpose | str | None = None,
    visit_id: int | None = None,
    by: Actor | HasActor | None = None,
    not_before: datetime | None = None,
) -> Message:
    """Write a message into the outbox; it leaves after commit, or at `not_before`. The same `dedupe_key` again returns the first one.

    The body is made at once from `messaging.texts`, in the customer's language. Channel and address: as given, else the
    customer's preference, else what he has (SMS, WeChat, e-mail). With no address at all the row is there as failed, so
    that staff see it and call. The purpose is the template's (a different one is a ValueError); whether the customer
    agrees to it is asked when it is sent, not here.
    """
    draft = Draft(template, dedupe_key, customer, params or {}, to or "", channel, visit_id, purpose, not_before)
    return send_many([draft], store=store, by=by)[0]


@transaction.atomic
def send_many(drafts: Iterable[Draft], *, store: Store, by: Actor | HasActor | None = None) -> list[Message]:
    """Write many messages with four statements in all, for reactions that work in batches; doubles as in `send`.
    Returns the rows in the order of the drafts."""
    with in_store(store):
        return _write(list(drafts), store, by or OUTBOX)


def _write(drafts: list[Draft], store: Store, by: Actor | HasActor) -> list[Message]:
    keys = [draft.dedupe_key for draft in drafts]
    known = _by_key(store, keys)
    new = {}
    for draft in drafts:
        if draft.dedupe_key not in known and draft.dedupe_key not in new:
            new[draft.dedupe_key] = _row(draft, store)
    if new:
        # Another transaction may be writing the same key: it is waited for, and its row is the one that counts.
        Message.objects.bulk_create(new.values(), ignore_conflicts=True)
        written = _by_key(store, list(new))
        record_many(_journal(written[key], by) for key, row in new.items() if written[key].created_at == row.created_at)
        known |= written
    return [known[key] for key in keys]


def _by_key(store: Store, keys: list[str]) -> dict[str, Message]:
    return {row.dedupe_key: row for row in Message.objects.filter(store=store, dedupe_key__in=keys)}


def _row(draft: Draft, store: Store) -> Message:
    template = texts.template(draft.template)
    if draft.purpose and draft.purpose != template.purpose:
        raise ValueError(f"message {draft.template!r} is for {template.purpose}, not for {draft.purpose}")
    if not draft.dedupe_key or len(draft.dedupe_key) > MAX_KEY:
        raise ValueError(f"a dedupe key has 1 to {MAX_KEY} characters: {draft.dedupe_key!r}")
    channel, to = (draft.channel or Channel.SMS, draft.to) if draft.to else address_of(draft.customer, draft.channel)
    language, now = texts.language_of(draft.customer), clock.now()
    subject, body = texts.render(
        draft.template, store=store, customer=draft.customer, params=draft.params, language=language
    )
    return Message(
        store=store,
        dedupe_key=draft.dedupe_key,
        customer=draft.customer,
        visit_ref=draft.visit_id,
        purpose=template.purpose,
        channel=channel,
        to=to,
        template=draft.template,
        language=language,
        params=texts.stored(draft.params),
        subject=subject,
        body=body,
        status=MessageStatus.PENDING if to else MessageStatus.FAILED,
        last_error="" if to else NO_ADDRESS,
        next_at=draft.not_before or now,
        created_at=now,
    )


def address_of(customer: Customer | None, channel: Channel | str | None = None) -> tuple[str, str]:
    """(channel, address) a customer is written to: by `channel` where given, else as he prefers, else as he can be. The
    address is empty when there is none."""
    if customer is None:
        return channel or Channel.SMS, ""
    addresses = {Channel.SMS: customer.phone, Channel.WECHAT: customer.wechat_openid, Channel.EMAIL: customer.email}
    if channel:
        return channel, addresses[Channel(channel)]
    for candidate in (customer.preferred_channel, *_FALLBACK):
        if addresses.get(candidate):
            return candidate, addresses[candidate]
    return Channel.SMS, ""


def _journal(row: Message, by: Actor | HasActor):
    if row.status == MessageStatus.FAILED:
        evt = MessageFailed(row.template, row.channel, row.attempts)
    else:
        evt = MessageQueued(row.template, row.channel, row.purpose)
    return entry(evt, store_id=row.store_id, subject=row, visit_id=row.visit_ref, by=by)


@transaction.atomic
def resend(message: Message, *, by: Staff) -> Message:
    """Have a failed message tried again, to the address the customer has now; also one of unknown outcome, which a person
    answers for: it may arrive twice. Conflict in any other state."""
    message = _lock(message)
    if message.status not in _RESENDABLE:
        raise Conflict(
            _("Only a message that failed can be sent again; this one is: %(status)s.")
            % {"status": message.get_status_display()}
        )
    if message.customer_id:
        message.channel, message.to = address_of(message.customer, message.channel if message.to else None)
    if not message.to:
        raise Conflict(
            _("The customer has no phone, WeChat or e-mail on file. Add one first, or call."), code=NO_ADDRESS
        )
    message.status, message.next_at, message.last_error = MessageStatus.PENDING, clock.now(), ""
    message.save(update_fields=["status", "next_at", "last_error", "channel", "to"])
    evt = MessageQueued(message.template, message.channel, message.purpose)
    record(evt, store_id=message.store_id, subject=message, visit_id=message.visit_ref, by=by)
    return message


@transaction.atomic
def cancel(message: Message, *, by: Actor | HasActor) -> Message:
    """Stop a message that still waits. Conflict once the relay has taken it."""
    message = _lock(message)
    if message.status != MessageStatus.PENDING:
        raise Conflict(
            _("Too late: this message is no longer waiting; it is: %(status)s.")
            % {"status": message.get_status_display()}
        )
    message.status = MessageStatus.CANCELLED
    message.save(update_fields=["status"])
    evt = MessageCancelled(message.template)
    record(evt, store_id=message.store_id, subject=message, visit_id=message.visit_ref, by=by)
    return message


def _lock(message: Message) -> Message:
    return Message.objects.select_for_update(of=("self",)).select_related("customer").get(pk=message.pk)
