"""A journal with nothing in it but what a test declares: events of a made-up workshop, and a table that shows what reactions did."""

from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection

from core.actors import Actor
from journal import domain, registry, runner
from journal.events import event
from journal.models import Cursor, Event
from journal.reactions import reacts_to
from journal.testing import only_reactions
from stores.models import Store

SYSTEM = Actor.system("test")


@dataclass
class Workshop:
    """Declares events, records them and counts what reactions saw."""

    Opened: type = None
    Closed: type = None
    seen: list = field(default_factory=list)

    def record(self, number=1, *, cls=None, store_id=1, by=SYSTEM, **kwargs) -> Event:
        return domain.record(
            (cls or self.Opened)(number), store_id=store_id, subject=Store(pk=store_id), by=by, **kwargs
        )

    def record_many(self, numbers, *, cls=None, store_id=1, **kwargs) -> list[Event]:
        make = cls or self.Opened
        return domain.record_many(
            [domain.entry(make(n), store_id=store_id, subject=Store(pk=store_id), by=SYSTEM, **kwargs) for n in numbers]
        )

    def note(self, event) -> None:
        """A handler whose effect is a row."""
        with connection.cursor() as sql:
            sql.execute("INSERT INTO test_effect (event_id, number) VALUES (%s, %s)", [event.id, event.payload.number])

    def react(self, handler=None, *classes, name="test.reaction", since="beginning", **kwargs):
        """Registers a reaction to the given events (Opened) and returns it."""
        # A flush between tests looks like a deployment and gives the reactions of the test before their cursors again.
        Cursor.objects.filter(name=name).delete()
        reacts_to(*(classes or [self.Opened]), name=name, since=since, **kwargs)(handler or self.note)
        runner.ensure_cursors()
        return registry.reaction(name)

    @staticmethod
    def effects() -> list[int]:
        """The numbers that reactions noted, in the order they did."""
        with connection.cursor() as sql:
            sql.execute("SELECT number FROM test_effect ORDER BY id")
            return [number for (number,) in sql.fetchall()]


@pytest.fixture
def workshop():
    """Needs `db` or `transactional_db` beside it where rows are written."""
    with only_reactions():

        @event("test.opened")
        class Opened:
            number: int

        @event("test.closed")
        class Closed:
            number: int
            total: Decimal = Decimal("0.00")

        yield Workshop(Opened, Closed)


EFFECT_TABLE = "CREATE TABLE test_effect (id bigserial PRIMARY KEY, event_id bigint NOT NULL, number integer NOT NULL, worker text)"


@pytest.fixture
def effects(db):
    """The table of `Workshop.note` inside a test's transaction."""
    with connection.cursor() as sql:
        sql.execute(EFFECT_TABLE)


@pytest.fixture
def committed_effects(transactional_db):
    """The same for tests that commit."""
    with connection.cursor() as sql:
        sql.execute("DROP TABLE IF EXISTS test_effect")
        sql.execute(EFFECT_TABLE)
    yield
    with connection.cursor() as sql:
        sql.execute("DROP TABLE test_effect")


@pytest.fixture
def clerk():
    """Something that has an actor, as a member of staff has."""
    return SimpleNamespace(actor=Actor.staff(42, "Li Lei"))
