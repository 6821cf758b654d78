"""May the car leave the store? Nothing owed, and its pass used at the gate."""

from __future__ import annotations

from django.utils.translation import gettext as _

from checkout import queries
from core.money import format_money
from visits.models import Visit


def leave_checkout(visit: Visit) -> list[str]:
    settlement = queries.settlement_of(visit)
    if settlement is None:
        return [_("There is no settlement list; the advisor has to issue it.")]
    missing = []
    if owed := queries.balance(settlement):
        missing.append(_("¥%(amount)s is still owed.") % {"amount": format_money(owed)})
    gate_pass = queries.gate_pass_of(visit)
    if gate_pass is None:
        missing.append(_("The gate pass is not issued yet."))
    elif gate_pass.used_at is None:
        missing.append(_("The gate keeper has not let the car out yet."))
    return missing
