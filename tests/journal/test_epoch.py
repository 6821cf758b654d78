"""The journal after a move to another database cluster, whose transactions are counted from the start."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from journal import domain, queries, runner
from journal.models import Cursor, Event
from journal.testing import drain


@pytest.fixture
def first_epoch_again():
    """The epoch lives in a function, which no flush resets."""
    yield
    with connection.cursor() as sql:
        sql.execute(
            "CREATE OR REPLACE FUNCTION journal_current_epoch() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1'"
        )
        sql.execute("DELETE FROM journal_epoch WHERE epoch > 1")
        sql.execute("UPDATE journal_epoch SET cluster = %s", [queries.cluster()])


def move_to_new_cluster():
    """What a dump and restore leaves: rows and cursors with transaction ids far above those of the new cluster."""
    with transaction.atomic(), connection.cursor() as sql:
        sql.execute("ALTER TABLE journal_event DISABLE TRIGGER journal_append_only")
        sql.execute("UPDATE journal_event SET xid = xid + 1000000000")
        sql.execute("ALTER TABLE journal_event ENABLE TRIGGER journal_append_only")
        sql.execute("UPDATE journal_cursor SET xid = xid + 1000000000")
        sql.execute("UPDATE journal_epoch SET cluster = 1")


def write(workshop, *numbers):
    with transaction.atomic():
        workshop.record_many(numbers)


def test_nothing_is_lost_by_the_move(workshop, committed_effects, first_epoch_again):
    workshop.react()
    write(workshop, 1, 2)
    drain()
    write(workshop, 3)
    move_to_new_cluster()
    assert domain.follow_cluster() == 2
    write(workshop, 4)
    assert drain() == 2
    write(workshop, 5)
    drain()
    assert workshop.effects() == [1, 2, 3, 4, 5]
    assert list(Event._base_manager.order_by("id").values_list("epoch", flat=True)) == [1, 1, 1, 2, 2]


def test_without_a_new_epoch_events_would_be_lost(workshop, committed_effects, first_epoch_again):
    """Why epochs exist."""
    workshop.react()
    write(workshop, 1)
    drain()
    move_to_new_cluster()
    write(workshop, 2)
    assert runner.run_all() == 0
    assert workshop.effects() == [1]


def test_migrating_notices_the_move_and_only_once(workshop, committed_effects, first_epoch_again):
    runner.deployed()
    assert domain.follow_cluster() is None
    move_to_new_cluster()
    runner.deployed()
    assert domain.follow_cluster() is None
    reaction = workshop.react(since="now")
    assert Cursor.objects.get(name=reaction.name).epoch == 2


def test_by_hand(workshop, committed_effects, first_epoch_again, capsys):
    call_command("raise_epoch")
    assert capsys.readouterr().out == "epoch 2\n"
    write(workshop, 1)
    assert Event._base_manager.get().epoch == 2


def test_the_server_tells_its_identity(db):
    assert isinstance(queries.cluster(), int)
