"""What counts as the same thing again."""

from __future__ import annotations

import re

from catalogue.choices import RepairCategory
from catalogue.models import Operation
from core.clock import local_day
from core.stages import Stage
from inspections.choices import Level, Verdict
from visits.models import Visit

# Said with every complaint, so they say nothing about which one it is.
FILLERS = re.compile(
    r"请|帮忙|帮我|检查|看看|一下|更换|维修|处理|感觉|有点|时候|又|还是|仍然|再次|了|的|有|会|是|我|车"
)
SPOKEN = {
    "刹车": "制动",
    "电瓶": "蓄电池",
    "雨刷": "雨刮",
    "大灯": "前照灯",
    "熄火": "灭车",
    "噪音": "异响",
    "响声": "异响",
}
WORDS = re.compile(r"[^\w\u4e00-\u9fff]+")
# Maintenance and finding out are no system: two oil services are no sign that the first one failed.
NO_SYSTEM = {RepairCategory.MAINTENANCE, RepairCategory.SECOND_LEVEL, RepairCategory.PDI}


def system_of(operation: Operation | None) -> str:
    """The part of the car an operation belongs to: the letters before the figures of its code ("Z003": Z); empty for
    maintenance and diagnosis, and where a store numbers its operations in another way."""
    if operation is None or operation.category in NO_SYSTEM:
        return ""
    found = re.fullmatch(r"([A-Za-z]+)\d+", operation.code)
    return found.group(1).upper() if found else ""


def same_concern(one: str, other: str) -> bool:
    """Whether two complaints in free words mean the same: at least half of the shorter one's pairs of characters stand in
    the other, and at least two of them."""
    mine, theirs = _pairs(one), _pairs(other)
    both = len(mine & theirs)
    return both >= 2 and 2 * both >= min(len(mine), len(theirs))


def _pairs(text: str) -> set[str]:
    text = text.lower()
    for spoken, written in SPOKEN.items():
        text = text.replace(spoken, written)
    pairs = set()
    for run in WORDS.sub(" ", FILLERS.sub("", text)).split():
        if run.isascii():
            pairs |= {run} if len(run) > 2 else set()
        else:
            pairs |= {run[i : i + 2] for i in range(len(run) - 1)}
    return pairs


def covered(visit: Visit, *, left: Visit, days: int, km: int, mileage_out: int | None) -> tuple[bool, int, int | None]:
    """(still covered, days since the car left, km since): the quality guarantee of an earlier visit of `days` or `km`,
    whichever comes first, counted from the day the car left (机动车维修管理规定). An unknown distance ends nothing."""
    came = visit.arrived_at or visit.opened_at
    since = (local_day(visit.store.zone, came) - local_day(visit.store.zone, left.released_at)).days
    start = mileage_out if mileage_out is not None else left.mileage_in
    driven = None
    if start is not None and visit.mileage_in is not None:
        driven = max(visit.mileage_in - start, 0)
    return since <= days and (driven is None or driven <= km), since, driven


def completed_at(visit: Visit):
    """When a repair of a visit was complete: the final inspection of the last round passed it, or the car left without service.

    A car that is sent back from the inspection is not repaired yet, whatever its lines say.
    """
    if visit.stage == Stage.LEFT_WITHOUT_SERVICE:
        return visit.ended_at
    if visit.stage in (Stage.BOOKING, Stage.RECEPTION, Stage.REPAIR, Stage.INSPECTION):
        return None
    passed = visit.inspections.filter(round=visit.round, level=Level.FINAL, verdict=Verdict.PASS).first()
    if passed:
        return passed.at
    return visit.ready_at or visit.stage_since
