"""What goes before everything else on any home: people who wait now, and clocks that run out."""

from __future__ import annotations

from django.utils.translation import gettext as _

from checkout.queries import waiting_at_the_car
from complaints.queries import warnings_for
from desk.homes.sections import if_any
from guarantees import queries as guarantees
from reception.queries import open_calls
from stores.choices import RoleCode
from stores.models import Staff


def urgent(staff: Staff) -> list[dict]:
    """The sections that have rows for this person, the most pressing first."""
    return [*_at_the_car(staff), *_warned(staff), *_guarantees(staff), *_called(staff)]


def _at_the_car(staff: Staff) -> list[dict]:
    """Customers who leave without being content and wait for a manager at their car."""
    rows = waiting_at_the_car()[:20] if staff.may("complaints.approve") else []
    return if_any("leaving", "at_the_car", _("Go to the customer at his car"), rows)


def _warned(staff: Staff) -> list[dict]:
    """Clocks of cases that this person was warned of."""
    rows = warnings_for(staff)[:20] if staff.may("complaints.work") else []
    return if_any("warnings", "warnings", _("Clocks of cases run out"), rows)


def _called(staff: Staff) -> list[dict]:
    """What waiting customers asked for: an advisor's own customers and whoever waits too long, a manager only the latter."""
    if not staff.may("reception.answer_calls"):
        return []
    rows = open_calls()
    if staff.role_code in (RoleCode.ADVISOR, RoleCode.SERVICE_MANAGER):
        mine = staff.pk if staff.role_code == RoleCode.ADVISOR else None
        rows = [row for row in rows if row.late or (mine and row.visit.advisor_id == mine)]
    return if_any("asked_for", "asked_for", _("Customers who called"), rows)


def _guarantees(staff: Staff) -> list[dict]:
    """Counters of the three guarantees near their limits and work that failed twice, for managers; loan cars owed and cars that
    seem to be back, for whoever looks after them."""
    if not staff.may("guarantees.view"):
        return []
    edits = staff.may("guarantees.edit")
    mine = {} if edits else {"visit__advisor": staff}
    alerts = guarantees.open_alerts()[:20] if edits else []
    twice = guarantees.second_failures()[:20] if edits else []
    owed = guarantees.courtesies_owed()
    back = guarantees.comebacks().filter(state="suggested", visit__ended_at=None, **mine)[:20]
    owed = owed if edits else owed.filter(repair__visit__advisor=staff)
    found = (
        ("guarantee_alerts", _("Warnings of the three guarantees"), alerts),
        ("courtesies", _("Loan cars and travel costs owed"), owed[:20]),
        ("comebacks", _("Failed twice or more"), twice),
        ("comebacks", _("May be the same trouble again"), back),
    )
    return [
        part for n, (kind, title, rows) in enumerate(found) for part in if_any(kind, f"guarantees-{n}", title, rows)
    ]
