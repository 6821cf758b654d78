"""The nightly run of a store: compute when cars are due, plan a reminder for each that falls due, once per period.

Work is done in batches. A batch is one transaction: it locks the night's row, plans the next cars in the order of their ids,
writes messages and reminders, and moves the row's cursor. A run killed at any moment leaves whole batches; whoever calls
`run_night` again goes on behind the last one. Unique keys (one reminder per car and period, one message per dedupe key)
hold the same line for runs of different nights.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from core import clock
from core.actors import Actor
from outreach import queries
from outreach.choices import LIVE, Phase, StopReason
from outreach.domain import due, planning, reminders
from outreach.models import NightRun, Policy, Task
from stores.access import in_store
from stores.models import Store

NIGHT = Actor.system("outreach")
# Cars computed in one statement, cars reminded in one transaction. Journal readers wait for an open batch: keep it short.
CARS, CHANGED_CARS, REMINDED = 20_000, 5_000, 500
FULL_EVERY = timedelta(days=7)
# A reminder that led to nothing is over so many days after its due date.
GIVE_UP = timedelta(days=60)


@dataclass
class Moved:
    """What a batch did: the cursor it reached (None: nothing is left in this phase) and what it adds to the night's figures."""

    cursor: int | None
    cars: int = 0
    tasks: int = 0
    messages: int = 0
    not_allowed: int = 0


def run_night(store: Store, night: date, *, seconds: float | None = None) -> NightRun:
    """Do the store's run of the night to its end, or for so many seconds; returns its row. Calling it again goes on, calling
    it after the end does nothing. Two callers share the work."""
    deadline = None if seconds is None else time.monotonic() + seconds
    with in_store(store):
        begin(store, night)
        while run_batch(store, night) and (deadline is None or time.monotonic() < deadline):
            pass
        return NightRun.objects.get(night=night, store=store)


def begin(store: Store, night: date) -> NightRun:
    """The night's row. The first night, a change of the rules and every seventh day compute every car, other nights those
    with news."""
    now, digest = clock.now(), due.rules_digest(store)
    last = NightRun.objects.filter(store=store, full=True, phase=Phase.DONE, night__lt=night).order_by("-night").first()
    full = last is None or night - last.night >= FULL_EVERY or last.rules_digest != digest
    start = {
        "full": full,
        "rules_digest": digest,
        "phase": Phase.FULL if full else Phase.CHANGED,
        "started_at": now,
        "moved_at": now,
    }
    return NightRun.objects.get_or_create(store=store, night=night, defaults=start)[0]


@transaction.atomic
def run_batch(store: Store, night: date) -> bool:
    """One batch in one transaction; False when the night is done."""
    run = NightRun.objects.select_for_update().get(night=night, store=store)
    if run.phase == Phase.DONE:
        return False
    policy = queries.policy(store)
    moved = _PHASES[run.phase](store, run, policy)
    for figure in ("cars", "tasks", "messages", "not_allowed"):
        setattr(run, figure, getattr(run, figure) + getattr(moved, figure))
    run.batches += 1
    run.moved_at = clock.now()
    if moved.cursor is not None:
        run.cursor = moved.cursor
    else:
        phases = list(Phase)
        run.phase, run.cursor = phases[phases.index(Phase(run.phase)) + 1], 0
        run.finished_at = run.moved_at if run.phase == Phase.DONE else None
    run.save()
    return run.phase != Phase.DONE


# --- Phases -----------------------------------------------------------------------------------------------------------


def _full(store: Store, run: NightRun, policy: Policy) -> Moved:
    return Moved(*due.compute_range(store, after=run.cursor, limit=CARS))


def _pace(store: Store, run: NightRun, policy: Policy) -> Moved:
    due.refresh_pace(store)
    return Moved(None)


def _changed(store: Store, run: NightRun, policy: Policy) -> Moved:
    return Moved(*due.compute_changed(store, after=run.cursor, limit=CHANGED_CARS))


def _maintenance(store: Store, run: NightRun, policy: Policy) -> Moved:
    if not policy.active:
        return Moved(None)
    cars = planning.due_cars(store, run, policy, limit=REMINDED)
    return _planned(store, run, policy, cars)


def _win_back(store: Store, run: NightRun, policy: Policy) -> Moved:
    if not policy.active:
        return Moved(None)
    if run.win_back_from is None:
        run.win_back_from = planning.win_back_from(store, run.night, policy)
    cars = planning.lost_cars(store, run, policy, limit=REMINDED)
    return _planned(store, run, policy, cars)


def _planned(store: Store, run: NightRun, policy: Policy, cars: list[planning.Car]) -> Moved:
    made = planning.plan(store, run, policy, cars, by=NIGHT)
    reached = cars[-1].vehicle_id if len(cars) == REMINDED else None
    messages = sum(task.message_id is not None for task in made)
    return Moved(reached, tasks=len(made), messages=messages, not_allowed=len(cars) - len(made))


def _expire(store: Store, run: NightRun, policy: Policy) -> Moved:
    late = Task.objects.filter(
        store=store, state__in=LIVE, ended_at=None, due_on__lt=run.night - GIVE_UP, pk__gt=run.cursor
    )
    tasks = list(late.select_for_update(of=("self",)).order_by("pk")[:REMINDED])
    for task in tasks:
        reminders.stop(task, reason=StopReason.EXPIRED, by=NIGHT)
    return Moved(tasks[-1].pk if len(tasks) == REMINDED else None)


_PHASES = {
    Phase.FULL: _full,
    Phase.PACE: _pace,
    Phase.CHANGED: _changed,
    Phase.MAINTENANCE: _maintenance,
    Phase.WIN_BACK: _win_back,
    Phase.EXPIRE: _expire,
}
