"""Two people act at the same moment: exactly one wins, the other reads who was first. Real threads, real connections."""

from datetime import timedelta

import pytest

from catalogue.models import Part
from core.errors import Conflict
from orders.choices import LineWork
from repairs import domain as repairs
from repairs.choices import JobState, PartRequestStatus
from repairs.domain import planning
from repairs.models import ClockEntry, Job, PartRequest
from stores.models import Bay
from tests import factories
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
# Either of the two may be first; the long run sees many orders.
ROUNDS = [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 12))]


@pytest.fixture
def race(store):
    """`race(first, second)`: both at once; gives (what worked, what was refused). Anything but a Conflict fails the test: a
    database error is exactly what must not come out."""

    def race(*acts):
        outcomes = together(store, acts)
        refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
        assert [o for o in outcomes if isinstance(o, BaseException) and not isinstance(o, Conflict)] == []
        return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)], refused

    return race


def readable(error: Conflict) -> bool:
    text = str(error)
    return bool(text) and "repairs_" not in text and "violates" not in text


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_controllers_dispatch_one_line(line, staff, controller, start, race, _round):
    other, people = staff("controller"), [staff("technician"), staff("technician")]

    worked, refused = race(
        lambda: repairs.dispatch(line, technician=people[0], start=start, end=start + HOUR, by=controller),
        lambda: repairs.dispatch(line, technician=people[1], start=start, end=start + HOUR, by=other),
    )

    assert (len(worked), [error.code for error in refused]) == (1, ["dispatched"])
    assert worked[0].technician.name in str(refused[0])
    assert Job.objects.get() == worked[0]
    line.refresh_from_db()
    assert line.work == LineWork.DISPATCHED


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_cars_want_one_bay(make_visit, staff, controller, bay, start, race, _round):
    lines = [make_visit("repair", lines=1).lines.get() for _ in range(2)]
    people = [staff("technician"), staff("technician")]

    def give(n):
        begin = start + n * HOUR / 2
        return lambda: repairs.dispatch(
            lines[n], technician=people[n], bay=bay, start=begin, end=begin + HOUR, by=controller
        )

    worked, refused = race(give(0), give(1))

    assert (len(worked), [error.code for error in refused]) == (1, ["bay_taken"])
    assert all(word in str(refused[0]) for word in (bay.code, worked[0].technician.name))
    assert Job.objects.filter(bay=bay).count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_cars_want_one_technician(make_visit, staff, controller, start, race, _round):
    lines = [make_visit("repair", lines=1).lines.get() for _ in range(2)]
    person, bays = staff("technician"), list(Bay.objects.all()[:2])

    worked, refused = race(
        *(
            lambda n=n: repairs.dispatch(
                lines[n], technician=person, bay=bays[n], start=start, end=start + HOUR, by=controller
            )
            for n in range(2)
        )
    )

    assert (len(worked), [error.code for error in refused]) == (1, ["technician_taken"])
    assert readable(refused[0])


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_technician_starts_two_jobs_at_once(make_visit, technician, give, race, _round):
    jobs = [give(make_visit("repair", lines=1).lines.get(), after=n) for n in range(2)]

    worked, refused = race(*(lambda job=job: repairs.start(job, by=technician) for job in jobs))

    assert (len(worked), [error.code for error in refused]) == (1, ["clock_running"])
    assert worked[0].line.visit.vehicle.plate in str(refused[0])
    assert ClockEntry.objects.filter(technician=technician, stopped_at=None).count() == 1
    assert sorted(Job.objects.values_list("state", flat=True)) == [JobState.DISPATCHED, JobState.STARTED]


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_clerks_issue_the_last_part(make_visit, technician, give, staff, store, race, _round):
    part = factories.part(store, stock=1)
    clerks, requests = [staff("parts_clerk"), staff("parts_clerk")], []
    for n in range(2):
        visit = make_visit("repair", lines=0)
        line = factories.line(visit, parts=[part], consent=factories.consent(visit))
        requests += repairs.request_parts(give(line, after=n), by=technician)

    worked, refused = race(*(lambda n=n: repairs.issue_parts(requests[n], by=clerks[n]) for n in range(2)))

    assert (len(worked), [error.code for error in refused]) == (1, ["no_stock"])
    assert readable(refused[0])
    assert Part.objects.get(pk=part.pk).stock == 0
    assert PartRequest.objects.filter(status=PartRequestStatus.ISSUED).count() == 1


def test_two_clerks_issue_one_request(job, technician, staff, race):
    request = repairs.request_parts(job, by=technician)[0]
    before = Part.objects.get(pk=request.line_part.part_id).stock

    worked, refused = race(
        *(lambda c=c: repairs.issue_parts(request, by=c) for c in [staff("parts_clerk") for _ in "ab"])
    )

    assert (len(worked), [error.code for error in refused]) == (1, ["issued"])
    assert Part.objects.get(pk=request.line_part.part_id).stock == before - 1


def test_two_controllers_move_one_job(job, staff, controller, start, race):
    other, seen = staff("controller"), job.version

    def shift(by, hours):
        begin = start + hours * HOUR
        return lambda: repairs.move(job, technician=job.technician, start=begin, end=begin + HOUR, by=by, version=seen)

    worked, refused = race(shift(controller, 1), shift(other, 2))

    assert (len(worked), [error.code for error in refused]) == (1, ["stale"])


def test_without_the_locks_the_constraints_still_say_it_in_words(
    make_visit, staff, controller, bay, start, race, monkeypatch
):
    """Whoever slips past the checks is stopped by the database, and reads the same kind of sentence."""
    first, second = (make_visit("repair", lines=1).lines.get() for _ in range(2))
    there = repairs.dispatch(
        first, technician=staff("technician"), bay=bay, start=start, end=start + HOUR, by=controller
    )
    real, asked = planning.in_the_way, []

    def blind_at_first(*args, **kwargs):
        asked.append(kwargs)
        return None if len(asked) <= 2 else real(*args, **kwargs)

    monkeypatch.setattr(planning, "in_the_way", blind_at_first)

    with pytest.raises(Conflict) as refusal:
        repairs.dispatch(second, technician=staff("technician"), bay=bay, start=start, end=start + HOUR, by=controller)

    assert refusal.value.code == "bay_taken"
    assert there.technician.name in str(refusal.value)
