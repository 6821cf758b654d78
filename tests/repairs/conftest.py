"""People, a car in repair, and the shortest way to a job in each state."""

from datetime import timedelta

import pytest

from core import clock
from repairs import domain as repairs
from stores.models import Bay

HOUR = timedelta(hours=1)


@pytest.fixture
def controller(staff):
    return staff("controller", name="赵主管")


@pytest.fixture
def technician(staff):
    return staff("technician", name="王强")


@pytest.fixture
def clerk(staff):
    return staff("parts_clerk", name="何配件")


@pytest.fixture
def bay(store):
    return Bay.objects.get(code="J1")


@pytest.fixture
def visit(make_visit):
    """A car in repair with two agreed lines, each with two tick steps and one part; nothing dispatched."""
    return make_visit("repair", lines=2)


@pytest.fixture
def line(visit):
    return visit.lines.first()


@pytest.fixture
def start():
    """A full hour ahead."""
    return clock.now().replace(minute=0, second=0, microsecond=0) + 2 * HOUR


@pytest.fixture
def give(start, technician, controller):
    """`give(line, after=1)`: dispatch a line to the technician, so many hours after `start`, for an hour."""

    def give(line, to=None, after=0, **fields):
        begin = start + after * HOUR
        return repairs.dispatch(
            line, technician=to or technician, start=begin, end=begin + HOUR, by=controller, **fields
        )

    return give


@pytest.fixture
def job(give, line):
    """Dispatched, not started."""
    return give(line)


@pytest.fixture
def started(job, technician):
    """In work: the technician's clock runs."""
    return repairs.start(job, by=technician)
