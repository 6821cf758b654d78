"""Production without a provider for a channel: messages wait and say so, instead of vanishing."""

from __future__ import annotations

from messaging.gateways.base import Found, Outcome, Result
from messaging.models import Message


class UnsetGateway:
    same_twice = True

    def send(self, message: Message) -> Outcome:
        return Outcome(Result.LATER, error="no_gateway")

    def look_up(self, message: Message) -> Found:
        return Found.ABSENT


gateway = UnsetGateway()
