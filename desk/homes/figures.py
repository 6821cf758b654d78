"""Figures on top of a home: a number, its tone while it is not nought, and where it leads."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.queries import standing
from core import clock
from outreach.queries import to_call
from stores.models import Staff


def figure(label: str, value, tone: str = "", url: str = "") -> dict:
    return {"label": label, "value": value, "tone": tone if value else "", "url": url}


def promises_kept(staff: Staff, *, advisor: Staff | None = None) -> list[dict]:
    """Published promises in danger and remedies owed, of the store or of one advisor's visits. Two queries."""
    if not staff.may("commitments.view"):
        return []
    counted, url = standing(advisor=advisor), reverse("commitments:list")
    return [
        figure(_("Published promises in danger"), counted["at_risk"], "warn", url),
        figure(_("Remedies to be given"), counted["owed"], "bad", url),
    ]


def reminder_calls(staff: Staff) -> list[dict]:
    """Customers to be called because a service falls due."""
    if not staff.may("outreach.call"):
        return []
    due = to_call(clock.local_day(staff.store.tz)).order_by().count()
    return [figure(_("Reminder calls due"), due, "warn", reverse("outreach:calls"))]
