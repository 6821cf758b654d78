"""The computed time waits for room in the workshop: cars that have claimed it already go first."""

from __future__ import annotations

from appointments import domain as appointments
from appointments.choices import ClaimSource
from appointments.offers import Need
from orders import domain as orders
from reception import queries


def test_a_full_workshop_is_later_and_nothing_is_written(store, arrived, advisor, make_visit, staff, now):
    staff("technician")
    line = orders.add_line(arrived, by=advisor, title="项目", hours=1, hour_rate=180)
    free = queries.earliest_ready(store, [line], visit=arrived)
    others = [make_visit("repair") for _n in range(2)]
    for other in others:
        appointments.keep_floor(other, [Need("mechanical", "lift", 8 * 60)], source=ClaimSource.WORK)

    full = queries.earliest_ready(store, [line], visit=arrived)

    assert full.room_at is not None
    assert full.at >= full.room_at > free.at
    assert arrived.claims.count() == 0
