"""May the visit be closed? Only when the customer was asked, or could not be."""

from __future__ import annotations

from django.utils.translation import gettext as _

from followups.choices import CallState
from followups.models import FollowUpCall
from visits.models import Visit


def leave_follow_up(visit: Visit) -> list[str]:
    call = FollowUpCall.objects.filter(visit=visit).first()
    if call is None or call.state == CallState.OPEN:
        return [_("The customer has not been called yet.")]
    return []
