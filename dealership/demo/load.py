"""Loading the demo history: plan, reserve ids, let the processes write their cars, put constraints back.

Small loads keep every constraint and index in place. Large ones (from FAST_FROM visits) set them aside, which an empty database
allows, and rebuild them afterwards: each rule is then checked over all rows at once.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from random import Random

from django.db import connection, connections, transaction

from core.clock import local_day
from core.errors import Conflict
from dealership.demo import copying, history
from dealership.demo.opening import open_demo_store
from stores.access import in_store
from stores.models import Store

FAST_FROM = 20_000
CARS_PER_BATCH = 400
SEED = 20261121

Progress = Callable[[str, int, int], None]  # step, done, total


def load(visits: int, *, progress: Progress, seed: int = SEED, processes: int | None = None) -> Store:
    """Open the demo store with `visits` closed visits. Conflict if the database has a store already.

    `progress(step, done, total)` is called as it goes. The result depends on `seed`, `visits` and the day only.
    """
    finish_interrupted(progress)
    if Store.objects.exists():
        raise Conflict("The database has a store already. The demo store goes into an empty database only.")
    random = Random(seed)
    with transaction.atomic():
        store = open_demo_store(visits=visits, random=random)
    progress("store", 1, 1)
    if visits:
        fast = visits >= FAST_FROM
        plan = history.plan(visits, today=local_day(store.zone), random=random)
        with in_store(store):
            material = history.material(store)
        bases = _reserve(plan)
        if fast:
            copying.set_aside(model._meta.db_table for model in history.MODELS_LOADED)
        _write_all(
            plan, bases, material, seed=seed, progress=progress, processes=processes or (os.cpu_count() if fast else 1)
        )
        finish_interrupted(progress)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return store


def finish_interrupted(progress: Progress) -> None:
    """Put back what a load set aside, be it this one or one that was killed."""
    waiting = copying.left_over()
    for done, definition in enumerate(waiting, 1):
        copying.put_back_one(*definition)
        progress("rules", done, len(waiting))
    copying.forget()


def _reserve(plan: history.Plan) -> history.Bases:
    firsts = {}
    for name, (model, per_unit) in history.PER_UNIT.items():
        units = plan.cars if name in history.OF_CARS else len(plan.days)
        firsts[name] = copying.reserve(model, units * per_unit)
    return history.Bases(**firsts)


def _write_all(plan, bases, material, *, seed, progress, processes) -> None:
    batches = [(first, min(first + CARS_PER_BATCH, plan.cars)) for first in range(0, plan.cars, CARS_PER_BATCH)]
    done, total = 0, len(plan.days)
    if processes == 1:
        for batch in batches:
            done += _write(plan, bases, material, seed, batch)
            progress("visits", done, total)
        return
    # Forked, so that the plan is shared and not copied; a worker that dies breaks the pool loudly instead of being replaced for ever.
    _work[:] = [plan, bases, material, seed]
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork")) as pool:
        for written in as_completed([pool.submit(_batch, batch) for batch in batches]):
            done += written.result()
            progress("visits", done, total)


_work: list = []


def _batch(batch: tuple[int, int]) -> int:
    return _write(*_work, batch)


def _write(plan, bases, material, seed, batch) -> int:
    """One batch in one transaction: a killed load leaves whole cars only, and no long transaction holds the journal's readers."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Losing the last second of demo data to a power cut is no loss.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SELECT journal_current_epoch(), pg_current_xact_id()::text::bigint")
        position = cursor.fetchone()
        chunk = history.Chunk(plan, bases, material, seed=seed, position=position)
        return chunk.write(cursor, *batch)
