"""The rows of a run in their order."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator

import django

django.setup()

from django.db import connections  # noqa: E402 - after setup, as what follows

from bench import booking, booking_pages, booking_sql, creating, csi, filling, outreach, pages, reacting, server  # noqa: E402
from bench.cluster import RUN, Servers  # noqa: E402
from bench.table import Row  # noqa: E402


def rows(
    servers: Servers, asked: Namespace, *, workers: int, threads: int, say: Callable[[str], None]
) -> Iterator[Row]:
    """Measure what was asked for; the server runs only for the rows that need it."""
    folder = servers.postgres.place.folder
    environment = servers.environment(RUN)
    if {"pages", "create"} & set(asked.only):
        with server.running(environment, workers=workers, threads=threads, log=folder / "granian.log") as port:
            if "pages" in asked.only:
                say("… pages")
                yield from pages.rows(port, seconds=asked.seconds)
            if "create" in asked.only:
                say("… creating")
                yield from creating.create_rows(port, url=servers.url(RUN), folder=folder, seconds=asked.seconds)
    if "reactions" in asked.only:
        say("… reactions")
        yield from reacting.rows(seconds=asked.seconds)
    if "booking" in asked.only:
        say("… booking")
        booking.load(say)
        with server.running(environment, workers=workers, threads=threads, log=folder / "granian.log") as port:
            yield from booking.rows(port, folder=folder, seconds=asked.seconds)
            yield booking_sql.row(servers.url(RUN), folder, asked.seconds)
            yield from booking_pages.rows(port, seconds=asked.seconds)
    if "csi" in asked.only:
        # Last of what runs on the loaded history: it adds a million visits.
        yield csi.load(asked.answers, say)
        with server.running(environment, workers=workers, threads=threads, log=folder / "granian.log") as port:
            say("… CSI page")
            yield from csi.rows(port, count=asked.answers, seconds=asked.seconds)
    if "outreach" in asked.only:
        say("… outreach")
        yield from outreach.rows(cars=asked.cars, say=say)
    connections.close_all()
    if "demo" in asked.only:
        for visits in (1_000, *([1_000_000] if asked.full else [])):
            say(f"… demo of {visits:,} visits")
            yield filling.row(servers, visits)
