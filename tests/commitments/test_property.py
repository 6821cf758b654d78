"""Every measurement equals the slow recomputation of `reference`, over random journals whose events come late, twice, in any
order, while the clock of the promises ticks in between."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from appointments.events import AppointmentBooked, AppointmentCancelled
from commitments import domain as commitments
from commitments.choices import RemedyState
from commitments.models import Commitment, Measurement
from complaints.events import CaseOpened, CustomerAnswered, SignalJoined
from complaints.models import Case
from core.actors import Actor
from followups.events import CallEnded
from journal.domain import record
from journal.models import Event
from messaging.events import MessageSent, MessageSuppressed
from orders.events import LineApproved, LineChanged, LineDeclined, LineRemoved, SettlementIssued
from reception.events import CheckedIn, Greeted
from rescue.events import RescueArrived, RescueEnded, RescueRequested
from stores.models import CalendarDay, OpeningPeriod
from surveys.events import Answered
from tests.commitments.reference import expected
from visits.events import CarReady, CarReleased, CustomerTold, Promised, StageEntered, VisitOpened

# A week with a night in it each day, a Sunday and the first days of the October holidays.
BEGIN = datetime(2026, 9, 25, 0, 0, tzinfo=UTC)
JOURNALS = 120 if os.environ.get("TEST_LONG") == "1" else 4
STEPS = 60
BY = Actor.system("test")
ONE = Decimal("1.00")


def minutes(dice: random.Random, most: int) -> timedelta:
    return timedelta(minutes=dice.choice([dice.randint(0, 5), dice.randint(0, 60), dice.randint(0, most)]))


def visit_event(dice: random.Random, at: datetime):
    """Something that may be journalled about a visit."""
    later = at + minutes(dice, 3000)
    stage = dice.choice(["booking", "reception", "repair", "left_without_service", "cancelled"])
    return dice.choice(
        [
            AppointmentBooked(later, 1, "desk", []),
            AppointmentCancelled(later, 1, 5),
            MessageSent(dice.choice(["appointment_confirmed", "appointment_changed", "car_ready"]), "sms", 1),
            MessageSuppressed(dice.choice(["appointment_confirmed", "car_ready"]), "sms"),
            CustomerTold("phone"),
            StageEntered(dice.choice(["booking", "reception"]), stage, 1, 60),
            VisitOpened(dice.choice(["booking", "reception"]), 1, 1),
            Greeted(60, 1),
            CheckedIn(100, 50, 0, 0, "full", 5),
            Promised(dice.choice([1, 1, 2]), later),
            CarReady(at - minutes(dice, 600)),
            CarReleased(at - minutes(dice, 60), 1, 1),
            CallEnded("done", True),
            Answered(1, "link", at.date(), False),
            RescueRequested("tyre", "phone"),
            RescueArrived(30, True),
            RescueEnded(dice.choice(["fixed", "towed", "cancelled"]), 60),
        ]
    )


def order_scene(dice: random.Random) -> list:
    """What happens to an order one after the other: mostly a yes, perhaps something more, mostly a bill."""
    line = dice.randint(1, 2)
    yes = LineApproved(line, 1, "signature", "estimate", ONE)
    more = [
        *[LineDeclined(line, 1, "signature", "estimate", ONE, "")] * 2,
        *[LineChanged(line, ONE, ONE, False)] * 3,
        *[LineChanged(line, ONE, ONE, True)] * 3,
        *[LineRemoved(line, "job", ONE, ONE)] * 2,
        yes,
    ]
    bill = SettlementIssued(1, "ST1", 1, ONE, ONE, dice.choice([[], [line], [line], [line], [1, 2]]))
    return [
        *([yes] if dice.random() < 0.9 else []),
        *([dice.choice(more)] if dice.random() < 0.5 else []),
        *([bill] if dice.random() < 0.6 else []),
    ]


def case_event(dice: random.Random, at: datetime):
    severity = dice.choice(["L1", "L2", "L4"])
    return dice.choice(
        [
            CaseOpened("TS1", severity, "desk"),
            SignalJoined("TS1", severity, "desk"),
            CustomerAnswered("TS1", 60, True),
        ]
    )


def opening_hours(store):
    """The store's calendar as a question about one minute, from its bare rows."""
    zone = ZoneInfo(store.zone)
    week = list(OpeningPeriod.objects.values_list("weekday", "opens", "closes"))
    days = {row.day: row for row in CalendarDay.objects.all()}

    @cache
    def is_open(moment: datetime) -> bool:
        local = moment.astimezone(zone)
        special = days.get(local.date())
        if special and special.kind == "holiday":
            return False
        weekday = special.follows_weekday if special and special.kind == "working" else local.weekday()
        clock = time(local.hour, local.minute)
        return any(day == weekday and opens <= clock < closes for day, opens, closes in week)

    return is_open


