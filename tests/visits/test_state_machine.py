"""No sequence of actions reaches an impossible state, skips a gate, loses a journal row, or bills a line without consent."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Max
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import clock
from core.stages import ENDS, JOURNEY, SIDE_EXITS, Stage
from inspections.choices import Level, Verdict
from journal.models import Event
from orders import domain as orders
from orders.models import Settlement
from repairs import domain as repairs
from repairs.models import Job
from stores.choices import RoleCode
from tests import factories
from tests.visits.journey_machine import Hands, attempt, moves, wrongs
from tests.visits_at_stage import Maker
from visits import domain as visits
from visits.journey import all_ways
from visits.models import Visit

LONG = bool(os.environ.get("TEST_LONG"))
SENSIBLE = ("finish_stage", "finish_this_stage", "finish_the_stage", "come_to_the_next_stage", "carry_the_car_on")
OFTEN = 20 if LONG else 2  # how often each stage has to be entered before the walk means something
EXIT_FROM = {Stage.CANCELLED: Stage.BOOKING, Stage.NO_SHOW: Stage.BOOKING, Stage.LEFT_WITHOUT_SERVICE: Stage.RECEPTION}
GATES = [(stage, way) for stage, way in all_ways() if way.gate]
STARTS = [stage for stage in JOURNEY if stage != Stage.CLOSED]


class Journey(RuleBasedStateMachine):
    """One store, one car after another; sensible hands and clumsy ones."""

    store = None
    hands: Hands
    everyone: list
    entered: Counter
    starts = STARTS
    heading: Stage | None = None  # a side exit that came too seldom: then one rule makes for it

    def __init__(self):
        super().__init__()
        self.outside = transaction.atomic()
        self.outside.__enter__()
        # Every example begins alike: what the one before wrote is rolled back, so nothing may remember it.
        self.hands.random.seed(7)
        self.hands.count = self.bookings = 0
        self.make = Maker(self.store)
        self.make.people.update({person.role.code: person for person in self.everyone})

    def teardown(self):
        transaction.set_rollback(True)
        self.outside.__exit__(None, None, None)

    @initialize(data=st.data())
    def begin(self, data):
        self._new(data)

    def _new(self, data) -> None:
        self.since = Event.objects.aggregate(last=Max("id"))["last"] or 0
        stage = data.draw(st.sampled_from(self.starts))
        fields = {}
        if stage == Stage.BOOKING:
            self.bookings += 1
            # An hour apart: the same advisor receives them all. Some are overdue, so that nobody coming can be told apart from too early.
            hours = 1 + self.bookings
            when = (-hours,) if self.heading == Stage.NO_SHOW else (hours, -hours)
            fields["due_in_at"] = clock.now() + timedelta(hours=data.draw(st.sampled_from(when)))
        if stage == Stage.REPAIR and data.draw(st.booleans()):
            fields["job"] = "started"
        made = self.make(stage, advisor=self.everyone[0], **fields)
        self.pk, self.counted = made.pk, 0

    @property
    def visit(self) -> Visit:
        return Visit.objects.select_related("customer", "vehicle", "advisor__role", "store").get(pk=self.pk)

    def _do(self, action) -> None:
        """Whatever it does, either the visit moved and the journal says so, or neither."""
        before, told = self.visit.stage, len(moves(self.visit, since=self.since))
        attempt(action)
        after, now_told = self.visit.stage, len(moves(self.visit, since=self.since))
        assert (before == after) == (told == now_told), (
            f"{before} -> {after}, but the journal grew by {now_told - told}"
        )

    @rule(times=st.integers(1, 6))
    def go_on(self, times):
        for _step in range(times):
            self._do(lambda: self.hands.next_step(self.visit))

    def _finish_stage(self):
        stage = self.visit.stage
        for _step in range(15):
            if self.visit.stage != stage:
                return
            self._do(lambda: self.hands.next_step(self.visit))

    # The sensible thing, under several names: hypothesis picks among rules evenly, and there are many foolish ones.
    finish_stage = rule()(_finish_stage)
    finish_this_stage = rule()(_finish_stage)
    finish_the_stage = rule()(_finish_stage)
    come_to_the_next_stage = rule()(_finish_stage)
    carry_the_car_on = rule()(_finish_stage)

    @rule(to=st.sampled_from(list(Stage)), data=st.data())
    def jump(self, to, data):
        who = data.draw(st.sampled_from(self.everyone))
        self._do(lambda: visits.advance(self.visit, to=to, by=who, reason="想走就走", version=self.visit.version))

    @rule(data=st.data())
    def jump_onward_with_the_right(self, data):
        ways = [way for stage, way in all_ways() if stage == self.visit.stage]
        if ways:
            way = data.draw(st.sampled_from(ways))
            who = next(p for p in self.everyone if any(p.may(right) for right in way.permissions))
            self._do(lambda: visits.advance(self.visit, to=way.to, by=who, reason="不等了"))

    def _rush(self, way):
        """Through one way, open or not, as somebody who may."""
        who = next(p for p in self.everyone if any(p.may(right) for right in way.permissions))
        self._do(lambda: visits.advance(self.visit, to=way.to, by=who, reason="不等了"))

    def _rush_from(self, stage, way):
        if self.visit.stage == stage:
            self._rush(way)

    @precondition(lambda self: self.heading and self.visit.stage == EXIT_FROM[self.heading])
    @rule()
    def make_for_the_exit(self):
        self._rush(next(way for stage, way in all_ways() if stage == self.visit.stage and way.to == self.heading))

    @precondition(lambda self: self.visit.stage in (Stage.BOOKING, Stage.RECEPTION))
    @rule(data=st.data())
    def end_early(self, data):
        way = data.draw(
            st.sampled_from([way for stage, way in all_ways() if stage == self.visit.stage and way.needs_reason])
        )
        who = next(p for p in self.everyone if any(p.may(right) for right in way.permissions))
        self._do(lambda: visits.advance(self.visit, to=way.to, by=who, reason="客户改变主意"))

    @rule(version=st.integers(0, 3))
    def send_a_stale_form(self, version):
        ways = [way for stage, way in all_ways() if stage == self.visit.stage]
        if ways and version != self.visit.version:
            who = next(p for p in self.everyone if any(p.may(right) for right in ways[0].permissions))
            assert not attempt(
                lambda: visits.advance(self.visit, to=ways[0].to, by=who, reason="旧表单", version=version)
            )

    @rule()
    def add_an_item(self):
        self._do(lambda: self.hands.add_line(self.visit))

    @rule()
    def find_something(self):
        operation = self.hands.operations[sorted(self.hands.operations)[2]]
        self._do(lambda: repairs.propose(self.visit, by=self.hands.technicians[0], risk="safety", operation=operation))

    @rule(approve=st.booleans())
    def customer_answers(self, approve):
        if self.visit.packs.filter(superseded_at=None, decided_at=None).exists():
            self._do(lambda: self.hands.decide(self.visit, approve=approve))

    @rule(data=st.data())
    def work_without_asking(self, data):
        lines = list(self.visit.lines.all())
        if lines:
            line = data.draw(st.sampled_from(lines))
            self._do(lambda: orders.mark_work(line, work="started", by=self.hands.technicians[0]))

    @rule()
    def pause_work(self):
        job = Job.objects.filter(line__visit_id=self.pk, state="started").select_related("technician__role").first()
        if job:
            self._do(lambda: repairs.pause(job, reason="parts", by=job.technician))

    @rule(data=st.data(), level=st.sampled_from(Level))
    def inspect_out_of_turn(self, data, level):
        who = data.draw(st.sampled_from(self.everyone))
        self._do(lambda: self.hands.inspect(self.visit, level, who))

    @precondition(lambda self: self.visit.stage == Stage.INSPECTION and self.visit.round < 3)
    @rule()
    def send_back(self):
        visit = self.visit
        done = {row.level for row in visit.inspections.filter(round=visit.round)}
        level = next((level for level in Level if level not in done), Level.FINAL)
        line = visit.lines.filter(consent_state="approved", kind="job").first()
        self._do(lambda: self.hands.inspect(visit, level, self.hands.inspector_of(visit, level), Verdict.FAIL, line))

    @rule()
    def bill_early(self):
        self._do(lambda: orders.issue_settlement(self.visit, by=self.visit.advisor))

    @rule()
    def let_out_early(self):
        self._do(
            lambda: (
                self.hands.at_checkout(self.visit)
                if Settlement.objects.filter(visit_id=self.pk, superseded_at=None).exists()
                else None
            )
        )

    @precondition(lambda self: self.visit.stage in ENDS)
    @rule(data=st.data())
    def next_car(self, data):
        self._new(data)

    @invariant()
    def nothing_is_wrong(self):
        if not hasattr(self, "pk"):
            return
        visit = self.visit
        assert wrongs(visit, since=self.since) == []
        told = moves(visit, since=self.since)
        for _came_from, stage in told[self.counted :]:
            self.entered[stage] += 1
        self.counted = len(told)


def machine(store, **fields) -> type[Journey]:
    """A machine over a store with somebody in every role and enough hands in the workshop."""
    everyone = [factories.staff(store, role) for role in RoleCode.values]
    skills = ["mechanical", "electrical"]
    extra = [factories.staff(store, RoleCode.TECHNICIAN, skills=skills) for _n in range(2)]
    hands = Hands(store, Random(7))
    hands.technicians = extra
    return type("Machine", (Journey,), {"store": store, "hands": hands, "everyone": everyone, **fields})


def run(kind: type[Journey], *, examples: int, steps: int, find_only: bool = False) -> None:
    phases = [Phase.generate, Phase.shrink] if LONG and not find_only else [Phase.generate]
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=not LONG,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(1500 if LONG else 300)
def test_no_sequence_reaches_what_must_not_be(store, capsys):
    entered: Counter = Counter()
    kind = machine(store, entered=entered)
    run(kind, examples=40 if LONG else 6, steps=30)
    # Then where it came too seldom: from the stage before, until each was entered often enough to mean something.
    for _turn in range(60):
        missing = [stage for stage in (*JOURNEY[1:], *SIDE_EXITS) if entered[stage] < OFTEN]
        if not missing:
            break
        rarest = min(missing, key=lambda stage: entered[stage])
        if rarest in JOURNEY:
            run(type("Machine", (kind,), {"starts": [JOURNEY[JOURNEY.index(rarest) - 1]]}), examples=6, steps=10)
        else:
            run(type("Machine", (kind,), {"starts": [EXIT_FROM[rarest]], "heading": rarest}), examples=8, steps=6)
    with capsys.disabled():
        print(
            "\nstages entered: "
            + ", ".join(f"{stage} {entered[stage]}" for stage in Stage.values if stage != Stage.BOOKING)
        )
    assert {stage: entered[stage] for stage in (*JOURNEY[1:], *SIDE_EXITS) if entered[stage] < OFTEN} == {}


@pytest.mark.parametrize(("stage", "way"), GATES, ids=[f"{stage}-{way.to}" for stage, way in GATES])
def test_each_gate_is_missed(store, monkeypatch, stage, way):
    """With any one gate taken away the machine finds what it kept out."""
    monkeypatch.setattr(
        type(way), "blockers", lambda self, visit: [] if self.gate in (None, way.gate) else list(self.check(visit))
    )
    # Without the sensible ways on: it is the foolish ones that a gate is there for.
    foolish = dict.fromkeys(SENSIBLE) | {"rush": rule()(lambda self: self._rush_from(stage, way))}
    kind = machine(store, entered=Counter(), starts=[stage], **foolish)
    # Found by the oracle, or refused by a constraint that stands behind the gate: the walk fails either way.
    with pytest.raises((AssertionError, IntegrityError)):
        run(kind, examples=40, steps=12, find_only=True)
