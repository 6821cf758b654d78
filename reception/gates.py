"""May a visit leave reception, and may the customer be asked to sign?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from orders.choices import ConsentState
from orders.queries import billable_lines, open_lines
from reception.models import CheckIn
from visits.models import Visit


def before_signing(visit: Visit) -> list[str]:
    """What has to be there before the estimate is shown for signature."""
    found = []
    sheet = CheckIn.objects.filter(visit=visit).first()
    if sheet is None or sheet.completed_at is None:
        found.append(_("Walk around the car with the customer and fill the sheet."))
    elif not sheet.valuables_reminded:
        found.append(_("Remind the customer to take valuables out of the car."))
    if not visit.lines.exclude(consent_state=ConsentState.DECLINED).exists():
        found.append(_("Put the work on the estimate."))
    return found


def leave_reception(visit: Visit) -> list[str]:
    """Work may begin: the car was looked at, every item has the customer's word, and a ready time was promised."""
    found = before_signing(visit)
    if open_lines(visit).exists():
        found.append(_("Have the customer sign the estimate."))
    elif not found and not billable_lines(visit).exists():
        found.append(_("The customer agreed to no item yet."))
    if visit.promised_at is None:
        found.append(_("Promise the customer a time when the car is ready."))
    return found
