"""What workshop and parts still have to confirm, on the pages they work on."""

from __future__ import annotations

from django import template

from appointments import domain as appointments
from appointments import waiting
from stores.models import Staff

register = template.Library()


@register.inclusion_tag("appointments/_to_confirm.html")
def bookings_to_confirm(staff: Staff | None) -> dict:
    """A line with the number of coming bookings that wait for this person's word; nothing while there is none."""
    may = staff is not None and staff.may("appointments.prepare")
    count = sum(waiting.unconfirmed(side) for side in appointments.sides_of(staff)) if may else 0
    return {"count": count}
