"""The relay: claim with a lease, call the gateway outside any transaction, settle with a fence.

A relay that dies after claiming leaves a lease that runs out. Whether the gateway had taken the message is then unknown;
it is handed over again only on channels where the provider refuses a second copy by its id (all of ours carry the dedupe key).
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django_scopes import scopes_disabled

from core import clock
from core.actors import Actor
from customers.queries import allows
from journal.domain import record
from messaging.choices import MessageStatus
from messaging.events import MessageSettled
from messaging.gateways import Receipt, gateway_for
from messaging.models import Message
from stores.access import in_store

LEASE = timedelta(seconds=60)
# After an attempt that may be repeated: 10 s, 1 min, 5 min, 30 min, 2 h, 6 h; then it has failed.
RETRY_AFTER = [timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600)]
RELAY = Actor.system("relay")


def relay(*, limit: int = 50) -> int:
    """Send what is due, of all stores; returns how many were handed to a gateway. Any number of relays may run at once."""
    sent = 0
    with scopes_disabled():
        claimed = claim(limit=limit)
    for message in claimed:
        with in_store(message.store_id):
            sent += _hand_over(message)
    return sent


@transaction.atomic
def claim(*, limit: int) -> list[Message]:
    """Lease due messages to this relay. Expired leases are due again; `attempts` is the fence."""
    now = clock.now()
    rows = list(
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            Q(status=MessageStatus.PENDING, next_at__lte=now)
            | Q(status=MessageStatus.SENDING, lease_until__lt=now, next_at__lte=now)
        )
        .select_related("customer")
        .order_by("next_at", "id")[:limit]
    )
    for row in rows:
        row.status, row.lease_until, row.attempts = MessageStatus.SENDING, now + LEASE, row.attempts + 1
    Message.objects.bulk_update(rows, ["status", "lease_until", "attempts"])
    return rows


def _hand_over(message: Message) -> int:
    if message.customer and not allows(message.customer, message.purpose, message.channel):
        settle(message, Receipt("suppressed"))
        return 0
    settle(message, gateway_for(message.channel).deliver(message))
    return 1


@transaction.atomic
def settle(message: Message, receipt: Receipt) -> bool:
    """Write down what became of a claimed message; False if another relay has it by now."""
    now = clock.now()
    status = _status(message, receipt)
    fields = {
        "status": status,
        "lease_until": None,
        "provider_id": receipt.provider_id,
        "last_error": receipt.error,
    }
    if status == MessageStatus.SENT:
        fields["sent_at"] = now
    if status == MessageStatus.PENDING:
        fields["next_at"] = now + RETRY_AFTER[message.attempts - 1]
    mine = Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, attempts=message.attempts)
    if not mine.update(**fields):
        return False
    if status != MessageStatus.PENDING:
        record(
            MessageSettled(message.pk, message.template, str(status)),
            store_id=message.store_id,
            subject=message,
            visit_id=message.visit_ref,
            by=RELAY,
        )
    return True


def _status(message: Message, receipt: Receipt) -> MessageStatus:
    if receipt.outcome == "retry":
        return MessageStatus.PENDING if message.attempts <= len(RETRY_AFTER) else MessageStatus.FAILED
    return {
        "sent": MessageStatus.SENT,
        "failed": MessageStatus.FAILED,
        "unknown": MessageStatus.UNKNOWN,
        "suppressed": MessageStatus.SUPPRESSED,
    }[receipt.outcome]
