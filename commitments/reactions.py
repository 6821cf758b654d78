"""Whatever happens to a visit or a case may begin, keep or break a promise."""

from __future__ import annotations

from commitments import domain, queries
from commitments.definitions import EVENTS, READERS, Subject
from commitments.events import CommitmentPublished, CommitmentWithdrawn
from journal.models import Event
from journal.reactions import reacts_to

TERMS = {CommitmentPublished.event_name, CommitmentWithdrawn.event_name}


@reacts_to(*EVENTS, CommitmentPublished, CommitmentWithdrawn, since="now", batch=True, name="commitments.measure")
def measure(events: list[Event]) -> None:
    """Measure what these events are about, all together."""
    subjects: set[Subject] = set()
    for event in events:
        if event.name in TERMS:
            # What began while the terms were being changed may have been measured by those of before.
            subjects |= set(queries.begun_since(event.data["code"], event.at))
            continue
        for definition in READERS[event.name]:
            if (subject := definition.subject_of(event)) and definition.concerns(event):
                subjects.add(subject)
    if subjects:
        domain.measure(subjects, store_id=events[0].store_id)
