import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from journal.models import SetAside


@pytest.fixture
def reactions(capsys):
    def run(*args):
        call_command("reactions", *args)
        return capsys.readouterr().out

    return run


def test_listing_running_and_settling(workshop, effects, reactions):
    bad = {2}

    def handle(event):
        if event.payload.number in bad:
            raise ValueError("not this one")
        workshop.note(event)

    workshop.react(handle)
    workshop.record_many([1, 2])
    assert reactions("list").splitlines()[1].split() == ["test.reaction", "2", "0", "s", "0"]
    assert reactions("run") == "2 handled, 0 tried again\n"
    assert reactions("list").splitlines()[1].split() == ["test.reaction", "0", "0", "s", "1"]
    aside = SetAside._base_manager.get()
    assert (
        reactions("aside") == f"{aside.pk} test.reaction event {aside.event_id}, 1 attempts: ValueError: not this one\n"
    )
    assert reactions("retry", str(aside.pk)) == "failed again: ValueError: not this one\n"
    bad.clear()
    assert reactions("retry", str(aside.pk)) == "settled\n"
    with pytest.raises(CommandError):
        reactions("dismiss", str(aside.pk))
    assert workshop.effects() == [1, 2]


def test_running_one_reaction(workshop, effects, reactions):
    workshop.react(limit=2)
    workshop.react(name="test.other")
    workshop.record_many([1, 2, 3])
    assert reactions("run", "test.reaction") == "3 handled\n"
    assert workshop.effects() == [1, 2, 3]
    with pytest.raises(CommandError, match=r"Known: test\.other, test\.reaction"):
        reactions("run", "test.none")


def test_numbers_that_are_not_there(workshop, db, reactions):
    with pytest.raises(CommandError, match="Nothing set aside has the number 7"):
        reactions("dismiss", "7")


def test_the_products_role_may_add_and_read_but_not_empty_the_journal(workshop, db, capsys):
    with connection.cursor() as sql:
        sql.execute(
            "CREATE ROLE product; GRANT ALL ON ALL TABLES IN SCHEMA public TO product; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO product"
        )
        call_command("protect_journal", role="product")
        assert capsys.readouterr().out == 'REVOKE UPDATE, DELETE, TRUNCATE ON journal_event FROM "product"\n'
        sql.execute("SET ROLE product")
        workshop.record()
        for statement in (
            "TRUNCATE journal_event",
            "DELETE FROM journal_event",
            "UPDATE journal_event SET visit_id = 1",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                sql.execute(statement)
        sql.execute("RESET ROLE")


def test_the_statement_can_be_printed_only(db, capsys):
    call_command("protect_journal", only_print=True)
    assert capsys.readouterr().out == 'REVOKE UPDATE, DELETE, TRUNCATE ON journal_event FROM "postgres"\n'
    with connection.cursor() as sql:
        sql.execute("SELECT has_table_privilege('journal_event', 'TRUNCATE')")
        assert sql.fetchone()[0]
