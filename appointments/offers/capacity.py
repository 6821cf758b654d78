"""What one reader saw free at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

MINUTE = timedelta(minutes=1)


class Free(NamedTuple):
    """What one reader may still take of a bucket."""

    bucket_id: int
    amount: int


@dataclass
class Part:
    """An opening period of a day with what is free in it: {(resource, key): Free}."""

    day: date
    start: datetime
    end: datetime
    free: dict[tuple[str, str], Free] = field(default_factory=dict)

    def left(self, cursor: datetime) -> int:
        """Whole minutes between `cursor` and the end of the part."""
        return (self.end - max(cursor, self.start)) // MINUTE


@dataclass
class Day:
    """A day of the ledger. `planned`: the resources of which the house has anything at all; others limit nothing."""

    day: date
    parts: list[Part] = field(default_factory=list)
    planned: set[str] = field(default_factory=set)
    loan_car: Free | None = None
