from types import SimpleNamespace

import pytest

from core.stages import Stage
from inspections import domain as inspections
from inspections import queries
from inspections.choices import Level, Verdict
from tests.checklists import filled_run


@pytest.fixture
def team(make_visit, staff):
    """Who inspects and washes: the technician who worked, another one, the inspector, and the rest."""
    return SimpleNamespace(
        worker=make_visit.person("technician"),
        other=staff("technician"),
        controller=staff("controller"),
        inspector=staff("inspector"),
        second_inspector=staff("inspector"),
        washer=staff("washer"),
        advisor=make_visit.person("advisor"),
    )


@pytest.fixture
def give(team):
    """`give(visit, Level.SELF)`: a verdict by the right person on a good checklist, unless told otherwise."""
    people = {Level.SELF: team.worker, Level.CROSS: team.other, Level.FINAL: team.inspector}

    def inspect(visit, level, verdict=Verdict.PASS, by=None, reason="", line=None, **fields):
        by = by or people[level]
        run = filled_run(visit, queries.USE[level], by, complete=verdict == Verdict.PASS)
        if verdict == Verdict.FAIL:
            reason = reason or "左前轮螺栓未拧紧"
            line = line or visit.lines.first()
        return inspections.inspect(
            visit, level=level, by=by, run=run, verdict=verdict, reason=reason, line=line, **fields
        )

    return inspect


@pytest.fixture
def at_wash(make_visit, give):
    """A visit that came to the wash the right way."""
    visit = make_visit(Stage.INSPECTION)
    for level in Level:
        give(visit, level)
    visit.refresh_from_db()
    return visit
