"""Writing the journal, and settling events that a reaction could not digest."""

import json
import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actors import SYSTEM, Actor, HasActor, actor_of
from core.errors import Conflict
from journal import events, poke, queries
from journal.choices import Origin
from journal.models import Event, SetAside

logger = logging.getLogger(__name__)


def record(
    evt,
    *,
    store_id: int,
    subject: models.Model,
    by: Actor | HasActor,
    visit_id: int | None = None,
    origin: str = Origin.LIVE,
    at: datetime | None = None,
) -> Event:
    """Journal an event inside the caller's transaction: one INSERT, no query. The reactions are poked after commit.

    `evt` is an instance of an @event class, `subject` the saved row it is about, `at` the time it happened (now).
    Raises TransactionManagementError outside a transaction: an event that survives its change, or is lost beside it, is a lie.
    """
    row = entry(evt, store_id=store_id, subject=subject, by=by, visit_id=visit_id, origin=origin, at=at)
    return record_many([row])[0]


def entry(evt, *, store_id, subject, by, visit_id=None, origin=Origin.LIVE, at=None) -> Event:
    """An unsaved row for `record_many`; arguments as for `record`."""
    actor = actor_of(by)
    if subject.pk is None:
        raise ValueError(f"{evt.event_name}: the subject is not saved yet")
    return Event(
        store_id=store_id,
        name=evt.event_name,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        visit_id=visit_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_code=actor.label if actor.kind == SYSTEM else "",
        at=at or clock.now(),
        data=events.to_data(evt),
        origin=origin,
    )


def record_many(rows: Iterable[Event]) -> list[Event]:
    """Journal many events (made by `entry`) with one INSERT, in their order."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event is journalled inside the transaction of its change")
    rows = list(rows)
    if not rows:
        return rows
    _insert(rows)
    if any(row.origin == Origin.LIVE for row in rows):
        poke.after_commit()
    return rows


# What a writer fills in, here or by COPY; the database adds id, epoch and transaction.
COLUMNS = tuple(
    "store_id name subject_kind subject_id visit_id actor_kind actor_id actor_code at data origin".split()  # noqa: SIM905
)
_VALUES = f"({', '.join('%s' for _ in COLUMNS)})"


def _insert(rows: list[Event]) -> None:
    # Every change of the product passes here: by hand this costs a quarter of what the ORM takes for one row, a tenth for many.
    statement = f"INSERT INTO journal_event ({', '.join(COLUMNS)}) VALUES {', '.join(_VALUES for _ in rows)} RETURNING id, epoch, xid"  # noqa: S608
    values = [json.dumps(row.data) if column == "data" else getattr(row, column) for row in rows for column in COLUMNS]
    with connection.cursor() as sql:
        sql.execute(statement, values)
        for row, (row.id, row.epoch, row.xid) in zip(rows, sql.fetchall(), strict=True):
            row._state.adding, row._state.db = False, connection.alias


def retry(aside: SetAside, *, by: Actor | HasActor) -> SetAside:
    """Have an event that was set aside tried again now (by the next runner, within seconds). Raises Conflict if it is settled already."""
    with transaction.atomic():
        aside = _open(aside)
        aside.next_at = clock.now()
        aside.save(update_fields=["next_at"])
        logger.info("retry of set-aside %d asked for by %s", aside.pk, actor_of(by))
        poke.after_commit()
    return aside


def dismiss(aside: SetAside, *, by: Actor | HasActor) -> SetAside:
    """Settle an event that was set aside without handling it; keeps who decided. Raises Conflict if it is settled already."""
    with transaction.atomic():
        aside = _open(aside)
        actor = actor_of(by)
        aside.next_at, aside.resolved_at, aside.dismissed = None, clock.now(), True
        aside.resolved_by_kind, aside.resolved_by_id = actor.kind, actor.id
        aside.save(update_fields=["next_at", "resolved_at", "dismissed", "resolved_by_kind", "resolved_by_id"])
    return aside


def _open(aside: SetAside) -> SetAside:
    aside = SetAside.objects.select_for_update().get(pk=aside.pk)
    if aside.resolved_at is not None:
        raise Conflict(_("This event is settled already."))
    return aside


def raise_epoch() -> int:
    """Begin a new epoch of transaction ids after the journal moved to another database cluster; returns its number.

    A new cluster counts its transactions from the start: without a new epoch its events would lie before every cursor and never be read.
    Old epochs stay readable as a whole. To be done before the product writes in the new cluster.
    """
    with transaction.atomic(), connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(hashtext('journal_epoch'))")
        sql.execute("SELECT journal_current_epoch() + 1")
        epoch = sql.fetchone()[0]
        # A function without a table behind it is folded into a constant, so the default of the column costs an insert nothing.
        sql.execute(
            f"CREATE OR REPLACE FUNCTION journal_current_epoch() RETURNS integer LANGUAGE sql STABLE AS 'SELECT {int(epoch)}'"
        )
        _note_epoch(epoch, queries.cluster())
    return epoch


def follow_cluster() -> int | None:
    """Raise the epoch if the journal lives in another cluster than the one its epoch began in; returns the new epoch, else None.

    Runs after every `migrate`. A server that does not tell its identity is taken to be the same: there `raise_epoch` is done by hand.
    """
    here = queries.cluster()
    with connection.cursor() as sql:
        sql.execute("SELECT epoch, cluster FROM journal_epoch ORDER BY epoch DESC LIMIT 1")
        recorded = sql.fetchone()
    if recorded is None:
        _note_epoch(1, here)
        return None
    if here is None or recorded[1] is None or here == recorded[1]:
        return None
    epoch = raise_epoch()
    logger.warning("the journal moved to another database cluster: epoch %d begins", epoch)
    return epoch


def _note_epoch(epoch: int, cluster: int | None) -> None:
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO journal_epoch (epoch, cluster, raised_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [epoch, cluster, clock.now()],
        )
