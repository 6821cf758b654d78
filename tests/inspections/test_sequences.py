"""Whatever people try, in whatever order: no level is skipped and nobody does two of them on one car and round."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.errors import DomainError
from core.stages import Stage
from inspections import domain as inspections
from inspections import queries
from inspections.choices import Level, Verdict
from inspections.models import Inspection
from orders.choices import LineWork
from repairs.choices import JobState
from repairs.models import Job
from standards import queries as standards
from standards.models import ChecklistRun
from tests.visits_at_stage import Maker
from visits.models import Visit

PEOPLE = {Level.SELF: "worker", Level.CROSS: "other", Level.FINAL: "inspector"}
# Mostly the right person at the level that is due, or no sequence would get far; in between anything.
ACTS = st.tuples(
    st.sampled_from(
        ["right", "right", "right", "worker", "other", "controller", "inspector", "second_inspector", "washer"]
    ),
    st.sampled_from([None, None, None, *Level]),
    st.sampled_from([Verdict.PASS, Verdict.PASS, Verdict.PASS, Verdict.FAIL]),
)
seen = Counter()


def rework(visit: Visit) -> None:
    """The workshop does again what came back, and the car returns to inspection."""
    if visit.stage != Stage.REPAIR:
        return
    Job.objects.filter(line__visit=visit, round=visit.round).update(
        state=JobState.DONE, started_at=visit.arrived_at, finished_at=visit.stage_since
    )
    visit.lines.update(work=LineWork.DONE, work_done_at=visit.stage_since)
    Visit.objects.filter(pk=visit.pk).update(stage=Stage.INSPECTION)


def attempt(visit: Visit, team, who: str, level: Level | None, verdict: Verdict) -> None:
    visit.refresh_from_db()
    if visit.stage != Stage.INSPECTION:
        return
    due = queries.next_level(queries.passed(visit))
    level = level or due
    by = getattr(team, PEOPLE[due] if who == "right" else who)
    run = ChecklistRun.objects.create(
        store_id=visit.store_id,
        checklist=standards.in_force(queries.USE[level]),
        visit_ref=visit.pk,
        round=visit.round,
        by=by,
        started_at=visit.stage_since,
        completed_at=clock.now(),
    )
    try:
        inspections.inspect(
            visit, level=level, by=by, run=run, verdict=verdict, reason="再查", line=visit.lines.first()
        )
        seen[f"{level.name} {verdict}"] += 1
    except DomainError as refused:
        seen[f"refused: {refused.code}"] += 1
    visit.refresh_from_db()
    rework(visit)


def check(visit: Visit) -> None:
    visit.refresh_from_db()
    rounds: dict[int, list[Inspection]] = {}
    for row in Inspection.objects.filter(visit=visit).order_by("id"):
        rounds.setdefault(row.round, []).append(row)
    for rows in rounds.values():
        assert [row.level for row in rows] == list(range(1, len(rows) + 1))
        assert all(row.verdict == Verdict.PASS for row in rows[:-1])
        assert len({row.inspector_id for row in rows}) == len(rows)
    workers = queries.workers(visit)
    assert not any(row.inspector_id in workers for rows in rounds.values() for row in rows if row.level == Level.FINAL)
    last = rounds.get(visit.round, [])
    passed = len(last) == 3 and all(row.verdict == Verdict.PASS for row in last)
    assert (visit.stage == Stage.WASH) == passed


# One database for all examples: each makes its own visit, so they do not disturb one another.
@settings(
    max_examples=25 if os.environ.get("TEST_LONG") else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, min_size=6, max_size=16))
def test_no_sequence_skips_a_level_or_lets_one_person_do_two(store, team, acts):
    visit = Maker(store)("inspection", lines=1, technician=team.worker, advisor=team.advisor, booked=False)
    for who, level, verdict in acts:
        attempt(visit, team, who, level, verdict)
    check(visit)


@pytest.fixture(scope="module", autouse=True)
def every_level_was_reached():
    yield
    print("\ninspections tried:", dict(sorted(seen.items())))
    assert seen["SELF pass"] and seen["CROSS pass"] and seen["FINAL pass"] and seen["CROSS fail"]
