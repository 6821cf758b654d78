"""What complaints does when something happens elsewhere."""

from __future__ import annotations

from checkout.choices import Leaving
from checkout.events import AskedBeforeLeaving
from checkout.models import LeavingAnswer
from complaints.choices import CaseSource, Severity
from complaints.domain import open_case
from core.actors import Actor
from journal.models import Event
from journal.reactions import reacts_to


@reacts_to(AskedBeforeLeaving, since="now", name="complaints.not_content")
def open_case_of_leaving(event: Event) -> None:
    """Who leaves without being content has a case: his words, an owner, a clock."""
    if event.data["answer"] != Leaving.NOT_CONTENT:
        return
    row = LeavingAnswer.objects.select_related("visit__store").get(pk=event.subject_id)
    open_case(
        store=row.visit.store,
        words=row.words,
        source=CaseSource.DESK,
        by=Actor.system("leaving"),
        visit=row.visit,
        severity=Severity.L2,
    )
