"""What the workshop does about events elsewhere."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.actors import Actor
from core.stages import Stage
from journal.reactions import reacts_to
from messaging import domain as messaging
from orders.events import ConsentAsked, ConsentDecided, ConsentTakenBack, LineAdded, LineChanged, LineRemoved
from repairs import domain as repairs
from repairs.choices import JobState
from repairs.events import PartArrived
from repairs.models import Job
from visits.events import StageEntered
from visits.models import Visit


@reacts_to(StageEntered, name="repairs.free_places")
def free_places(event) -> None:
    """A car left without service: its jobs give back the technician's and the bay's time."""
    if event.data["stage"] != Stage.LEFT_WITHOUT_SERVICE:
        return
    waiting = Job.objects.filter(line__visit_id=event.visit_id, state=JobState.DISPATCHED).select_related("line")
    for job in waiting:
        repairs.withdraw(job, reason=_("The car left without service."), by=Actor.system("repairs.free_places"))


@reacts_to(
    StageEntered,
    ConsentAsked,
    ConsentDecided,
    ConsentTakenBack,
    LineAdded,
    LineChanged,
    LineRemoved,
    name="repairs.keep_capacity",
)
def keep_capacity(event) -> None:
    """What the customer agreed to, was asked or took off changes what his car takes of the house."""
    if event.visit_id and Visit.objects.filter(pk=event.visit_id).exclude(stage=Stage.BOOKING).exists():
        repairs.replan(event.visit_id)


@reacts_to(PartArrived, name="repairs.tell_of_parts")
def tell_of_parts(event) -> None:
    """The customer hears that his part is here, once per delivery; his advisor sees it on his home."""
    visit = Visit.objects.select_related("customer", "vehicle", "store").filter(pk=event.visit_id).first()
    if visit is None or visit.stage != Stage.REPAIR:
        return
    messaging.send(
        store=visit.store,
        template="part_arrived",
        customer=visit.customer,
        params={
            "plate": visit.vehicle.plate or visit.vehicle.title,
            **({"at": visit.promised_at.isoformat()} if visit.promised_at else {}),
        },
        dedupe_key=f"part_arrived:{event.pk}",
        visit_id=visit.pk,
        by=Actor.system("repairs.tell_of_parts"),
    )
