"""Writing messages and sending them. Import as `from messaging import domain as messaging`."""

from messaging.domain.outbox import cancel, resend, send
from messaging.domain.relay import claim, relay, settle

__all__ = ["cancel", "claim", "relay", "resend", "send", "settle"]
