"""What a gateway promises to the relay: it says what became of a message, and never raises for what a provider answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol

from messaging.models import Message


class Result(Enum):
    """What is certain after a call."""

    ACCEPTED = "accepted"  # the provider has it
    DELIVERED = "delivered"  # the customer has it
    LATER = "later"  # surely not accepted; worth another try
    REFUSED = "refused"  # surely not accepted; no try will help
    UNCLEAR = "unclear"  # it may or may not have been accepted


class Found(Enum):
    """What a provider knows of a message when asked afterwards."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    ABSENT = "absent"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Outcome:
    result: Result
    provider_id: str = ""
    error: str = ""  # a code or short text for staff; no address, no name
    retry_after: timedelta | None = None


class Gateway(Protocol):
    """`same_twice`: handing over a message with the same key again reaches the customer once (the provider knows the key).
    Where it is False, an unclear outcome is looked up before anything is sent again."""

    same_twice: bool

    def send(self, message: Message) -> Outcome: ...

    def look_up(self, message: Message) -> Found: ...


def key_of(message: Message) -> str:
    """The key a provider tells doubles by: the same for every try of one message, different between stores."""
    return f"{message.store_id}:{message.dedupe_key}"
