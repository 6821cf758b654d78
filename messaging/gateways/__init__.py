"""The way out: `settings.MESSAGE_GATEWAYS` names the gateway of each channel as a dotted path of an object; "*" serves the rest."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.gateways.base import Found, Gateway, Outcome, Result

__all__ = ["Found", "Gateway", "Outcome", "Result", "gateway_for"]


def gateway_for(channel: str) -> Gateway:
    """The gateway of a channel."""
    paths = settings.MESSAGE_GATEWAYS
    return import_string(paths.get(str(channel)) or paths["*"])
