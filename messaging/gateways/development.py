"""For trying the product: nothing leaves the machine, every message counts as delivered and is read on the page of messages."""

from __future__ import annotations

import logging

from messaging.gateways.base import Found, Outcome, Result
from messaging.models import Message

logger = logging.getLogger(__name__)


class DevelopmentGateway:
    same_twice = True

    def send(self, message: Message) -> Outcome:
        logger.info("message %d (%s, %s) shown on the page of messages", message.pk, message.template, message.channel)
        return Outcome(Result.DELIVERED, provider_id=f"dev-{message.pk}")

    def look_up(self, message: Message) -> Found:
        return Found.DELIVERED


gateway = DevelopmentGateway()
