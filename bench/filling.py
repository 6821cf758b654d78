"""`manage.py demo`: seconds for a store with so many visits, the command's start and the cars of today included."""

from __future__ import annotations

import time

from bench.cluster import DEMO, EMPTY, Servers
from bench.table import Row, rate

AIMS = {1_000: 15, 1_000_000: 600}


def row(servers: Servers, visits: int) -> Row:
    servers.copy(EMPTY, DEMO)
    started = time.monotonic()
    servers.manage("demo", "--visits", str(visits), database=DEMO)
    seconds = time.monotonic() - started
    servers.drop(DEMO)
    return Row(
        what=f"manage.py demo --visits {visits}",
        measured=f"{seconds:.1f} s ({rate(visits / seconds)} visits)",
        aim=f"under {AIMS[visits]} s",
        reached=seconds < AIMS[visits],
    )
