from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django_scopes import scope
from django_scopes.state import get_scope

from core import clock
from core.actors import Actor
from core.errors import Conflict
from journal import domain, queries, registry, runner
from journal.choices import Origin
from journal.models import Cursor, Event, SetAside
from journal.reactions import reacts_to
from journal.testing import drain


def position(reaction):
    return Cursor.objects.get(name=reaction.name).position


# --- What a reaction sees -----------------------------------------------------------------------------------------


def test_each_event_is_handled_once_in_order(workshop, effects):
    workshop.react()
    workshop.record(1)
    workshop.record_many([2, 3])
    assert drain() == 3
    assert drain() == 0
    workshop.record(4)
    assert drain() == 1
    assert workshop.effects() == [1, 2, 3, 4]


def test_only_the_named_events_arrive(workshop, effects):
    workshop.react(None, workshop.Closed)
    workshop.record(1)
    workshop.record(2, cls=workshop.Closed)
    assert drain() == 1
    assert workshop.effects() == [2]


def test_a_handler_runs_in_its_events_store(workshop, db):
    scopes = []
    workshop.react(lambda event: scopes.append((event.store_id, get_scope()["store"])))
    for store_id in (1, 2, 1):
        workshop.record(store_id=store_id)
    drain()
    assert scopes == [(1, [1]), (2, [2]), (1, [1])]


def test_a_batch_is_handed_over_store_by_store_in_order(workshop, db):
    batches = []
    workshop.react(
        lambda events: batches.append((get_scope()["store"], [e.payload.number for e in events])), batch=True
    )
    for number, store_id in enumerate([1, 2, 1, 2, 2]):
        workshop.record(number, store_id=store_id)
    drain()
    assert batches == [([1], [0, 2]), ([2], [1, 3, 4])]


def test_old_visits_are_seen_by_history_reactions_only(workshop, effects):
    live, everything = [], []
    workshop.react(lambda event: live.append(event.payload.number), name="test.live")
    workshop.react(lambda event: everything.append(event.payload.number), name="test.rollup", history=True)
    for number, origin in enumerate([Origin.IMPORT, Origin.LIVE, Origin.DEMO]):
        workshop.record(number, origin=origin)
    drain()
    assert (live, everything) == ([1], [0, 1, 2])


def test_a_reaction_may_journal_and_others_react_to_that(workshop, effects):
    workshop.react(lambda event: workshop.record(event.payload.number * 10, cls=workshop.Closed), name="test.first")
    workshop.react(None, workshop.Closed, name="test.second")
    workshop.record(1)
    assert drain() == 2
    assert workshop.effects() == [10]


def test_batches_have_a_limit(workshop, effects):
    reaction = workshop.react(limit=2)
    workshop.record_many(range(5))
    outcomes = [runner.run(reaction) for _ in range(4)]
    assert [(outcome.handled, outcome.more) for outcome in outcomes] == [(2, True), (2, True), (1, False), (0, False)]
    assert workshop.effects() == [0, 1, 2, 3, 4]


def test_a_slow_batch_is_cut_short_and_goes_on(workshop, effects, monkeypatch):
    monkeypatch.setattr(runner, "BATCH_SECONDS", 0.0)
    reaction = workshop.react()
    workshop.record_many(range(3))
    assert [runner.run(reaction).handled for _ in range(4)] == [1, 1, 1, 0]
    assert workshop.effects() == [0, 1, 2]


