"""What an order does about events elsewhere."""

from __future__ import annotations

from core.actors import Actor
from core.stages import Stage
from journal.reactions import reacts_to
from orders import domain as orders
from visits.events import StageEntered
from visits.models import Visit

WITHOUT_WORK = {Stage.CANCELLED, Stage.NO_SHOW, Stage.LEFT_WITHOUT_SERVICE}


@reacts_to(StageEntered, name="orders.return_entitlements")
def return_entitlements(event) -> None:
    """A visit ended without its work: what was redeemed for it is the car's again."""
    if event.data["stage"] in WITHOUT_WORK:
        orders.give_all_back(Visit.objects.get(pk=event.visit_id), by=Actor.system("orders.return_entitlements"))
