"""The computed time where it is promised: sooner only with a reason, and learned from cars that are ready."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from catalogue.models import Duration
from core import clock
from core.actors import Actor
from core.errors import DomainError
from journal.domain import record
from journal.testing import drain
from orders import domain as orders
from reception import domain as reception
from reception import queries
from tests import factories
from visits.events import CarReady
from visits.models import Promise, Visit


@pytest.fixture
def sign(ready_to_sign, advisor):
    def act(**changes):
        values = {"by": advisor, "signer": "陈晨", **changes}
        return reception.sign_estimate(ready_to_sign, **values)

    return act


def test_sooner_than_computed_needs_a_reason_which_is_kept(sign, at):
    with pytest.raises(DomainError) as refused:
        sign(promised_at=at("11:00"))

    assert refused.value.code == "too_early"
    assert "11-17 13:15" in str(refused.value)
    assert Promise.objects.count() == 0

    sign(promised_at=at("11:00"), early_reason="两名技师同时作业")

    promise = Promise.objects.get()
    assert (promise.new_at, promise.computed_at) == (at("11:00"), at("13:15"))
    assert promise.early_reason == "两名技师同时作业"


def test_later_than_computed_needs_none(sign, at):
    sign(promised_at=at("17:00"))

    promise = Promise.objects.get()
    assert (promise.computed_at, promise.early_reason) == (at("13:15"), "")


def test_what_he_declines_is_not_reckoned_with(ready_to_sign, sign, at, advisor):
    large = orders.add_line(ready_to_sign, by=advisor, title="大修", hours=Decimal(20), hour_rate=180)

    sign(promised_at=at("13:15"), declined=[large.pk])

    assert Promise.objects.get().computed_at == at("13:15")


def finished(make_visit, operation, *, minutes: int, days_ago: int):
    """A car that was ready `minutes` of opening time after it was agreed, and said so in the journal."""
    now = clock.now()
    ready = now - timedelta(days=days_ago)
    visit = make_visit("repair", lines=0)
    consent = factories.consent(visit, at=ready - timedelta(minutes=minutes))
    factories.line(visit, operation=operation, consent=consent)
    visit.order.signed_at = ready - timedelta(minutes=minutes)
    visit.order.save()
    Visit.objects.filter(pk=visit.pk).update(
        arrived_at=ready - timedelta(minutes=minutes + 20), ready_at=ready, first_promised_at=ready
    )
    record(
        CarReady(ready), store_id=visit.store_id, subject=visit, visit_id=visit.pk, by=Actor.system("test"), at=ready
    )
    return visit


def test_every_car_that_is_ready_teaches_its_duration_once(store, make_visit, now):
    operation = factories.operation(store, hours=Decimal("1.00"))
    visit = finished(make_visit, operation, minutes=90, days_ago=1)  # yesterday, from 8:45 to 10:15

    drain()
    reception.learn([visit.pk], store=store)

    row = Duration.objects.get()
    assert (row.visit_key, row.operation, row.skill, row.standard_minutes) == (visit.pk, operation, "mechanical", 60)
    assert (row.minutes, row.guessed_minutes) == (90, 90)


def test_the_earliest_time_follows_what_such_cars_took(store, make_visit, now, arrived, advisor):
    operation = factories.operation(store, hours=Decimal("1.00"), parts=0)
    line = orders.add_line(arrived, by=advisor, operation=operation)
    before = queries.earliest_ready(store, [line], visit=arrived)
    Duration.objects.bulk_create(
        Duration(
            store=store,
            visit_key=-n,
            operation=operation,
            skill="mechanical",
            standard_minutes=60,
            minutes=220 + n % 20,
            cars=0,
            agreed_at=now - timedelta(days=n % 60 + 1, hours=8),
            ended_at=now - timedelta(days=n % 60 + 1),
        )
        for n in range(1, 200)
    )

    after = queries.earliest_ready(store, [line], visit=arrived)

    assert (before.alike, before.known, after.alike, after.known) == (0, 0, 199, 199)
    # 10:15 and four hours of opening time, with lunch from twelve to one
    assert f"{after.at.astimezone(store.tz):%d %H:%M}" == "17 15:15"
    assert before.at < after.middle <= after.at <= after.late


def test_the_backtest_of_a_store_prints_a_row_for_each_kind(store, now, capsys):
    operation = factories.operation(store, parts=0)
    Duration.objects.bulk_create(
        Duration(
            store=store,
            visit_key=-n,
            operation=operation,
            skill="mechanical",
            standard_minutes=60,
            minutes=100 + n % 30,
            guessed_minutes=120 if n % 2 else None,
            cars=n % 4,
            agreed_at=now - timedelta(days=n, hours=3),
            ended_at=now - timedelta(days=n),
        )
        for n in range(1, 200)
    )

    call_command("backtest_promises", store.code)

    shown = capsys.readouterr().out
    assert operation.code in shown
    assert "all" in shown
