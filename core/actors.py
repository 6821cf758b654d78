"""Who did it: a member of staff, the customer himself, the system by a named automatism, or another program through the API."""

from dataclasses import dataclass
from typing import Protocol

STAFF, CUSTOMER, SYSTEM, API = "staff", "customer", "system", "api"
KINDS = (STAFF, CUSTOMER, SYSTEM, API)


@dataclass(frozen=True)
class Actor:
    """`id` is the key in the actor's own table (None for the system); `label` is for logs and pages and is never journalled for people."""

    kind: str
    id: int | None = None
    label: str = ""

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of actor: {self.kind!r}")
        if (self.id is None) != (self.kind == SYSTEM):
            raise ValueError("every actor but the system has an id")

    @classmethod
    def staff(cls, staff_id: int, label: str = "") -> "Actor":
        return cls(STAFF, staff_id, label)

    @classmethod
    def customer(cls, customer_id: int, label: str = "") -> "Actor":
        return cls(CUSTOMER, customer_id, label)

    @classmethod
    def api(cls, key_id: int, label: str = "") -> "Actor":
        return cls(API, key_id, label)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """A named automatism, for example `Actor.system("reactions")`; the name is a code and is journalled."""
        return cls(SYSTEM, None, name)


class HasActor(Protocol):
    @property
    def actor(self) -> Actor: ...


def actor_of(by: Actor | HasActor) -> Actor:
    """The Actor behind a `by=` argument, which is an Actor or something that has one (`stores.Staff`)."""
    return by if isinstance(by, Actor) else by.actor
