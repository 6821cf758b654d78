"""How messages leave the house. A gateway is a module-level object with `deliver(message) -> Receipt`.

Which one serves a channel stands in `settings.MESSAGE_GATEWAYS` as a dotted path, so that a store's provider is configuration.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Receipt:
    """`outcome`: sent (accepted), retry (refused for now), failed (will never work), unknown (accepted or not, nobody can say)."""

    outcome: str
    provider_id: str = ""
    error: str = ""


def gateway_for(channel: str):
    """The gateway object of a channel; the development gateway where none is configured."""
    paths = settings.MESSAGE_GATEWAYS
    return import_string(paths.get(channel) or paths["*"])
