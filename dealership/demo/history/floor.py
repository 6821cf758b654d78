"""What the workshop did: the jobs, and the inspections with the rounds that were sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealership.demo.history.planning import LINES_MAX

if TYPE_CHECKING:
    from dealership.demo.history.stay import Stay


def write(stay: Stay) -> None:
    c, r, ts, staff = stay.c, stay.r, stay.c.ts, stay.c.m.staff
    technician = stay.technician = r.choice(staff["technician"])
    controller = str(r.choice(staff["controller"]))
    start, end = ts(stay.work_start), ts(stay.work_end)
    for place in range(len(stay.jobs)):
        c.tables["job"].add(
            str(c.at.job + stay.i * LINES_MAX + place), c.store, str(c.at.line + stay.i * LINES_MAX + place), "1",
            str(technician), f'["{start}","{end}")', controller, ts(stay.work_start - 120), "done", start, end,
        )  # fmt: skip
    base, add = c.at.inspection + stay.i * 6, c.tables["inspection"].add
    inspector = str(r.choice(staff["inspector"]))
    checks = [
        ("1", str(technician), stay.work_end + 60),
        ("2", controller, stay.work_end + 240),
        ("3", inspector, stay.inspected),
    ]
    round_no = "2" if stay.sent_back else "1"
    if stay.sent_back:
        add(str(base + 3), c.store, stay.id, "1", "1", str(technician), "pass", "", ts(stay.work_end - 1800))
        add(str(base + 4), c.store, stay.id, "1", "2", controller, "pass", "", ts(stay.work_end - 1500))
        add(
            str(base + 5),
            c.store,
            stay.id,
            "1",
            "3",
            inspector,
            "fail",
            "车轮螺栓扭矩不足",
            ts(stay.work_end - 1200),
        )
    for place, (level, who, at) in enumerate(checks):
        add(str(base + place), c.store, stay.id, round_no, level, who, "pass", "", ts(at))