@pytest.mark.parametrize("batch", [False, True])
def test_effects_and_cursor_move_together_or_not_at_all(workshop, committed_effects, monkeypatch, batch):
    reaction = workshop.react(batch and (lambda events: [workshop.note(event) for event in events]), batch=batch)
    with transaction.atomic():
        workshop.record_many([1, 2])
    with monkeypatch.context() as patch:
        patch.setattr(Cursor, "save", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            runner.run(reaction)
    assert workshop.effects() == []
    drain()
    assert workshop.effects() == [1, 2]


# --- Where a reaction begins --------------------------------------------------------------------------------------


def test_now_is_the_moment_of_deployment_not_of_the_first_run(workshop, committed_effects):
    with transaction.atomic():
        workshop.record(1)
    reacts_to(workshop.Opened, name="test.now", since="now")(workshop.note)
    runner.deployed()
    with transaction.atomic():
        workshop.record(2)
    drain()
    assert workshop.effects() == [2]
    reacts_to(workshop.Opened, name="test.all", since="beginning")(workshop.note)
    drain()
    assert workshop.effects() == [2, 1, 2]


def test_a_cursor_is_pinned_once(workshop, committed_effects):
    reaction = workshop.react(since="now")
    before = position(reaction)
    with transaction.atomic():
        workshop.record(1)
    runner.deployed()
    assert position(reaction) == before
    assert drain() == 1


def test_the_cursor_passes_over_what_it_does_not_read(workshop, committed_effects):
    reaction = workshop.react(None, workshop.Closed)
    with transaction.atomic():
        workshop.record_many(range(10))
        workshop.record(11, cls=workshop.Closed)
    with transaction.atomic():
        workshop.record_many(range(10))
    assert drain() == 1
    newest = Event._base_manager.latest("id")
    assert position(reaction) > newest.position


def test_an_idle_cursor_is_moved_only_when_far_behind(workshop, committed_effects, monkeypatch):
    reaction = workshop.react(None, workshop.Closed)
    start = position(reaction)
    with transaction.atomic():
        workshop.record(1)
    # From the very beginning (epoch 0) any distance is far.
    drain()
    here = position(reaction)
    assert here > start
    with transaction.atomic():
        workshop.record(2)
    drain()
    assert position(reaction) == here
    monkeypatch.setattr(runner, "LAZY_TRANSACTIONS", 0)
    drain()
    assert position(reaction) > Event._base_manager.latest("id").position


def test_what_was_slow_to_find_is_found_at_once_by_the_batch(workshop, committed_effects, monkeypatch):
    monkeypatch.setattr(runner, "SLOW_SEARCH", -1)
    reaction = workshop.react(None, workshop.Closed)
    with transaction.atomic():
        workshop.record_many(range(10))
        wanted = workshop.record(11, cls=workshop.Closed)
        workshop.record(12, cls=workshop.Closed)
    assert runner.behind() == [reaction]
    assert position(reaction) == (wanted.epoch, wanted.xid, wanted.id - 1)
    assert drain() == 2
    assert workshop.effects() == [11, 12]


def test_idle_running_writes_nothing(workshop, committed_effects, django_assert_num_queries):
    workshop.react()
    with transaction.atomic():
        workshop.record(1)
    drain()
    before = Cursor.objects.get().moved_at
    with django_assert_num_queries(4) as run:
        assert runner.run_all() == 0
    assert {query["sql"].split()[0] for query in run} == {"SELECT"}
    assert Cursor.objects.get().moved_at == before


# --- Registering --------------------------------------------------------------------------------------------------


def test_two_reactions_cannot_share_a_name(workshop):
    reacts_to(workshop.Opened, name="test.x")(workshop.note)
    with pytest.raises(ValueError, match="two reactions"):
        reacts_to(workshop.Opened, name="test.x")(drain)


def test_a_reaction_names_its_events():
    with pytest.raises(TypeError, match="names the events"):
        reacts_to()


def test_the_default_name_is_app_and_function(workshop):
    @reacts_to(workshop.Opened)
    def count_things(event): ...

    assert [reaction.name for reaction in registry.reactions()] == ["tests.count_things"]


# --- What cannot be digested --------------------------------------------------------------------------------------


class Picky:
    """Notes every number but the bad ones, after writing something that must be undone."""

    def __init__(self, workshop, bad):
        self.workshop, self.bad = workshop, bad

    def __call__(self, event):
        self.workshop.note(event)
        if event.payload.number in self.bad:
            raise ValueError(f"number {event.payload.number} is bad")


@pytest.fixture
def picky(workshop):
    return Picky(workshop, bad={2})


def run_dry(reaction):
    while runner.run(reaction).more:
        pass


def test_a_bad_event_is_set_aside_and_the_rest_goes_on(workshop, effects, picky):
    reaction = workshop.react(picky)
    workshop.record_many([1, 2, 3], store_id=5)
    assert runner.run(reaction).handled == 3
    assert workshop.effects() == [1, 3]
    aside = SetAside._base_manager.get()
    assert (aside.store_id, aside.reaction, aside.attempts, aside.resolved_at) == (5, "test.reaction", 1, None)
    assert aside.error.startswith("ValueError: number 2 is bad\n")
    assert aside.next_at - aside.last_at == timedelta(seconds=30)
    assert runner.run(reaction).handled == 0


def test_a_bad_event_in_a_batch_is_found_and_set_aside(workshop, effects):
    def handle(events):
        for event in events:
            workshop.note(event)
        if any(event.payload.number == 2 for event in events):
            raise ValueError("bad batch")

    reaction = workshop.react(handle, batch=True)
    workshop.record_many([1, 2, 3])
    assert runner.run(reaction).handled == 3
    assert workshop.effects() == [1, 3]
    assert SetAside._base_manager.count() == 1


def test_a_database_error_of_the_handler_is_set_aside_too(workshop, effects):
    def handle(event):
        with connection.cursor() as sql:
            sql.execute("SELECT 1 / %s", [event.payload.number])
        workshop.note(event)

    reaction = workshop.react(handle)
    workshop.record_many([1, 0, 2])
    run_dry(reaction)
    assert workshop.effects() == [1, 2]
    assert SetAside._base_manager.get().error.startswith("DataError: division by zero")


def test_tests_see_the_failure(workshop, effects, picky):
    workshop.react(picky)
    workshop.record_many([1, 2, 3])
    with pytest.raises(ValueError, match="number 2 is bad"):
        drain()
    assert SetAside._base_manager.count() == 0


def test_it_is_tried_again_with_growing_pauses_and_then_left_to_people(workshop, effects, picky):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        reaction = workshop.react(picky)
        workshop.record(2)
        run_dry(reaction)
        pauses = []
        while (aside := SetAside._base_manager.get()).next_at:
            pauses.append((aside.next_at - clock.now()).total_seconds())
            assert runner.retry_due() == 0
            traveller.move_to(aside.next_at)
            assert runner.retry_due() == 1
    assert pauses == [30, 120, 480, 1920, 3600, 3600, 3600]
    assert (aside.attempts, aside.resolved_at) == (runner.RETRIES, None)
    assert workshop.effects() == []


def test_what_works_at_last_is_settled(workshop, effects, picky):
    reaction = workshop.react(picky)
    workshop.record(2)
    run_dry(reaction)
    picky.bad.clear()
    with time_machine.travel(clock.now() + timedelta(seconds=31)):
        assert runner.retry_due() == 1
        assert runner.retry_due() == 0
    aside = SetAside._base_manager.get()
    assert (aside.resolved_by_kind, aside.next_at, aside.attempts) == ("system", None, 2)
    assert workshop.effects() == [2]


def test_a_person_has_it_tried_again_at_once(workshop, effects, picky, clerk):
    reaction = workshop.react(picky)
    workshop.record(2)
    run_dry(reaction)
    picky.bad.clear()
    with scope(store=[1]):
        domain.retry(SetAside.objects.get(), by=clerk)
    assert runner.retry_due() == 1
    assert workshop.effects() == [2]


def test_a_person_dismisses_it_and_it_is_never_tried_again(workshop, effects, picky, clerk):
    reaction = workshop.react(picky)
    workshop.record(2)
    run_dry(reaction)
    with scope(store=[1]):
        aside = domain.dismiss(SetAside.objects.get(), by=clerk)
        for verb in (domain.dismiss, domain.retry):
            with pytest.raises(Conflict):
                verb(aside, by=clerk)
    assert (aside.dismissed, aside.resolved_by_kind, aside.resolved_by_id) == (True, "staff", 42)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert runner.retry_due() == 0


def test_another_stores_set_aside_cannot_be_touched(workshop, effects, picky):
    reaction = workshop.react(picky)
    workshop.record(2)
    run_dry(reaction)
    aside = SetAside._base_manager.get()
    with scope(store=[2]):
        assert SetAside.objects.count() == 0
        with pytest.raises(SetAside.DoesNotExist):
            domain.dismiss(aside, by=Actor.system("test"))


def test_a_reaction_that_no_longer_exists_leaves_its_trace(workshop, effects, picky):
    reaction = workshop.react(picky)
    workshop.record(2)
    run_dry(reaction)
    registry.remove(reaction.name)
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        assert runner.retry_due() == 1
    assert SetAside._base_manager.get().error == "this version of the product has no such reaction"


# --- How far behind -----------------------------------------------------------------------------------------------


def test_lag_counts_what_is_unread_and_set_aside(workshop, effects, picky):
    reaction = workshop.react(picky)
    quick = workshop.react(name="test.quick")
    workshop.record_many([2, 2], at=clock.now() - timedelta(minutes=5))
    workshop.record(2, origin=Origin.DEMO)
    behind = {lag.reaction: lag for lag in queries.lag()}
    assert (behind["test.reaction"].events, behind["test.quick"].events) == (2, 2)
    assert timedelta(minutes=5) <= behind["test.quick"].age < timedelta(minutes=6)
    run_dry(reaction)
    run_dry(quick)
    assert [(lag.reaction, lag.events, lag.age, lag.set_aside) for lag in queries.lag()] == [
        ("test.quick", 0, timedelta(0), 0),
        ("test.reaction", 0, timedelta(0), 2),
    ]
