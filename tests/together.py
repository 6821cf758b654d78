"""Several people at once, each on a database connection of his own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from django.db import connection, connections

from stores.access import in_store
from stores.models import Store


def together(store: Store, acts: Sequence[Callable]) -> list:
    """Let every act go at the same moment; what each returned or raised, in their order."""
    barrier = threading.Barrier(len(acts))
    outcomes: list = [None] * len(acts)

    def run(number: int, act: Callable) -> None:
        try:
            with in_store(store):
                connection.ensure_connection()
                barrier.wait(timeout=30)
                outcomes[number] = act()
        except Exception as error:  # noqa: BLE001 - the test judges every outcome, also an unexpected one
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes
