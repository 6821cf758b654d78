"""Who decides about a remedy."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commitments.choices import RemedyState
from stores.models import Staff


def refusal(by: Staff, outcome: str) -> str:
    """Why this person may not settle a remedy this way, as a sentence; empty if he may.

    Not to give what was promised in public is a manager's decision: whoever broke the promise does not excuse himself.
    """
    if not by.may("commitments.remedy"):
        return _("Your role does not settle remedies.")
    if outcome == RemedyState.WAIVED and not by.may("commitments.edit"):
        return _("Only a manager may decide not to give it.")
    return ""
