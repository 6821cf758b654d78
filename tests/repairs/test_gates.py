"""What keeps a car in the workshop, each thing named."""

import pytest

from core.stages import Stage
from journal.testing import drain
from orders.choices import ConsentState, LineKind
from repairs import domain as repairs
from repairs.choices import JobState, PauseReason
from repairs.gates import leave_repair, leave_without_service
from repairs.models import Job
from repairs.queries.board import through
from tests import factories
from visits import domain as visits


@pytest.fixture
def done(make_visit):
    """A car whose agreed work is finished."""
    return make_visit("repair", lines=2, job="done")


def test_the_gate_is_open_when_everything_agreed_is_done(done):
    assert leave_repair(done) == []
    assert list(through()) == [done]


def test_an_undispatched_line_is_named(visit):
    assert len(leave_repair(visit)) == 2
    assert all(line.title in sentence for line, sentence in zip(visit.lines.all(), leave_repair(visit)))


@pytest.mark.parametrize("state", [ConsentState.DRAFT, ConsentState.ASKED])
def test_a_line_without_the_customers_answer_is_named(done, state):
    factories.line(done, title="换轮胎", consent_state=state)

    assert [("换轮胎" in sentence) for sentence in leave_repair(done)] == [True]
    assert list(through()) == []


def test_a_declined_line_keeps_nobody(done):
    factories.line(done, title="换轮胎", consent_state=ConsentState.DECLINED)

    assert leave_repair(done) == []


def test_an_agreed_fee_is_no_work(done):
    factories.line(done, title="检测费", kind=LineKind.TESTING, consent=factories.consent(done))

    assert leave_repair(done) == []


def test_each_state_of_a_job_names_its_technician(visit, job, technician):
    first = visit.lines.first().title

    def about_first():
        return next(sentence for sentence in leave_repair(visit) if first in sentence)

    said = [about_first()]
    repairs.start(job, by=technician)
    said.append(about_first())
    repairs.pause(job, reason=PauseReason.PARTS, by=technician)
    said.append(about_first())

    assert all("王强" in sentence for sentence in said)
    assert len(set(said)) == 3
    assert str(PauseReason.PARTS.label) in said[2]


def test_an_open_parts_request_is_named(done, clerk):
    job = Job.objects.filter(line__visit=done).first()
    Job.objects.filter(pk=job.pk).update(state=JobState.PAUSED, finished_at=None, pause_reason="parts")
    request = repairs.request_parts(job, by=job.technician)[0]
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=job.finished_at, pause_reason="")

    assert [request.line_part.name in sentence for sentence in leave_repair(done)] == [True]
    assert list(through()) == []
    repairs.issue_parts(request, by=clerk)
    assert leave_repair(done) == []


def test_a_clock_that_still_runs_is_named(done):
    job = Job.objects.filter(line__visit=done).first()
    entry = job.clock.get()
    entry.stopped_at = None
    entry.save()

    assert [job.technician.name in sentence for sentence in leave_repair(done)] == [True]


def test_a_car_may_leave_without_service_until_work_begins(visit, job, technician):
    assert leave_without_service(visit) == []

    repairs.start(job, by=technician)

    assert [job.line.title in sentence for sentence in leave_without_service(visit)] == [True]


def test_material_at_the_car_keeps_it_too(visit, job, technician, clerk):
    repairs.issue_parts(repairs.request_parts(job, by=technician)[0], by=clerk)

    assert [job.line.title in sentence for sentence in leave_without_service(visit)] == [True]


def test_a_car_that_leaves_gives_back_its_places(visit, job, bay):
    visits.advance(visit, to=Stage.LEFT_WITHOUT_SERVICE, by=visit.advisor, reason="客户赶时间")
    drain()

    job.refresh_from_db()
    assert (job.state, bool(job.withdrawn_reason)) == (JobState.WITHDRAWN, True)
