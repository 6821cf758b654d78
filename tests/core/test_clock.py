from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from core.clock import behind, local_day, now


def test_the_day_turns_at_midnight_of_the_store():
    before, after = datetime(2026, 11, 20, 15, 59, tzinfo=UTC), datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert local_day("Asia/Shanghai", before) == date(2026, 11, 20)
    assert local_day("Asia/Shanghai", after) == date(2026, 11, 21)
    assert local_day("Asia/Urumqi", after) == date(2026, 11, 20)


def test_now_is_aware_and_in_utc():
    with time_machine.travel(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), tick=False):
        assert now() == datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
        assert local_day("Asia/Shanghai") == date(2026, 11, 21)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        local_day("Asia/Shanghai", datetime(2026, 11, 20))  # noqa: DTZ001


def test_what_happens_behind_the_clock_happened_then():
    with time_machine.travel(datetime(2026, 11, 22, 4, 0, tzinfo=UTC), tick=False):
        with behind(timedelta(hours=3)):
            then = now()
        assert (now() - then, now().hour) == (timedelta(hours=3), 4)
