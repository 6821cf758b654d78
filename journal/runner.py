"""Running reactions: read what is certain, digest it, move the cursor, all in one transaction.

What is certain: events whose transaction, and every older one, has ended (`pg_snapshot_xmin`). A sequence is handed out before commit, so a
reader that asks for `id > last seen` loses the row of a transaction that commits late; one that asks for `xid < oldest still running` does not.
"""

import logging
import time
import traceback
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django_scopes import scope

from core import clock
from core.actors import SYSTEM
from journal import domain, poke, queries, registry
from journal.models import Cursor, Event, SetAside
from journal.registry import Reaction

logger = logging.getLogger(__name__)

# A transaction of a reaction holds back every other reader, so it ends after this time even if events of its batch are left.
BATCH_SECONDS = 5.0
# A cursor with nothing to read is moved only when it has fallen this many transactions behind: reading past them again is cheaper than a write.
LAZY_TRANSACTIONS = 200
SLOW_SEARCH = 0.1
# An event that failed is tried again after 30 s, 2 min, 8 min, 32 min, then every hour; after that a person decides.
RETRIES = 8
FIRST_RETRY, LAST_RETRY = timedelta(seconds=30), timedelta(hours=1)
ERROR_LENGTH = 4000
PATIENCE_STEP = 0.02


@dataclass(frozen=True)
class Outcome:
    handled: int = 0
    # Another runner holds the cursor.
    busy: bool = False
    # The batch was full or cut short: there may be more.
    more: bool = False


def run(reaction: Reaction, *, limit: int | None = None, raising: bool = False) -> Outcome:
    """Digest one batch of a reaction in one transaction with the move of its cursor.

    Several runners may call this at once: the cursor's row lock lets one through and the others pass by (`busy`). With `raising` (tests) a
    failing handler's error comes out instead of the event being set aside. Inside an open transaction, its own events are read as well.
    """
    limit = limit or reaction.limit
    inside = connection.in_atomic_block
    with poke.quiet(), transaction.atomic():
        locked = queries.lock_cursor(reaction.name)
        if locked is None:
            return Outcome(busy=True)
        cursor, horizon = locked
        own = queries.current_xid() if inside else None
        events = queries.unread(reaction, cursor.position, horizon, limit, own_xid=own)
        handled = _digest(reaction, events, raising)
        more = len(events) == limit or handled < len(events)
        if more or own is not None:
            # With our own transaction's events admitted, the horizon lies behind them.
            position = events[handled - 1].position if handled else cursor.position
        else:
            position = max(horizon, cursor.position)
        if position != cursor.position:
            cursor.epoch, cursor.xid, cursor.event_id = position
            cursor.save(update_fields=["epoch", "xid", "event_id", "moved_at"])
    return Outcome(handled=handled, more=more)


def _digest(reaction: Reaction, events: list[Event], raising: bool) -> int:
    """Let the reaction handle the events; returns how many from the front are done (handled or set aside)."""
    if not events:
        return 0
    try:
        with transaction.atomic():
            return _in_one_go(reaction, events)
    except Exception:
        if raising or connection.needs_rollback:
            raise
        logger.warning("%s failed on a batch of %d, trying one by one", reaction.name, len(events), exc_info=True)
    return _one_by_one(reaction, events)


def _in_one_go(reaction, events):
    deadline = time.monotonic() + BATCH_SECONDS
    if reaction.batch:
        for store_id, together in _by_store(events).items():
            with scope(store=[store_id]):
                reaction.handler(together)
        return len(events)
    for done, event in enumerate(events, start=1):
        with scope(store=[event.store_id]):
            reaction.handler(event)
        if time.monotonic() > deadline:
            return done
    return len(events)


def _by_store(events):
    stores = {}
    for event in events:
        stores.setdefault(event.store_id, []).append(event)
    return stores


def _one_by_one(reaction, events):
    deadline = time.monotonic() + BATCH_SECONDS
    for done, event in enumerate(events, start=1):
        error = _attempt(reaction, event)
        if error:
            now = clock.now()
            SetAside._base_manager.bulk_create(
                [
                    SetAside(
                        store_id=event.store_id,
                        reaction=reaction.name,
                        event_id=event.pk,
                        error=error,
                        first_at=now,
                        last_at=now,
                        next_at=now + FIRST_RETRY,
                    )
                ],
                ignore_conflicts=True,
            )
        if time.monotonic() > deadline:
            return done
    return len(events)


def _attempt(reaction: Reaction, event: Event) -> str:
    """Handle one event in a savepoint; returns the error text, empty if all went well."""
    try:
        with transaction.atomic(), scope(store=[event.store_id]):
            reaction.handler([event] if reaction.batch else event)
    except Exception as error:
        # A lost connection is nobody's fault: the whole batch comes again.
        if connection.needs_rollback or not connection.is_usable():
            raise
        logger.error("%s set aside %s #%d", reaction.name, event.name, event.pk, exc_info=True)
        return _describe(error)
    return ""


