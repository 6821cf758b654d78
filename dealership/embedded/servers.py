"""Both servers of one folder, started and stopped together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from dealership.embedded import addresses
from dealership.embedded.place import Place
from dealership.embedded.postgres import Postgres
from dealership.embedded.valkey import Valkey


@contextmanager
def running(folder: Path, *, on_wait: Callable[[float], None] | None = None):
    """PostgreSQL and Valkey in `folder`, up for the block; yields their `Addresses`.

    Raises `InUse` when another process owns the folder, `EmbeddedError` when a server does not start.
    """
    with Place(folder) as place:
        database, broker = Postgres(place), Valkey(place)
        try:
            database.start(on_wait)
            broker.start(on_wait)
            yield addresses.Addresses(database=database.url(), redis=broker.url())
        finally:
            broker.stop()
            database.stop()
