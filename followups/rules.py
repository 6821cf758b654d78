"""Who may call: customer relations, never the advisor who served the customer (domain.md 1.1, step 14)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stores.models import Staff
from visits.models import Visit


def refusal(staff: Staff, visit: Visit) -> str:
    """Why this person may not make the follow-up call of the visit, as a sentence; empty if he may."""
    if visit.advisor_id == staff.pk:
        return _("You were the advisor of this visit; somebody else has to call.")
    if not staff.may("followups.call"):
        return _("Your role does not make follow-up calls.")
    return ""
