"""Who may do what to a visit."""

from __future__ import annotations

from core.actors import CUSTOMER, STAFF, Actor, HasActor, actor_of
from visits.journey import Way


def may_take(by: Actor | HasActor, way: Way) -> bool:
    """True if `by` may take this way out of a stage.

    A member of staff needs one of the way's permissions (and is given as the Staff row, which carries them); the
    customer only the ways that are his; the system and other programs were checked at their own door.
    """
    actor = actor_of(by)
    if actor.kind == STAFF:
        return hasattr(by, "may") and any(by.may(permission) for permission in way.permissions)
    if actor.kind == CUSTOMER:
        return way.by_customer
    return True
