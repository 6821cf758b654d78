"""The way out: one gateway per channel, named in settings.MESSAGING_GATEWAYS as a dotted path of its class."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.gateways.base import Found, Gateway, Outcome, Result

__all__ = ["Found", "Gateway", "Outcome", "Result", "gateway_for"]

DEVELOPMENT = "messaging.gateways.development.DevelopmentGateway"


def gateway_for(channel: str) -> Gateway:
    """The gateway of a channel; made once per process and setting."""
    path = getattr(settings, "MESSAGING_GATEWAYS", {}).get(str(channel), DEVELOPMENT)
    return _made(path)


@lru_cache
def _made(path: str) -> Gateway:
    return import_string(path)()