def measured() -> dict:
    rows = Measurement.objects.select_related("commitment")
    return {
        (row.code, row.case_id or row.visit_id): (row.state, row.started_at, row.due_at, row.commitment.version)
        for row in rows
    }


def owing() -> dict:
    """{measurement: state of its remedy} where there is one."""
    return {row.pk: row.remedy.state for row in Measurement.objects.filter(remedy__isnull=False)}


class Story:
    """One random journal in the making: what happens is recorded in some later minute, and read at some moment after."""

    def __init__(self, store, visits, cases, read, is_open, seed: int):
        self.store, self.visits, self.cases, self.read, self.is_open = store, visits, cases, read, is_open
        self.dice, self.checked = random.Random(seed), 0

    def tell(self) -> None:
        now = BEGIN + timedelta(days=1)
        for _ in range(STEPS):
            now += minutes(self.dice, 400)
            with time_machine.travel(now, tick=False):
                for _ in range(self.dice.randint(1, 4)):
                    self._record(now)
                if self.dice.random() < 0.3:
                    commitments.run_out()
                if self.dice.random() < 0.5:
                    self.read()
                if self.dice.random() < 0.12:
                    self.check(now)
        with time_machine.travel(now, tick=False):
            self.check(now)

    def _record(self, now: datetime) -> None:
        # Most are journalled when they happen, some an hour or a day later.
        at = now if self.dice.random() < 0.6 else now - minutes(self.dice, 1500)
        kind = self.dice.random()
        if kind < 0.2:
            self._write(case_event(self.dice, at), self.dice.choice(self.cases), at)
        elif kind < 0.8:
            self._write(visit_event(self.dice, at), self.dice.choice(self.visits), at)
        else:
            self._write_scene(now)

    def _write_scene(self, now: datetime) -> None:
        visit, scene = self.dice.choice(self.visits), order_scene(self.dice)
        begun = now - timedelta(minutes=self.dice.choice([10, 300]))
        timed = [(evt, begun + timedelta(minutes=place)) for place, evt in enumerate(scene)]
        # What was said first may be journalled last.
        for evt, at in self.dice.sample(timed, len(timed)) if self.dice.random() < 0.5 else timed:
            self._write(evt, visit, at)

    def _write(self, evt, subject, at: datetime) -> None:
        visit_id = None if isinstance(subject, Case) else subject.pk
        origin = "live" if self.dice.random() < 0.95 else "import"
        record(evt, store_id=self.store.pk, subject=subject, visit_id=visit_id, by=BY, at=at, origin=origin)

    def check(self, now: datetime) -> None:
        self.read()
        commitments.run_out()
        journal = Event.objects.filter(origin="live", actor_code="test").values()
        terms = Commitment.objects.filter(published_at__isnull=False).values()
        should = expected(list(journal), list(terms), self.is_open, now)

        assert measured() == should
        self._check_remedies()
        self.checked += 1

    def _check_remedies(self) -> None:
        broken = {row.pk for row in Measurement.objects.filter(state="broken").exclude(commitment__remedy="")}
        owing_now = {pk for pk, state in owing().items() if state == RemedyState.OWED}
        assert owing_now == broken


@pytest.fixture
def two_versions(store):
    """A second version of every promise with another time, in force from the fourth day on."""
    change = BEGIN + timedelta(days=4)
    # Short enough that a random journal lets each run out.
    Commitment.objects.filter(code="follow_up_72h").update(target_seconds=5 * 3600)
    Commitment.objects.update(published_at=BEGIN - timedelta(days=30), retired_at=change)
    first = list(Commitment.objects.all())
    for row in first:
        row.pk, row.version, row.published_at, row.retired_at = None, 2, change, None
        if row.target_seconds:
            row.target_seconds *= 2
    Commitment.objects.bulk_create(first)


def test_measurements_equal_the_slow_recomputation(store, two_versions, make_visit, read):
    visits = [make_visit("reception") for _ in range(7)]
    cases = [
        Case.objects.create(store=store, number=f"TS{n}", source="desk", words="异响", opened_at=BEGIN)
        for n in range(3)
    ]
    states, checked, is_open = set(), 0, opening_hours(store)
    for seed in range(JOURNALS):
        with transaction.atomic():
            story = Story(store, visits, cases, read, is_open, seed)
            story.tell()
            checked += story.checked
            states |= {(code, verdict[0]) for (code, _), verdict in measured().items()}
            transaction.set_rollback(True)

    assert checked >= JOURNALS * 4
    # Every promise was seen kept and broken: the journals reach what they are to test.
    assert {
        (code, state) for code in Commitment.objects.values_list("code", flat=True) for state in ("kept", "broken")
    } <= states
