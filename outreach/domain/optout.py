"""“No more reminders”: said on the telephone, or by the link that every reminder carries."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction

from core.actors import Actor, HasActor
from customers import domain as customers
from customers import queries as known
from customers.choices import ConsentChannel, Purpose
from customers.models import Customer
from outreach.choices import StopReason
from outreach.domain import reminders

# Signed, not stored: it can do nothing but stop reminders, and must still work in years.
_SIGNER = Signer(salt="outreach.stop", sep=".")


def stop_link(customer: Customer) -> str:
    """The address that ends all reminders to this customer."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/c/stop/{_SIGNER.sign(customer.pk)}/"


def customer_of(token: str) -> Customer | None:
    """Whose link this is, whatever the store; None for a wrong one."""
    try:
        pk = int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    return Customer._base_manager.filter(pk=pk).select_related("store").first()


@transaction.atomic
def opt_out(customer: Customer, *, by: Actor | HasActor, evidence: str) -> Customer:
    """The customer wants no reminders on any channel: holds from this moment, also for those on their way. Once more is
    harmless."""
    said = known.consents(customer)
    for channel in ConsentChannel:
        newest = said.get((Purpose.MARKETING, channel))
        if newest is None or newest.allowed:
            customers.withdraw_consent(customer, purpose=Purpose.MARKETING, channel=channel, by=by, evidence=evidence)
    reminders.stop_all(customer, reason=StopReason.OPTED_OUT, by=by)
    return customer
