"""The relay: takes due messages, hands each to its gateway outside any transaction, writes down what became of it.

Any number of relays run at once and any of them may die at any moment. A short transaction claims messages (lease, one
more attempt); a second one marks the outcome only if the claim is still ours (`attempts` fences). What a dead relay held comes
back when its lease ends; then nobody knows whether the provider has it, so a gateway that does not recognise doubles is
asked first, and what stays unclear is shown to people as such instead of being sent twice.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.module_loading import import_string

from core import clock
from customers.choices import Purpose
from customers.queries import allows
from journal.domain import record
from messaging.choices import MessageStatus
from messaging.domain.outbox import OUTBOX
from messaging.events import MessageCancelled, MessageFailed, MessageSent, MessageSuppressed
from messaging.gateways import Found, Outcome, Result, gateway_for
from messaging.models import Message
from messaging.quiet import wait_until
from stores.access import in_store

logger = logging.getLogger(__name__)

BATCH = 20
# Longer than a call may take, many times over; what is left of a batch when it runs short is given back.
LEASE, LEASE_RESERVE = timedelta(seconds=120), timedelta(seconds=40)
# After the n-th try that surely failed; then the message has failed for good.
RETRY_AFTER = [timedelta(seconds=s) for s in (15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600)]
# An unclear outcome is looked up after a minute, then more rarely; then it waits for a person.
LOOK_UP_AFTER, LOOK_UPS = timedelta(minutes=1), 12
MAX_CLAIMS = 40
_UNSURE = {MessageStatus.SENDING, MessageStatus.UNKNOWN}
# Who is asked at the last moment whether a message of a purpose is still wanted; answers with a code why not, or "".
# Apps above this one are named here and nowhere else.
LAST_QUESTIONS = {Purpose.MARKETING: "outreach.gates.hold_back"}

_CLAIM = """
    WITH due AS (
        SELECT id, status FROM messaging_message
        WHERE status IN ('pending', 'sending', 'unknown') AND next_at <= %(now)s
          AND (status <> 'sending' OR lease_until <= %(now)s)
        ORDER BY next_at, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    UPDATE messaging_message AS message
    SET status = 'sending', lease_until = %(lease)s, attempts = attempts + 1
    FROM due WHERE message.id = due.id RETURNING message.id, due.status"""


@dataclass(frozen=True)
class Claim:
    """A message in our hands until `until`; `unsure`: an earlier try may have reached the provider."""

    message: Message
    until: datetime
    unsure: bool


def relay_due(*, seconds: float = 20.0, batch: int = BATCH) -> int:
    """Hand over what is due until nothing is left or `seconds` are up; returns how many messages left our hands."""
    deadline, handed = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        claims = claim(batch)
        if not claims:
            break
        handed += sum(map(_settle, claims))
    return handed


def claim(batch: int = BATCH) -> list[Claim]:
    """Take up to `batch` due messages of all stores, oldest first, in one short transaction of our own."""
    now = clock.now()
    until = now + LEASE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "lease": until, "batch": batch})
        came_from = dict(cursor.fetchall())
    rows = Message._base_manager.filter(pk__in=came_from).select_related("store", "customer").order_by("next_at", "id")
    return [Claim(row, until, came_from[row.pk] in _UNSURE) for row in rows]


def _settle(claim: Claim) -> int:
    """Deal with one claimed message; returns 1 if it was handed to a gateway."""
    message = claim.message
    if clock.now() > claim.until - LEASE_RESERVE:
        _mark(message, status=MessageStatus.UNKNOWN if claim.unsure else MessageStatus.PENDING)
        return 0
    with in_store(message.store_id):
        if message.attempts > MAX_CLAIMS:
            _fail(message, "gave_up")
            return 0
        gateway = gateway_for(message.channel)
        if claim.unsure and not gateway.same_twice:
            found = _safely(gateway.look_up, message, Found.UNCLEAR)
            if found is not Found.ABSENT:
                _found(message, found)
                return 0
        if _held_back(message):
            return 0
        outcome = _safely(gateway.send, message, Outcome(Result.UNCLEAR, error="crashed"))
        _write_down(message, outcome, same_twice=gateway.same_twice)
    return 1


def _held_back(message: Message) -> bool:
    """Whether consent or the hour forbids sending now; both are asked at the last moment."""
    if message.customer and not allows(message.customer, message.purpose, message.channel):
        _mark(message, MessageSuppressed(message.template, message.channel), status=MessageStatus.SUPPRESSED)
        return True
    later = wait_until(message.store, message.purpose, clock.now())
    if later is not None:
        _mark(message, status=MessageStatus.PENDING, next_at=later)
        return True
    question = LAST_QUESTIONS.get(message.purpose)
    if question and (why := import_string(question)(message)):
        _mark(message, MessageCancelled(message.template), status=MessageStatus.CANCELLED, last_error=why)
        return True
    return False


def _safely(call, message: Message, otherwise):
    try:
        return call(message)
    except Exception:
        # A gateway with a defect must not stop the others; nobody knows how far it got.
        logger.exception("gateway of %s failed on message %d", message.channel, message.pk)
        return otherwise


def _write_down(message: Message, outcome: Outcome, *, same_twice: bool) -> None:
    if outcome.result in (Result.ACCEPTED, Result.DELIVERED):
        _sent(message, delivered=outcome.result is Result.DELIVERED, provider_id=outcome.provider_id)
    elif outcome.result is Result.REFUSED:
        _fail(message, outcome.error)
    elif outcome.result is Result.UNCLEAR and not same_twice:
        _mark(
            message, status=MessageStatus.UNKNOWN, next_at=clock.now() + LOOK_UP_AFTER, last_error=outcome.error[:300]
        )
    elif message.attempts > len(RETRY_AFTER):
        _fail(message, outcome.error)
    else:
        wait = max(outcome.retry_after or timedelta(), RETRY_AFTER[message.attempts - 1])
        _mark(message, status=MessageStatus.PENDING, next_at=clock.now() + wait, last_error=outcome.error[:300])


def _found(message: Message, found: Found) -> None:
    if found in (Found.ACCEPTED, Found.DELIVERED):
        _sent(message, delivered=found is Found.DELIVERED, provider_id=message.provider_id)
        return
    # More and more rarely, in the end not at all: next_at so far away means that a person decides.
    waits = min(message.attempts, LOOK_UPS)
    again = clock.now() + (LOOK_UP_AFTER * 2**waits if waits < LOOK_UPS else timedelta(days=3650))
    _mark(message, status=MessageStatus.UNKNOWN, next_at=again)


def _sent(message: Message, *, delivered: bool, provider_id: str) -> None:
    _mark(
        message,
        MessageSent(message.template, message.channel, message.attempts),
        status=MessageStatus.DELIVERED if delivered else MessageStatus.SENT,
        sent_at=clock.now(),
        provider_id=provider_id[:80],
        last_error="",
    )


def _fail(message: Message, error: str) -> None:
    evt = MessageFailed(message.template, message.channel, message.attempts)
    _mark(message, evt, status=MessageStatus.FAILED, last_error=error[:300])


@transaction.atomic
def _mark(message: Message, evt=None, **fields) -> bool:
    """Write the outcome if the claim is still ours; False if another relay took the message over meanwhile."""
    mine = Message._base_manager.filter(pk=message.pk, status=MessageStatus.SENDING, attempts=message.attempts)
    if not mine.update(lease_until=None, **fields):
        logger.warning("message %d was taken over by another relay; its outcome is not ours to write", message.pk)
        return False
    if evt:
        record(evt, store_id=message.store_id, subject=message, visit_id=message.visit_ref, by=OUTBOX)
    return True
