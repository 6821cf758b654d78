"""What follows from an event: functions that read the journal after commit.

    @reacts_to(StageEntered, since="now", name="followups.open")
    def open_follow_up(event): ...

A reaction's effects on the database happen exactly once: a batch runs in one transaction with the move of its cursor (`journal.runner`).
It may write rows and journal further events; it never calls the world outside (that is an outbox row).
"""

from journal import registry
from journal.choices import Since


def reacts_to(*event_classes: type, since="now", history=False, batch=False, name=None, limit=500):
    """Register the function as a reaction to these events.

    since    "now": events committed after its deployment; "beginning": all that were ever journalled.
    history  also imported and demo events (roll-ups only).
    batch    the function receives a list of Event rows of one store, in order, instead of one Event.
    name     durable name of its cursor, by default "<app>.<function>"; renaming it starts a new cursor.
    limit    events per transaction.
    """
    if not event_classes:
        raise TypeError("a reaction names the events it reads")

    def register(handler):
        registry.add(
            registry.Reaction(
                name=name or f"{handler.__module__.split('.')[0]}.{handler.__name__}",
                event_names=tuple(cls.event_name for cls in event_classes),
                handler=handler,
                since=Since(since),
                history=history,
                batch=batch,
                limit=limit,
            )
        )
        return handler

    return register
