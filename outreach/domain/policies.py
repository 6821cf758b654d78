"""How a store reminds."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from journal.domain import record
from outreach.events import PolicyChanged
from outreach.models import Policy
from stores.models import Staff, Store


@transaction.atomic
def set_policy(store: Store, *, by: Staff, **fields) -> Policy:
    """Change the rules of reminders; `fields` are columns of Policy. They hold from the next message and the next night on.
    DomainError for days that contradict each other."""
    policy = Policy.objects.select_for_update().filter(store=store).first() or Policy(store=store)
    for name, value in fields.items():
        setattr(policy, name, value)
    if policy.call_days > policy.remind_days:
        raise DomainError(_("The call comes after the message: choose fewer days for it."), code="call_days")
    if policy.win_back_days < 30 or policy.give_up_days <= policy.win_back_days:
        raise DomainError(
            _("Win-back begins after 30 days at the earliest, and before the customer is given up."), code="win_back"
        )
    if not 1 <= policy.max_messages <= 31 or not 1 <= policy.cap_days <= 366 or policy.remind_days > 60:
        raise DomainError(_("One of the numbers is out of range."), code="range")
    policy.save()
    record(PolicyChanged(), store_id=store.pk, subject=policy, by=by)
    return policy
