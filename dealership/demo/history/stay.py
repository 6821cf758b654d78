"""One visit: its clock, its jobs and its promise are decided here; the other rooms write what hangs on it."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

from dealership.demo.copying import NULL
from dealership.demo.history import asked, complained, floor, papers, promised, reminded, story
from dealership.demo.history.phrases import LATE_REASONS
from dealership.demo.history.planning import LINES_MAX, at_a_decent_hour

if TYPE_CHECKING:
    from dealership.demo.history.chunk import Chunk

KINDS = (("maintenance", 62), ("minor", 30), ("accident", 5), ("warranty", 3))
# Days of the week, Monday first, on which the one wash place is too few; from this local hour on the queue grows.
WASH_QUEUES_ON, WASH_QUEUES_FROM = (4, 5), 10
HOUR_SHARE = (0, 0, 0, 0, 0, 0, 0, 0, 7, 18, 14, 8, 4, 9, 12, 11, 8, 4)  # local hour of arrival


class Stay:
    """The order of the calls is the order in which the random numbers are drawn: a new room comes last, or every row changes."""

    def __init__(self, chunk: Chunk, index: int, r: Random, *, customer, vehicle, name, advisor, km):
        self.c, self.i, self.r = chunk, index, r
        self.customer, self.vehicle, self.name, self.advisor, self.km = customer, vehicle, name, str(advisor), km
        self.id = str(chunk.at.visit + index)
        self.day = chunk.plan.days[index]
        self.events = 0
        self.kind = r.choices([k for k, _w in KINDS], [w for _k, w in KINDS])[0]

    def write(self) -> None:
        self._clock()
        self._lines()
        self._promise()
        self._visit()
        papers.order(self)
        papers.needs(self)
        floor.write(self)
        story.write(self)
        asked.write(self)
        complained.write(self)
        reminded.write(self)
        promised.write(self)

    def moment(self, second: int) -> str:
        """A time as events carry it."""
        return (datetime.fromtimestamp(self.c.midnight + second, UTC)).isoformat()

    def _clock(self) -> None:
        """Seconds of each step since the plan's first midnight, in UTC (the store is eight hours ahead)."""
        r = self.r
        hour = r.choices(range(len(HOUR_SHARE)), HOUR_SHARE)[0]
        self.arrived = self.day * 86_400 + (hour - 8) * 3600 + r.randrange(3600)
        self.booked = r.random() < 0.7
        self.signed = self.arrived + int(r.lognormvariate(6.8, 0.35))

    def _lines(self) -> None:
        r, pool = self.r, self.c.m.operations
        main = pool["maintenance"] if self.kind == "maintenance" else pool["minor"]
        count = min(1 + (r.random() < 0.55) + (r.random() < 0.3) + (r.random() < 0.12), LINES_MAX)
        self.jobs = [r.choice(main)] + [r.choice(pool["maintenance"] + pool["minor"]) for _n in range(count - 1)]
        self.hours = float(sum(job[2] for job in self.jobs))
        self.work_start = self.signed + int(r.lognormvariate(6.9, 0.7))
        work = self.hours * 3600 * r.lognormvariate(-0.08, 0.22)
        self.work_end = self.work_start + int(work) + 300
        self.sent_back = r.random() < 0.06
        if self.sent_back:
            self.work_end += int(r.lognormvariate(7.4, 0.4))
        self.inspected = self.work_end + int(r.lognormvariate(6.6, 0.5))
        self.wash_start = self.inspected + self._wash_queue()
        self.ready = self.wash_start + int(r.lognormvariate(6.9, 0.3))
        self.handed = self.ready + int(r.lognormvariate(6.9, 0.7))
        self.released = self.handed + int(r.lognormvariate(6.3, 0.4))
        # three days at the most, at a decent hour
        self.called = at_a_decent_hour(self.released + int(r.uniform(26, 54) * 3600))
        self.released_on = self.c.day_texts[(self.released + 8 * 3600) // 86_400]
        callers = [str(pk) for pk in self.c.m.staff["customer_relations"] if str(pk) != self.advisor]
        self.caller = r.choice(callers)

    def _wash_queue(self) -> int:
        """Seconds before the wash: the planted bottleneck, on the two full days of the week."""
        weekday = (self.c.first_weekday + self.day) % 7
        hour = (self.inspected % 86_400) // 3600 + 8
        queues = weekday in WASH_QUEUES_ON and hour >= WASH_QUEUES_FROM
        return int(self.r.lognormvariate(8.1, 0.4) if queues else self.r.lognormvariate(5.7, 0.6))

    def _promise(self) -> None:
        # What an advisor says: the hours, an hour around them, on the quarter, with some courage.
        span = (self.hours * 1.12 + 1.75) * 3600 * self.r.uniform(0.95, 1.25)
        self.promised = (self.signed + int(span)) // 900 * 900 + 900
        self.first = self.promised
        self.again = self.ready > self.promised and self.r.random() < 0.8
        if self.again:
            self.promised = max(self.ready // 900 * 900 + 900, self.promised + 900)
        ts, add = self.c.ts, self.c.tables["promise"].add
        base = self.c.at.promise + self.i * 2
        store = self.c.store
        add(
            str(base),
            store,
            self.id,
            "1",
            NULL,
            ts(self.first),
            "",
            "staff",
            self.advisor,
            ts(self.signed),
            ts(self.signed),
            "in_person",
        )
        if self.again:
            made = ts(min(self.first - 1, max(self.signed + 600, self.first - self.r.randrange(300, 3600))))
            reason = self.r.choice(LATE_REASONS)
            add(
                str(base + 1),
                store,
                self.id,
                "2",
                ts(self.first),
                ts(self.promised),
                reason,
                "staff",
                self.advisor,
                made,
                made,
                "phone",
            )

    def _visit(self) -> None:
        c, ts = self.c, self.c.ts
        self.number = f"RO{c.day_texts[self.day].replace('-', '')}-{c.plan.numbers[self.i]:04d}"
        opened = self.arrived - self.r.randrange(1, 6) * 86_400 if self.booked else self.arrived
        self.opened = max(opened, 0)
        due = ts(self.arrived // 1800 * 1800) if self.booked else NULL
        c.tables["visit"].add(
            self.id, c.store, self.number, self.customer, self.vehicle, self.advisor, "closed", ts(self.called), "9", "demo",
            ts(self.opened), due, ts(self.arrived), str(self.km), "t" if self.hours < 2 and self.r.random() < 0.6 else "f",
            ts(self.promised), ts(self.first), "2" if self.sent_back else "1", ts(self.ready), ts(self.handed),
            ts(self.released), ts(self.called),
        )  # fmt: skip
        day = c.day_texts[self.day]
        c.tables["reading"].add(str(c.at.reading + self.i), c.store, self.vehicle, str(self.km), day)
