"""What customers allow: a new row each time, the newest counts, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import DomainError
from customers import queries
from customers.choices import ASKED_CHANNELS, ConsentChannel, Purpose
from customers.events import ConsentGiven, ConsentWithdrawn
from customers.models import Consent, Customer
from journal.domain import record


def give_consent(
    customer: Customer,
    *,
    purpose: Purpose | str,
    channel: ConsentChannel | str,
    by: Actor | HasActor,
    evidence: str = "",
    at: datetime | None = None,
) -> Consent:
    """The customer agrees to be reached for `purpose` by `channel`; `evidence` says where (form number, message id)."""
    return _say(customer, True, purpose, channel, by, evidence, at)


def withdraw_consent(
    customer: Customer,
    *,
    purpose: Purpose | str,
    channel: ConsentChannel | str,
    by: Actor | HasActor,
    evidence: str = "",
    at: datetime | None = None,
) -> Consent:
    """The customer no longer wants it; holds from this moment, also for messages that wait to be sent. DomainError for
    the repair itself, which rests on the contract and not on consent."""
    if purpose == Purpose.SERVICE:
        raise DomainError(
            _("Messages about the repair itself belong to the contract. Choose another channel for them instead."),
            code="not_by_consent",
        )
    return _say(customer, False, purpose, channel, by, evidence, at)


@transaction.atomic
def hear_wishes(
    customer: Customer,
    wishes: Mapping[str, bool],
    *,
    by: Actor | HasActor,
    evidence: str,
    over_refusals: bool = True,
) -> list[Consent]:
    """Note what he answered where he was asked, per purpose; only what changes his newest word is written.

    Yes holds for SMS and telephone, and for the channel he prefers; no ends every way he had allowed, and writes
    nothing where he had allowed none. With `over_refusals` False an earlier no to a way stands: for pages on which anybody
    may type anybody's number.
    """
    known = queries.consents(customer)
    said = []
    for purpose, allowed in wishes.items():
        for channel in _ways(customer) if allowed else ConsentChannel:
            newest = known.get((purpose, channel))
            if allowed == bool(newest and newest.allowed) or (newest and not over_refusals):
                continue
            say = give_consent if allowed else withdraw_consent
            said.append(say(customer, purpose=purpose, channel=channel, by=by, evidence=evidence))
    return said


def _ways(customer: Customer) -> tuple[ConsentChannel, ...]:
    """Each way once; his messages go to the channel he prefers, so it is meant too."""
    return tuple(dict.fromkeys((*ASKED_CHANNELS, ConsentChannel(customer.preferred_channel))))


@transaction.atomic
def _say(customer, allowed, purpose, channel, by, evidence, at) -> Consent:
    row = Consent.objects.create(
        store_id=customer.store_id,
        customer=customer,
        purpose=Purpose(purpose),
        channel=ConsentChannel(channel),
        allowed=allowed,
        evidence=evidence[:200],
        at=at or clock.now(),
    )
    said = ConsentGiven if allowed else ConsentWithdrawn
    evt = said(customer.pk, row.purpose.value, row.channel.value)
    record(evt, store_id=customer.store_id, subject=customer, by=by)
    return row
