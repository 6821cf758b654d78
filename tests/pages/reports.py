"""Pages of `reports`."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from reports.domain import never_miss
from reports.models import Wait
from tests.orders import targets as rules
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import money_rule
from tests.visits_at_stage import Maker


def waited(maker: Maker) -> Target:
    """A car that got its parts an hour ago, and one that still waits."""
    now = clock.now()
    for minutes, ended in ((120, now - timedelta(minutes=60)), (45, None)):
        start = now - timedelta(minutes=minutes)
        local = start.astimezone(maker.store.tz)
        seconds = None if ended is None else 3600
        place = {"day": local.date(), "weekday": local.weekday(), "hour": local.hour}
        Wait.objects.create(
            store=maker.store, visit=maker("repair"), kind="parts", started_at=start, ended_at=ended, seconds=seconds, counted=seconds, **place
        )  # fmt: skip
    return Target({"kind": "parts"})


def proven(maker: Maker) -> Target:
    """A car whose follow-up call is overdue, found last night."""
    call = maker("follow_up").follow_up
    type(call).objects.filter(pk=call.pk).update(due_at=clock.now() - timedelta(hours=2))
    never_miss.check(maker.store)
    return Target()


PAGES = [
    Page("reports:csi", "service_manager", heading="客户满意度（CSI）"),
    Page("reports:csi_answers", "service_manager", heading="满意度背后的答卷"),
    Page("reports:csi_export", "service_manager"),
    Page("reports:waits", "service_manager", heading="流程在哪里等待"),
    Page("reports:waits_csv", "service_manager"),
    Page("reports:wait_standards", "service_manager", heading="等待标准"),
    Page("reports:wait", "service_manager", waited, "待料", keyed=False),
    Page("reports:wait_visits", "service_manager", waited, "待料：相关车辆", keyed=False),
    Page("reports:wait_csv", "service_manager", waited, keyed=False),
    Page("reports:advice", "service_manager", money_rule(rules.advised), "诚信建议"),
    Page("reports:never_miss", "service_manager", proven, "五个不错过"),
    Page("reports:never_miss_check", "service_manager", post=True, status=DONE),
    Page("reports:never_miss_csv", "service_manager", proven),
]
