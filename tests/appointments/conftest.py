"""A Tuesday morning at the counter: every test of bookings stands at one known moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from tests import factories

NOW = "2026-11-17 10:10 +08:00"  # a Tuesday; the store is open 08:30-12:00 and 13:00-18:00


@pytest.fixture
def now(settings):
    """Time stands still at ten past ten."""
    from zoneinfo import ZoneInfo

    moment = datetime(2026, 11, 17, 10, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    with time_machine.travel(moment, tick=False):
        yield moment


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
