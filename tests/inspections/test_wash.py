"""Wash: its order and places, the check by another person, repetition, waiving, and telling the customer."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import Conflict, DomainError, GateClosed, NotAllowed
from core.stages import Stage
from inspections import domain as inspections
from inspections import gates, queries
from inspections.choices import Level, WashState
from inspections.models import Wash
from journal.models import Event
from messaging.models import Message
from stores.choices import BayKind
from stores.models import Bay
from tests import factories
from tests.checklists import filled_run
from visits.choices import ToldHow
from visits.models import Visit


def told(visit):
    return list(visit.updates.values_list("how", flat=True))


def test_washed_checked_and_the_customer_told(at_wash, team):
    inspections.start_wash(at_wash, by=team.washer)
    inspections.mark_washed(at_wash, by=team.washer)

    wash = inspections.finish_wash(at_wash, by=team.advisor, run=filled_run(at_wash, "wash", team.advisor))

    at_wash.refresh_from_db()
    assert (wash.state, wash.washer, wash.checked_by) == (WashState.DONE, team.washer, team.advisor)
    assert at_wash.stage == Stage.HANDOVER
    assert at_wash.ready_at is not None
    message = Message.objects.get(visit_ref=at_wash.pk)
    assert (message.template, message.to) == ("car_ready", at_wash.customer.phone)
    assert told(at_wash) == [ToldHow.SMS]
    assert Event.objects.filter(visit_id=at_wash.pk, name="visits.ready").count() == 1


def test_the_washer_need_not_say_washed_before_the_check(at_wash, team):
    inspections.start_wash(at_wash, by=team.washer)

    wash = inspections.finish_wash(at_wash, by=team.inspector, run=filled_run(at_wash, "wash", team.inspector))

    assert wash.state == WashState.DONE
    assert wash.washed_at == wash.done_at


def test_nobody_checks_his_own_wash(at_wash, staff):
    role = staff("advisor").role
    role.permissions = [*role.permissions, "inspections.wash"]
    role.save()
    both = staff("advisor")
    inspections.start_wash(at_wash, by=both)

    with pytest.raises(NotAllowed):
        inspections.finish_wash(at_wash, by=both, run=filled_run(at_wash, "wash", both))

    assert Wash.objects.get(visit=at_wash).state == WashState.WASHING


def test_the_washer_does_not_check(at_wash, team, staff):
    inspections.start_wash(at_wash, by=team.washer)
    other_washer = staff("washer")

    with pytest.raises(NotAllowed):
        inspections.finish_wash(at_wash, by=other_washer, run=filled_run(at_wash, "wash", other_washer))


def test_not_clean_means_again_and_is_counted(at_wash, team):
    for repetition in (1, 2):
        inspections.start_wash(at_wash, by=team.washer)
        wash = inspections.finish_wash(
            at_wash, by=team.inspector, run=filled_run(at_wash, "wash", team.inspector, fail=1)
        )
        assert (wash.state, wash.rewashes, wash.washer) == (WashState.QUEUED, repetition, None)

    inspections.start_wash(at_wash, by=team.washer)
    inspections.finish_wash(at_wash, by=team.inspector, run=filled_run(at_wash, "wash", team.inspector))

    at_wash.refresh_from_db()
    assert (at_wash.stage, at_wash.wash.rewashes) == (Stage.HANDOVER, 2)


def test_the_check_needs_a_complete_checklist_of_this_car(at_wash, make_visit, team):
    inspections.start_wash(at_wash, by=team.washer)
    other = make_visit("wash")
    runs = [
        filled_run(at_wash, "wash", team.inspector, complete=False),
        filled_run(other, "wash", team.inspector),
    ]

    for run in runs:
        with pytest.raises(DomainError):
            inspections.finish_wash(at_wash, by=team.inspector, run=run)

    assert Wash.objects.get(visit=at_wash).state == WashState.WASHING


def test_a_car_is_started_once_and_only_by_washers(at_wash, team, staff):
    with pytest.raises(NotAllowed):
        inspections.start_wash(at_wash, by=team.inspector)
    inspections.start_wash(at_wash, by=team.washer)
    with pytest.raises(Conflict):
        inspections.start_wash(at_wash, by=staff("washer"))


def test_wash_places_are_counted_and_freed_by_washed(make_visit, store, team):
    places = Bay.objects.filter(kind="wash", active=True).count()
    assert places == queries.wash_places() > 0
    cars = [make_visit("wash") for _ in range(places + 1)]
    for car in cars[:-1]:
        inspections.start_wash(car, by=team.washer)

    with pytest.raises(Conflict) as refused:
        inspections.start_wash(cars[-1], by=team.washer)
    assert refused.value.code == "no_place"

    inspections.mark_washed(cars[0], by=team.washer)
    assert inspections.start_wash(cars[-1], by=team.washer).state == WashState.WASHING


def test_waived_with_its_reason_by_the_front_desk(at_wash, team):
    with pytest.raises(NotAllowed):
        inspections.waive_wash(at_wash, reason="weather", by=team.washer)
    with pytest.raises(DomainError):
        inspections.waive_wash(at_wash, reason="", by=team.advisor)

    wash = inspections.waive_wash(at_wash, reason="weather", by=team.advisor)

    at_wash.refresh_from_db()
    assert (wash.state, wash.waive_reason, at_wash.stage) == (WashState.WAIVED, "weather", Stage.HANDOVER)
    with pytest.raises(Conflict):
        inspections.waive_wash(at_wash, reason="weather", by=team.advisor)


def test_a_customer_no_message_reaches_is_told_by_somebody(at_wash, team):
    at_wash.customer.phone = "01065550000"
    at_wash.customer.save()

    inspections.waive_wash(at_wash, reason="weather", by=team.advisor)

    at_wash.refresh_from_db()
    assert (at_wash.stage, at_wash.ready_at) == (Stage.WASH, None)
    assert len(gates.leave_wash(at_wash)) == 1
    assert not Message.objects.exists()

    inspections.tell_ready(at_wash, how="phone", by=team.advisor)

    at_wash.refresh_from_db()
    assert (at_wash.stage, told(at_wash)) == (Stage.HANDOVER, [ToldHow.PHONE])
    with pytest.raises(Conflict):
        inspections.tell_ready(at_wash, how="phone", by=team.advisor)


def test_wechat_is_used_where_the_customer_prefers_it(at_wash, team):
    at_wash.customer.wechat_openid, at_wash.customer.preferred_channel = "o-1", "wechat"
    at_wash.customer.save()

    inspections.waive_wash(at_wash, reason="weather", by=team.advisor)

    assert Message.objects.get(visit_ref=at_wash.pk).channel == "wechat"
    assert told(at_wash) == [ToldHow.WECHAT]


def test_nobody_is_told_that_an_unwashed_car_is_ready(at_wash, team):
    with pytest.raises(GateClosed):
        inspections.tell_ready(at_wash, how="phone", by=team.advisor)
    with pytest.raises(DomainError):
        inspections.tell_ready(at_wash, how="pigeon", by=team.advisor)
    assert Visit.objects.get(pk=at_wash.pk).ready_at is None


def test_the_gate_follows_the_wash(at_wash, team):
    seen = [gates.leave_wash(at_wash)]
    inspections.start_wash(at_wash, by=team.washer)
    seen.append(gates.leave_wash(at_wash))
    inspections.mark_washed(at_wash, by=team.washer)
    seen.append(gates.leave_wash(at_wash))

    assert all(len(sentences) == 1 for sentences in seen)
    assert len({sentences[0] for sentences in seen}) == 3


def test_the_queue_has_rewashes_first_then_the_nearest_promise(make_visit, at_wash, team):
    urgent, later = make_visit("wash"), make_visit("wash")
    Visit.objects.filter(pk=urgent.pk).update(promised_at=urgent.opened_at)
    inspections.start_wash(later, by=team.washer)
    inspections.finish_wash(later, by=team.inspector, run=filled_run(later, "wash", team.inspector, fail=1))

    rows = queries.wash_queue()

    assert [row.wash.visit_id for row in rows] == [later.pk, urgent.pk, at_wash.pk]
    assert [row.place for row in rows] == [1, 2, 3]


def test_levels_have_their_checklists():
    assert set(queries.USE) == set(Level)


def test_the_queue_says_when_each_car_is_clean_and_which_one_will_be_late(store, make_visit, staff, monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    Bay.objects.filter(kind=BayKind.WASH).update(active=False)
    assert queries.washes_per_hour() is None
    for _place in range(2):
        factories.bay(store, BayKind.WASH)
    minutes = queries.wash_minutes()
    promises = [10, 25, 30, 240]
    cars = [make_visit(Stage.WASH, promised_at=now + timedelta(minutes=m)) for m in promises]
    washer = staff("washer")
    Wash.objects.filter(visit=cars[0]).update(
        state=WashState.WASHING, washer=washer, started_at=now - timedelta(minutes=15)
    )

    rows = {row.wash.visit_id: row for row in queries.wash_queue()}

    # One place is free at once, the other in 5 minutes: 20, then 25 and 40 minutes from now.
    assert (minutes, queries.washes_per_hour()) == (20, 6)
    assert [(rows[car.pk].ready_at - now) // timedelta(minutes=1) for car in cars] == [5, 20, 25, 40]
    assert [rows[car.pk].late for car in cars] == [False, False, False, False]
    Wash.objects.filter(visit=cars[0]).update(started_at=now)
    rows = {row.wash.visit_id: row for row in queries.wash_queue()}
    assert [(rows[car.pk].ready_at - now) // timedelta(minutes=1) for car in cars] == [20, 20, 40, 40]
    assert [rows[car.pk].late for car in cars] == [True, False, True, False]
