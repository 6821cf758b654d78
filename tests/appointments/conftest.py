"""A Tuesday morning at the counter: every test of bookings stands at one known moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests import factories

# The store is open 08:30-12:00 and 13:00-18:00 on a Tuesday.
NOW = datetime(2026, 11, 17, 10, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def now():
    """Time stands still at ten past ten."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def at(now):
    """`at("14:00")`, `at("09:00", days=1)`: a moment of this or a later day."""

    def make(text: str, days: int = 0) -> datetime:
        hour, minute = text.split(":")
        return now.replace(hour=int(hour), minute=int(minute)) + timedelta(days=days)

    return make


@pytest.fixture
def advisor(staff):
    return staff("advisor", name="王芳")


@pytest.fixture
def second(staff):
    return staff("advisor", name="欧阳静")


@pytest.fixture
def car(store):
    return factories.vehicle(store)
