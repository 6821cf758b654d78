"""Pages of `messaging`."""

from __future__ import annotations

from collections.abc import Callable

from messaging import domain as messaging
from messaging.models import Message
from tests import factories
from tests.pages.rows import DONE, Page, Target
from tests.visits_at_stage import Maker


def message(status: str) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        visit = maker("handover")
        row = messaging.send(
            store=maker.store,
            template="car_ready",
            customer=visit.customer,
            params={"plate": visit.vehicle.plate},
            dedupe_key=f"pages-{factories.number()}",
            visit_id=visit.pk,
        )
        Message.objects.filter(pk=row.pk).update(status=status)
        return Target({"pk": row.pk})

    return make


PAGES = [
    Page("messaging:list", "booking_desk", heading="消息"),
    Page("messaging:resend", "booking_desk", message("failed"), post=True, status=DONE),
    Page("messaging:cancel", "booking_desk", message("pending"), post=True, status=DONE),
]
