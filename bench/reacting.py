"""Events a second through reactions: a roll-up, and one that writes messages; each beside what the database alone can do.

Both run in this process by the product's own runner, one transaction with its cursor per batch. They read the loaded
history, so they are registered for it here; the product's own reactions that write messages read live events only.
"""

from __future__ import annotations

import time
from collections import Counter

from django.db import connection, transaction
from psycopg2.extras import execute_values

from bench.table import Row, one_in, rate
from journal import queries, registry, runner
from journal.models import Event
from journal.reactions import reacts_to
from messaging import domain as messaging
from messaging.domain.outbox import Draft
from messaging.models import Message
from stores.access import in_store
from stores.models import Store
from visits.events import CarReady, StageEntered
from visits.models import Visit

ROLL_UP, MESSAGES = "bench.roll_up", "bench.messages"
AIMS = {ROLL_UP: 2000, MESSAGES: 500}


def rows(*, seconds: float) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_roll_up (store_id bigint, day date, stage text, n int, seconds bigint,"
            " PRIMARY KEY (store_id, day, stage))"
        )
    reacts_to(StageEntered, since="beginning", history=True, batch=True, name=ROLL_UP, limit=2000)(roll_up)
    reacts_to(CarReady, since="beginning", history=True, batch=True, name=MESSAGES)(write_messages)
    try:
        rolled, rolled_seconds = _run(ROLL_UP, seconds)
        reading = _reading(seconds / 2)
        written, written_seconds = _run(MESSAGES, seconds)
        inserting = _inserting(seconds / 2)
    finally:
        registry.remove(ROLL_UP)
        registry.remove(MESSAGES)
    _prove(rolled, written)
    return [
        _row(
            "Roll-up in batches (cars per store, day and stage)",
            ROLL_UP,
            rolled / rolled_seconds,
            "reading the same events and nothing else",
            reading,
        ),
        _row(
            "A message for each event, in batches",
            MESSAGES,
            written / written_seconds,
            "bulk_create of such messages and nothing else",
            inserting,
        ),
    ]


def _row(what: str, name: str, measured: float, baseline: str, against: float) -> Row:
    return Row(
        what=f"Reaction: {what}",
        measured=f"{rate(measured)} events",
        baseline=f"{baseline} {rate(against)}",
        ratio=one_in(measured, against),
        aim=f"{AIMS[name]:,}/s",
        reached=measured >= AIMS[name],
    )


# --- The two reactions ---------------------------------------------------------------------------------------------


def roll_up(events: list[Event]) -> None:
    """Count entries and seconds per store, day and stage."""
    entered, spent = Counter(), Counter()
    for event in events:
        key = (event.store_id, event.at.date(), event.data["stage"])
        entered[key] += 1
        spent[key] += event.data["seconds"]
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "INSERT INTO bench_roll_up AS r (store_id, day, stage, n, seconds) VALUES %s ON CONFLICT (store_id, day, stage)"
            " DO UPDATE SET n = r.n + excluded.n, seconds = r.seconds + excluded.seconds",
            [(*key, n, spent[key]) for key, n in sorted(entered.items())],
        )


def write_messages(events: list[Event]) -> None:
    """Tell each customer that the car is ready, through the outbox."""
    store = Store.objects.get(pk=events[0].store_id)
    ids = [event.visit_id for event in events]
    visits = {visit.pk: visit for visit in Visit.objects.filter(pk__in=ids).select_related("customer", "vehicle")}
    messaging.send_many([_draft(event, visits[event.visit_id]) for event in events], store=store)


def _draft(event: Event, visit: Visit) -> Draft:
    return Draft(
        template="car_ready",
        dedupe_key=f"bench:{event.pk}",
        customer=visit.customer,
        params={"plate": visit.vehicle.plate},
        visit_id=visit.pk,
    )


# --- Running and comparing -----------------------------------------------------------------------------------------


def _run(name: str, seconds: float) -> tuple[int, float]:
    """Events handled and seconds taken, batch after batch from the beginning of the journal."""
    reaction = registry.reaction(name)
    queries.create_cursor(name, reaction.since)
    handled, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        outcome = runner.run(reaction, raising=True)
        handled += outcome.handled
        if not outcome.more:
            break
    return handled, time.perf_counter() - started


def _prove(rolled: int, written: int) -> None:
    """The effects are there, each once: figures of work that was not done are none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n) FROM bench_roll_up")
        counted = cursor.fetchone()[0]
    found = Message._base_manager.filter(dedupe_key__regex=r"^bench:\d+$").count()
    if (counted, found) != (rolled, written):
        raise SystemExit(f"{rolled} events were rolled up to {counted}, {written} gave {found} messages")


def _reading(seconds: float) -> float:
    """Events a second read in the same batches, with no reaction."""
    reaction = registry.reaction(ROLL_UP)
    position, read, started = (0, 0, 0), 0, time.perf_counter()
    _cursors, horizon = queries.cursors_and_horizon()
    while time.perf_counter() - started < seconds:
        events = queries.unread(reaction, position, horizon, reaction.limit)
        if not events:
            break
        read, position = read + len(events), events[-1].position
    return read / (time.perf_counter() - started)


def _inserting(seconds: float) -> float:
    """Messages a second inserted in batches of the same size, made before: neither looked up nor journalled."""
    reaction = registry.reaction(MESSAGES)
    with in_store(Store.objects.get()):
        like = list(Message.objects.filter(dedupe_key__startswith="bench:").order_by("pk")[: reaction.limit])
    made, spent, run = 0, 0.0, 0
    while like and spent < seconds:
        run += 1
        for row in like:
            row.pk, row.dedupe_key = None, f"bench:{run}:{row.dedupe_key.rsplit(':', 1)[1]}"
        started = time.perf_counter()
        with transaction.atomic():
            Message._base_manager.bulk_create(like)
        spent += time.perf_counter() - started
        made += len(like)
    return made / spent if spent else 0.0
