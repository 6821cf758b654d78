"""What the workshop does about events elsewhere."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.actors import Actor
from core.stages import Stage
from journal.reactions import reacts_to
from repairs import domain as repairs
from repairs.choices import JobState
from repairs.models import Job
from visits.events import StageEntered


@reacts_to(StageEntered, name="repairs.free_places")
def free_places(event) -> None:
    """A car left without service: its jobs give back the technician's and the bay's time."""
    if event.data["stage"] != Stage.LEFT_WITHOUT_SERVICE:
        return
    waiting = Job.objects.filter(line__visit_id=event.visit_id, state=JobState.DISPATCHED).select_related("line")
    for job in waiting:
        repairs.withdraw(job, reason=_("The car left without service."), by=Actor.system("repairs.free_places"))
