"""Keeping the sums: adding what an event says, and filling them anew from the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction
from psycopg2.extras import execute_values

from journal.models import Cursor
from reports.choices import Dimension, Grain
from reports.models import RollUp

_UPSERT = """
INSERT INTO reports_rollup AS r (store_id, grain, day, dimension, key, metric, n, total, squares) VALUES %s
ON CONFLICT (store_id, grain, day, dimension, key, metric)
DO UPDATE SET n = r.n + excluded.n, total = r.total + excluded.total, squares = r.squares + excluded.squares
"""


class Cell(NamedTuple):
    """Which sum: the parts of a roll-up's unique key below its store."""

    day: date
    dimension: str
    key: str
    metric: str


@dataclass
class Tally:
    """Sums on their way into the roll-ups, by cell: [n, total, squares]."""

    cells: dict[Cell, list] = field(default_factory=dict)

    def count(self, day: date, parts: Mapping[str, str], values: Mapping[str, Decimal | int | bool | None]) -> None:
        """Add one event: each value that is known, for the store as a whole and for each part (dimension -> key)."""
        known = [(str(metric), Decimal(value)) for metric, value in values.items() if value is not None]
        known = [(metric, value, value * value) for metric, value in known]
        cells = self.cells
        for dimension, key in ((Dimension.STORE.value, ""), *parts.items()):
            dimension, key = str(dimension), str(key)
            for metric, value, square in known:
                sums = cells.get((day, dimension, key, metric))
                if sums is None:
                    cells[Cell(day, dimension, key, metric)] = [1, value, square]
                else:
                    sums[0] += 1
                    sums[1] += value
                    sums[2] += square

    def add(self, cell: Cell, value: Decimal) -> None:
        sums = self.cells.setdefault(cell, [0, Decimal(0), Decimal(0)])
        sums[0] += 1
        sums[1] += value
        sums[2] += value * value

    def rows(self, store_id: int) -> list[tuple]:
        """One row a cell and grain, in the order of the key: two writers never wait for each other crosswise."""
        months: dict[Cell, list] = {}
        for cell, sums in self.cells.items():
            month = months.setdefault(cell._replace(day=cell.day.replace(day=1)), [0, Decimal(0), Decimal(0)])
            for place, value in enumerate(sums):
                month[place] += value
        both = ((Grain.DAY.value, self.cells), (Grain.MONTH.value, months))
        return sorted((store_id, grain, *cell, *sums) for grain, cells in both for cell, sums in cells.items())


def add(store_id: int, tally: Tally) -> None:
    """Add a tally to the store's roll-ups. The caller's transaction also moves the cursor, so each event counts once."""
    if not tally.cells:
        return
    with connection.cursor() as sql:
        execute_values(sql.cursor, _UPSERT, tally.rows(store_id), page_size=1000)


@transaction.atomic
def rebuild(*reactions: str) -> None:
    """Empty the roll-ups of all stores and let these reactions read the journal from its beginning again.

    The cursors are locked first, so no runner adds to what is being emptied; the figures are complete again when the reactions have caught up.
    """
    cursors = list(Cursor.objects.select_for_update().filter(name__in=reactions).order_by("name"))
    RollUp._base_manager.all().delete()
    for cursor in cursors:
        cursor.epoch, cursor.xid, cursor.event_id = 0, 0, 0
        cursor.save(update_fields=["epoch", "xid", "event_id", "moved_at"])