def _describe(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = "\n".join(f"{frame.filename.rsplit('/', 2)[-2]}/{frame.name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__}: {error}\n{places}"[:ERROR_LENGTH]


def retry_due(*, limit: int = 100) -> int:
    """Try events that were set aside and are due again; returns how many attempts were made."""
    attempts = 0
    while attempts < limit and _retry_next():
        attempts += 1
    return attempts


def _retry_next() -> bool:
    now = clock.now()
    with poke.quiet(), transaction.atomic():
        aside = (
            SetAside._base_manager.select_for_update(skip_locked=True)
            .filter(next_at__lte=now)
            .order_by("next_at", "id")
            .first()
        )
        if aside is None:
            return False
        reaction = registry.reaction(aside.reaction)
        event = Event._base_manager.filter(pk=aside.event_id).first()
        if reaction is None or event is None:
            error = "this version of the product has no such reaction" if event else "the event is gone"
        else:
            error = _attempt(reaction, event)
        _settle(aside, error, now)
    return True


def _settle(aside: SetAside, error: str, now) -> None:
    aside.attempts += 1
    aside.last_at = now
    if error:
        aside.error = error
        wait = min(FIRST_RETRY * 4 ** (aside.attempts - 1), LAST_RETRY)
        aside.next_at = now + wait if aside.attempts < RETRIES else None
    else:
        aside.next_at, aside.resolved_at, aside.resolved_by_kind = None, now, SYSTEM
    aside.save(update_fields=["attempts", "last_at", "error", "next_at", "resolved_at", "resolved_by_kind"])


def run_all(*, seconds: float = 20.0, patience: float = 0.0, raising: bool = False) -> int:
    """All reactions, a batch each in turn, until nothing is left or `seconds` are up; returns how many events were handled.

    `patience`: with events written but not certain yet (an older transaction still runs), wait up to so many seconds for them.
    Idle, this is four short queries.
    """
    deadline = time.monotonic() + seconds
    ensure_cursors()
    total = 0
    waiting_since = None
    while True:
        # Looked at before the turn: what becomes certain while it reads is then read by another one.
        uncertain = patience and queries.has_uncertain()
        handled = sum(_turns(deadline, raising))
        total += handled
        if time.monotonic() > deadline:
            return total
        if handled:
            waiting_since = None
        elif uncertain:
            waiting_since = waiting_since or time.monotonic()
            if time.monotonic() - waiting_since > patience:
                return total
            time.sleep(PATIENCE_STEP)
        else:
            return total


def _turns(deadline, raising):
    for reaction in behind():
        yield run(reaction, raising=raising).handled
        if time.monotonic() > deadline:
            return


def behind() -> list[Reaction]:
    """Reactions with something to read.

    Searching without a lock, it also moves cursors past what does not concern them: those with nothing to read that have fallen far behind,
    and those whose next event was slow to find (millions of imported events lie before it), so that the batch itself finds it at once.
    """
    cursors, horizon = queries.cursors_and_horizon()
    own = queries.current_xid() if connection.in_atomic_block else None
    newest = queries.newest_position()
    found = []
    for reaction in registry.reactions():
        cursor = cursors.get(reaction.name)
        if cursor is None or newest is None or cursor.position >= newest:
            continue
        started = time.monotonic()
        first = next(iter(queries.unread(reaction, cursor.position, horizon, 1, own_xid=own)), None)
        slow = time.monotonic() - started > SLOW_SEARCH
        far = (cursor.epoch, cursor.xid + LAZY_TRANSACTIONS) < horizon[:2]
        if first:
            found.append(reaction)
        if own is None and (slow or (far and not first)):
            _skip(cursor, (first.epoch, first.xid, first.id - 1) if first else horizon)
    return found


def _skip(cursor: Cursor, position: queries.Position) -> None:
    """Move a cursor to a position with nothing to read before it, unless another runner moved it meanwhile."""
    epoch, xid, event_id = position
    here = Cursor.objects.filter(pk=cursor.pk, epoch=cursor.epoch, xid=cursor.xid, event_id=cursor.event_id)
    here.update(epoch=epoch, xid=xid, event_id=event_id, moved_at=clock.now())


def deployed() -> None:
    """After every `migrate`: a moved database gets its epoch, new reactions their cursors. Does nothing while the tables do not exist."""
    if queries.is_installed():
        domain.follow_cluster()
        ensure_cursors()


def ensure_cursors() -> list[str]:
    """Give every reaction its cursor; returns the names of new ones.

    Runs at deployment (after migrate), so that `since="now"` means the moment of deployment, and not that of the first event or worker.
    Events of transactions still running at that moment are read.
    """
    known = set(Cursor.objects.values_list("name", flat=True))
    new = [reaction for reaction in registry.reactions() if reaction.name not in known]
    for reaction in new:
        queries.create_cursor(reaction.name, reaction.since)
    return [reaction.name for reaction in new]
