"""Asked by the relay of `messaging` about each reminder in the moment it is sent: is it still wanted?"""

from __future__ import annotations

from datetime import timedelta

from core import clock
from messaging.models import Message
from outreach import queries
from outreach.models import Task
from visits.models import Visit

# Codes that `messaging.queries.trouble_of` puts into words.
NOT_NEEDED, CAPPED = "not_needed", "capped"


def hold_back(message: Message) -> str:
    """Why a reminder must not leave now, as a code; empty if it may. Consent and quiet hours are messaging's own questions.

    Looks at the rows themselves and not at what reactions have made of them: a booking of a second ago counts.
    """
    task = Task.objects.filter(message=message).select_related("vehicle").first()
    if task and _is_over(task):
        return NOT_NEEDED
    policy = queries.policy(message.store)
    since = clock.now() - timedelta(days=policy.cap_days)
    return CAPPED if queries.sent_before(message, since=since) >= policy.max_messages else ""


def _is_over(task: Task) -> bool:
    return (
        not task.is_live
        or task.vehicle.owner_id != task.customer_id
        or queries.is_expected_or_here(task.vehicle_id)
        or Visit.objects.filter(vehicle=task.vehicle_id, released_at__gte=task.created_at).exists()
    )
