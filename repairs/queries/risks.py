"""Promises that will not hold as things stand, seen before they break, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from core import clock
from core.stages import Stage
from orders.choices import ConsentState, LineKind, LineWork
from orders.models import ConsentPack, Line
from repairs.choices import PartRequestStatus
from repairs.models import ClockEntry, PartRequest
from stores.calendar import Calendar
from stores.models import Store
from visits.models import Visit

# What comes after the work: inspection and wash.
AFTER_WORK = timedelta(minutes=30)
# An answer that is still open with so little time beside the work endangers the time.
FOR_AN_ANSWER = timedelta(minutes=60)
STAGES = (Stage.RECEPTION, Stage.REPAIR)


@dataclass
class Risk:
    """Why a promise is in danger: {code: sentence}, codes late, parts, approval, load. `not_before`: when work can go on at the
    earliest, where it waits for parts."""

    reasons: dict[str, str] = field(default_factory=dict)
    not_before: datetime | None = None

    @property
    def sentence(self) -> str:
        return "；".join(text for code, text in self.reasons.items() if code != "late") or "；".join(
            self.reasons.values()
        )


def risks(store: Store, visits: Iterable[Visit], *, now: datetime | None = None) -> dict[int, Risk]:
    """{visit id: risk} of those visits that are promised, not ready, and in danger. A fixed number of queries."""
    now = now or clock.now()
    open_promises = [visit for visit in visits if visit.promised_at and not visit.ready_at and visit.is_open]
    if not open_promises:
        return {}
    working = [visit.pk for visit in open_promises if visit.stage in STAGES]
    left, parts, asked = _work_left(working, now), _parts_due(working), _asked(working)
    calendar = Calendar(store)
    found = {}
    for visit in open_promises:
        risk = Risk()
        if visit.promised_at <= now:
            risk.reasons["late"] = _("The promised time has passed.")
        if visit.pk in parts:
            _judge_parts(risk, visit, parts[visit.pk], calendar)
        _judge_time(risk, visit, left.get(visit.pk), visit.pk in asked, calendar, now)
        if risk.reasons:
            found[visit.pk] = risk
    return found


def _judge_parts(risk: Risk, visit: Visit, expected_on, calendar: Calendar) -> None:
    """Parts that come on the day of the promise, or later, or nobody knows when."""
    if expected_on is None:
        risk.reasons["parts"] = _("Work waits for parts without a date.")
        return
    periods = calendar.periods(expected_on)
    arrives = periods[0][0] if periods else None
    if expected_on >= visit.promised_at.astimezone(calendar.zone).date():
        risk.reasons["parts"] = _("Parts are expected on %(day)s.") % {"day": f"{expected_on:%m-%d}"}
        risk.not_before = arrives


def _judge_time(
    risk: Risk, visit: Visit, left: timedelta | None, asked: bool, calendar: Calendar, now: datetime
) -> None:
    """Less opening time than work."""
    if left is None:
        return
    time = calendar.between(now, visit.promised_at)
    if asked and time < left + AFTER_WORK + FOR_AN_ANSWER:
        risk.reasons["approval"] = _("The customer has not answered about added items.")
    if time < left + AFTER_WORK:
        risk.reasons["load"] = _("Work for %(left)d minutes is left, and %(time)d minutes of opening time.") % {
            "left": round(left / timedelta(minutes=1)),
            "time": max(round(time / timedelta(minutes=1)), 0),
        }


def _work_left(visit_ids: list[int], now: datetime) -> dict[int, timedelta]:
    """Standard time of agreed work that is not done, less what was clocked on it."""
    lines = Line.objects.filter(visit__in=visit_ids, consent_state=ConsentState.APPROVED, kind=LineKind.JOB).exclude(
        work=LineWork.DONE
    )
    sums = {row["visit_id"]: row["hours"] for row in lines.order_by().values("visit_id").annotate(hours=Sum("hours"))}
    worked: dict[int, timedelta] = {}
    entries = ClockEntry.objects.filter(job__line__in=lines.order_by())
    for visit_id, begun, ended in entries.values_list("job__line__visit_id", "started_at", "stopped_at"):
        worked[visit_id] = worked.get(visit_id, timedelta()) + ((ended or now) - begun)
    # Work that took longer than its hours is still not done.
    least = timedelta(minutes=10)
    return {pk: max(timedelta(hours=float(hours)) - worked.get(pk, timedelta()), least) for pk, hours in sums.items()}


def _parts_due(visit_ids: list[int]) -> dict[int, object]:
    """{visit id: the last day on which parts are expected}; only of parts that are on order."""
    rows = PartRequest.objects.filter(line_part__line__visit__in=visit_ids, status=PartRequestStatus.ORDERED)
    due: dict[int, object] = {}
    for visit_id, day in rows.values_list("line_part__line__visit_id", "expected_on"):
        known = due.get(visit_id, day)
        due[visit_id] = None if known is None or day is None else max(known, day)
    return due


def _asked(visit_ids: list[int]) -> set[int]:
    rows = ConsentPack.objects.filter(visit__in=visit_ids, superseded_at=None, decided_at=None)
    return set(rows.values_list("visit_id", flat=True))
