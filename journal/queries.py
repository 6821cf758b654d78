"""Reading the journal: timelines for people, certain events for reactions, lag for the operator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django_scopes import scopes_disabled

from core import clock
from core.actors import Actor
from journal import registry
from journal.choices import Since
from journal.models import Cursor, Event
from journal.registry import Reaction

Position = tuple[int, int, int]

# The oldest transaction still running. Events at or after it are not certain yet; position (epoch, xmin, 0) lies before all of them.
_HORIZON = "journal_current_epoch(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0"
LAG_COUNTED = 10_000


@dataclass(frozen=True)
class TimelineRow:
    """One line of a visit's story; the page resolves the actor's name."""

    at: datetime
    actor: Actor
    event: Event

    @property
    def sentence(self) -> str:
        return self.event.sentence


def timeline(visit_id: int) -> list[TimelineRow]:
    """All events of a visit in the order they were journalled. Runs inside a store scope; another store's visit gives an empty list."""
    return [
        TimelineRow(event.at, event.actor, event) for event in Event.objects.filter(visit_id=visit_id).order_by("id")
    ]


def lock_cursor(name: str) -> tuple[Cursor, Position] | None:
    """The reaction's cursor, locked, and the horizon; None if another runner has it.

    The horizon is taken in a statement before the events are read: what was certain then is certain afterwards.
    """
    rows = list(
        Cursor.objects.raw(
            f"SELECT *, ARRAY[{_HORIZON}] AS horizon FROM journal_cursor WHERE name = %s FOR UPDATE SKIP LOCKED",  # noqa: S608 - a constant
            [name],
        )
    )
    return (rows[0], tuple(rows[0].horizon)) if rows else None


def cursors_and_horizon() -> tuple[dict[str, Cursor], Position]:
    with connection.cursor() as sql:
        sql.execute(f"SELECT {_HORIZON}")
        horizon = sql.fetchone()
    return {cursor.name: cursor for cursor in Cursor.objects.all()}, horizon


def current_xid() -> int | None:
    """Id of the running transaction, None while it has written nothing."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_current_xact_id_if_assigned()::text::bigint")
        return sql.fetchone()[0]


def _after(position: Position, epoch: int) -> tuple[str, list]:
    """Condition and parameters for events after a position."""
    if position[0] == epoch:
        # Said in single columns as well, because the planner estimates a comparison of rows by its first column alone, and then reads a
        # table of millions from one end to the other.
        return "epoch = %s AND xid >= %s AND (xid, id) > (%s, %s)", [epoch, position[1], position[1], position[2]]
    return "(epoch, xid, id) > (%s, %s, %s)", [*position]


def _certain(horizon: Position, own_xid: int | None) -> tuple[str, list]:
    """Condition and parameters for events before the horizon, and those of the running transaction if its id is given."""
    epoch, xmin, _ = horizon
    certain = "(epoch < %s OR xid < %s)"
    return (certain, [epoch, xmin]) if own_xid is None else (f"({certain} OR xid = %s)", [epoch, xmin, own_xid])


def _concerning(reaction: Reaction) -> tuple[str, list]:
    # The literal lets the planner use the index of live events, so that imported history costs nothing.
    live = "" if reaction.history else "origin = 'live' AND "
    return f"{live}name = ANY(%s)", [list(reaction.event_names)]


def unread(
    reaction: Reaction, position: Position, horizon: Position, limit: int, *, own_xid: int | None = None
) -> list[Event]:
    """The reaction's next certain events after a position, in reading order. `own_xid` admits the running transaction's own events (tests)."""
    where, values = _all_of(_after(position, horizon[0]), _certain(horizon, own_xid), _concerning(reaction))
    statement = f"SELECT * FROM journal_event WHERE {where} ORDER BY epoch, xid, id LIMIT %s"  # noqa: S608 - constants
    return list(Event._base_manager.raw(statement, [*values, limit]))


def _all_of(*conditions: tuple[str, list]) -> tuple[str, list]:
    return " AND ".join(text for text, _ in conditions), [value for _, values in conditions for value in values]


def newest_position() -> Position | None:
    """Position of the newest committed event (or our own), certain or not."""
    with connection.cursor() as sql:
        sql.execute("SELECT epoch, xid, id FROM journal_event ORDER BY epoch DESC, xid DESC, id DESC LIMIT 1")
        return sql.fetchone()


def has_uncertain() -> bool:
    """Whether committed events wait for an older transaction to end."""
    newest = newest_position()
    with connection.cursor() as sql:
        sql.execute(f"SELECT {_HORIZON}")
        return newest is not None and newest >= sql.fetchone()


def create_cursor(name: str, since: Since) -> None:
    """Pin a reaction's cursor at the present horizon or at the beginning; does nothing if it exists."""
    start = _HORIZON if since == Since.NOW else "0, 0, 0"
    now = clock.now()
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO journal_cursor (epoch, xid, event_id, name, since, created_at, moved_at) "
            f"SELECT {start}, %s, %s, %s, %s ON CONFLICT (name) DO NOTHING",
            [name, since, now, now],
        )


def is_installed() -> bool:
    """Whether the journal's tables exist (not so after migrating back to zero)."""
    with connection.cursor() as sql:
        sql.execute("SELECT to_regclass('journal_cursor') IS NOT NULL AND to_regclass('journal_epoch') IS NOT NULL")
        return sql.fetchone()[0]


def cluster() -> int | None:
    """Identity of the database cluster we are in; None where the server does not tell."""
    with connection.cursor() as sql:
        sql.execute("SELECT has_function_privilege('pg_control_system()', 'execute')")
        if not sql.fetchone()[0]:
            return None
        sql.execute("SELECT system_identifier FROM pg_control_system()")
        return sql.fetchone()[0]


@dataclass(frozen=True)
class Lag:
    """How far a reaction is behind. `events` stops counting at LAG_COUNTED; `age` is that of the oldest event it has not digested."""

    reaction: str
    events: int
    age: timedelta
    set_aside: int


def lag() -> list[Lag]:
    """Per reaction, over all stores: undigested events (also those not certain yet, so that a long transaction shows), and open set-asides."""
    now, rows = clock.now(), []
    with scopes_disabled(), connection.cursor() as sql:
        sql.execute("SELECT reaction, count(*) FROM journal_setaside WHERE resolved_at IS NULL GROUP BY reaction")
        aside = dict(sql.fetchall())
        cursors, horizon = cursors_and_horizon()
        for reaction in registry.reactions():
            if reaction.name not in cursors:
                continue
            where, values = _all_of(_after(cursors[reaction.name].position, horizon[0]), _concerning(reaction))
            sql.execute(
                "SELECT count(*), min(at) FROM "  # noqa: S608 - constants
                f"(SELECT at FROM journal_event WHERE {where} ORDER BY epoch, xid, id LIMIT %s) AS unread",
                [*values, LAG_COUNTED],
            )
            count, oldest = sql.fetchone()
            rows.append(
                Lag(reaction.name, count, now - oldest if oldest else timedelta(0), aside.get(reaction.name, 0))
            )
    return rows
