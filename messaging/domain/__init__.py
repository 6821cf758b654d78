"""Writing messages, and handing them to the gateways. Import as `from messaging import domain as messaging`."""

from messaging.domain.outbox import Draft, address_of, cancel, resend, send, send_many
from messaging.domain.relay import relay_due

__all__ = ["Draft", "address_of", "cancel", "relay_due", "resend", "send", "send_many"]
