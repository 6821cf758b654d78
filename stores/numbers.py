"""Numbers that people read aloud: RO20261121-0007."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from core.clock import local_day
from core.clock import now as clock_now
from stores.models import Store


def next_number(store: Store, kind: str, *, at: datetime | None = None) -> str:
    """The next number of `kind` ("RO", "GP", ...) in `store` for the store's local day of `at`.

    One statement; concurrent callers queue on the counter row until the other's transaction ends, so numbers have
    no doubles and, when a transaction rolls back, no gaps.
    """
    day = local_day(store.zone, at or clock_now())
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO stores_counter (store_id, day, kind, last) VALUES (%s, %s, %s, 1)
               ON CONFLICT (store_id, day, kind) DO UPDATE SET last = stores_counter.last + 1 RETURNING last""",
            [store.pk, day, kind],
        )
        (last,) = cursor.fetchone()
    return f"{kind}{day:%Y%m%d}-{last:04d}"
