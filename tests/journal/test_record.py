from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.db.utils import IntegrityError
from django_scopes import ScopeError, scope

from core.actors import Actor
from journal import poke, queries
from journal.choices import Origin
from journal.models import Event


def test_an_event_is_one_insert(workshop, db, django_assert_num_queries):
    with django_assert_num_queries(1) as queries_run:
        event = workshop.record(3, visit_id=8, by=Actor.staff(5, "Li Lei"))
    assert queries_run[0]["sql"].startswith("INSERT")
    row = Event._base_manager.get()
    assert (row.name, row.data, row.store_id, row.subject_kind, row.subject_id, row.visit_id) == (
        "test.opened", {"number": 3}, 1, "stores.store", 1, 8,
    )  # fmt: skip
    assert (row.actor, row.origin, row.position) == (Actor("staff", 5, ""), Origin.LIVE, event.position)
    assert row.xid == queries.current_xid()


def test_many_events_are_one_insert_in_their_order(workshop, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = workshop.record_many(range(50))
    assert [row.data["number"] for row in Event._base_manager.order_by("id")] == list(range(50))
    assert sorted({row.xid for row in rows}) == [queries.current_xid()]


def test_whoever_has_an_actor_can_be_by(workshop, db, clerk):
    workshop.record(by=clerk)
    workshop.record(by=Actor.system("sweep"))
    people = [(row.actor_kind, row.actor_id, row.actor_code) for row in Event._base_manager.order_by("id")]
    assert people == [("staff", 42, ""), ("system", None, "sweep")]


def test_the_time_may_be_given(workshop, db):
    at = datetime(2024, 5, 1, tzinfo=UTC)
    workshop.record(at=at, origin=Origin.IMPORT)
    assert Event._base_manager.get().at == at


def test_outside_a_transaction_nothing_is_journalled(workshop, transactional_db):
    with pytest.raises(TransactionManagementError, match="inside the transaction"):
        workshop.record()
    assert Event._base_manager.count() == 0


def test_an_event_goes_with_its_change(workshop, transactional_db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        workshop.record()
        1 / 0  # noqa: B018
    assert Event._base_manager.count() == 0


def test_a_subject_must_exist(workshop, db):
    with pytest.raises(ValueError, match="not saved"):
        workshop.record(store_id=None)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal_event SET visit_id = 1", "DELETE FROM journal_event", "DELETE FROM journal_event WHERE false"],
)
def test_the_database_refuses_to_change_history(workshop, db, statement):
    workshop.record()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as sql:
        sql.execute(statement)
    assert Event._base_manager.count() == 1


def test_the_model_refuses_first(workshop, db):
    event = workshop.record()
    for change in (event.save, event.delete):
        with pytest.raises(TypeError, match="append-only"):
            change()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event._base_manager.update(visit_id=1)


@pytest.mark.parametrize(("field", "value"), [("actor_kind", "ghost"), ("origin", "rumour"), ("actor_id", 3)])
def test_the_database_refuses_impossible_rows(workshop, db, field, value):
    event = workshop.record()
    event.pk, event._state.adding = None, True
    setattr(event, field, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()


def test_a_timeline_is_read_in_a_scope_and_in_order(workshop, db):
    workshop.record(1, visit_id=8)
    workshop.record(2, visit_id=9)
    workshop.record(3, visit_id=8, store_id=2)
    workshop.record(4, visit_id=8)
    with pytest.raises(ScopeError):
        queries.timeline(8)
    with scope(store=[1]):
        assert [row.event.payload.number for row in queries.timeline(8)] == [1, 4]
        assert [row.actor for row in queries.timeline(8)] == [Actor.system("test")] * 2
        assert [row.sentence for row in queries.timeline(8)] == ["test.opened"] * 2


def test_a_transaction_pokes_once_and_only_for_live_events(workshop, db, settings, django_capture_on_commit_callbacks):
    settings.JOURNAL_POKE = True
    with django_capture_on_commit_callbacks() as callbacks:
        workshop.record(origin=Origin.DEMO)
    assert callbacks == []
    with django_capture_on_commit_callbacks() as callbacks:
        workshop.record()
        workshop.record_many([1, 2])
    assert callbacks == [poke.ring]


def test_a_rolled_back_savepoint_takes_its_poke_along(workshop, db, settings, django_capture_on_commit_callbacks):
    settings.JOURNAL_POKE = True
    with django_capture_on_commit_callbacks() as callbacks:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            workshop.record()
            1 / 0  # noqa: B018
        workshop.record()
    assert callbacks == [poke.ring]


def test_no_poke_where_it_is_switched_off(workshop, db, settings, django_capture_on_commit_callbacks):
    settings.JOURNAL_POKE = False
    with django_capture_on_commit_callbacks() as callbacks:
        workshop.record()
    assert callbacks == []


def test_stores_are_bare_ids(db):
    assert [field.name for field in Event._meta.get_fields() if field.is_relation] == []
