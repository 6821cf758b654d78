"""What somebody wants: services, and what they take of the workshop."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from appointments.choices import DEFAULT_WORK
from catalogue.models import Operation


@dataclass(frozen=True)
class Need:
    """Minutes of a technician's skill, in a bay of a kind (empty: anywhere)."""

    skill: str
    bay_kind: str
    minutes: int


@dataclass(frozen=True)
class Item:
    """One service of a booking: a standard operation, or a kind with the customer's words.

    `minutes` overrule both, and so does a `skill` with its bay.
    """

    kind: str
    operation: Operation | None = None
    words: str = ""
    minutes: int | None = None
    price_low: Decimal | None = None
    price_high: Decimal | None = None
    likely: Operation | None = None  # of a fault that was asked about: whose skill and bay it will probably need
    skill: str = ""
    bay_kind: str = ""

    @property
    def need(self) -> Need | None:
        """What it takes of the workshop: the operation's standard hours, else what such a service usually takes."""
        skill, bay_kind, minutes = DEFAULT_WORK[self.kind]
        if self.likely:
            skill, bay_kind = self.likely.skill, self.likely.bay_kind
        if self.operation:
            skill, bay_kind = self.operation.skill, self.operation.bay_kind
            minutes = math.ceil(self.operation.hours * 60)
        if self.skill:
            skill, bay_kind = self.skill, self.bay_kind
        if self.minutes is not None:
            minutes = self.minutes
        return Need(str(skill), str(bay_kind), minutes) if skill and minutes else None


@dataclass(frozen=True)
class Wish:
    """What somebody wants to book, as far as capacity goes."""

    needs: tuple[Need, ...] = ()
    waits: bool = False
    loan_car: bool = False
    pickup: bool = False
    wash: bool = True
    advisor_id: int | None = None  # this advisor and no other
    own_advisor_id: int | None = None  # offered first

    @classmethod
    def of(cls, items: Iterable[Item], **more) -> Wish:
        """The wish of these services; `more` are the other fields."""
        return cls(needs=tuple(item.need for item in items if item.need), **more)

    def as_data(self) -> dict:
        """What a hold keeps: everything but whose advisor is whose."""
        return {
            "needs": [[need.skill, need.bay_kind, need.minutes] for need in self.needs],
            "waits": self.waits,
            "loan_car": self.loan_car,
            "pickup": self.pickup,
            "wash": self.wash,
        }

    @classmethod
    def from_data(cls, data: dict) -> Wish:
        rest = {name: data[name] for name in ("waits", "loan_car", "pickup", "wash") if name in data}
        return cls(needs=tuple(Need(*need) for need in data.get("needs", ())), **rest)
