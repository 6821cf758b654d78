"""What a visit waited for, read from its journal alone: pure functions of events, whatever order they were written in.

A kind of wait is a set of open threads (a part asked for, a job nobody has begun). An event opens or closes threads; the visit waits for the
kind while at least one is open and the car is in a stage where that holds it up. Three parts asked for at once are one wait, because the car
waits once. A wait lasts from the first to the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from checkout.events import GatePassIssued, GatePassWithdrawn, Paid
from core.stages import Stage
from inspections.choices import Level, Verdict
from inspections.events import Inspected, WashFinished, WashQueued, WashRepeated, WashStarted, WashWaived
from orders.choices import LineKind
from orders.events import (
    ConsentAsked,
    ConsentDecided,
    ConsentTakenBack,
    LineAdded,
    LineApproved,
    LineChanged,
    LineDeclined,
    LineRemoved,
)
from reception.events import CheckedIn, Greeted
from repairs.choices import PauseReason
from repairs.events import (
    ItemProposed,
    JobDispatched,
    JobFinished,
    JobPaused,
    JobReopened,
    JobResumed,
    JobStarted,
    JobWithdrawn,
    PartIssued,
    PartRequestCancelled,
    PartRequested,
)
from reports.choices import WaitKind
from visits.events import StageEntered, VisitOpened

OPEN, CLOSED = True, False
Thread = tuple[WaitKind, str, bool]


class Row(NamedTuple):
    """An event as it stands in the journal."""

    at: datetime
    id: int
    name: str
    data: dict


@dataclass(frozen=True)
class Span:
    """One wait; without `end` it still lasts."""

    kind: WaitKind
    start: datetime
    end: datetime | None


STAGE_OF = {
    Stage.RECEPTION: WaitKind.STAGE_RECEPTION,
    Stage.REPAIR: WaitKind.STAGE_REPAIR,
    Stage.INSPECTION: WaitKind.STAGE_INSPECTION,
    Stage.WASH: WaitKind.STAGE_WASH,
    Stage.HANDOVER: WaitKind.STAGE_HANDOVER,
    Stage.CHECKOUT: WaitKind.STAGE_CHECKOUT,
    Stage.FOLLOW_UP: WaitKind.STAGE_FOLLOW_UP,
}
# Where an open thread holds the car up. A part left asked for at the next stage holds nobody up any more.
HELD_UP_IN = {
    WaitKind.GREETING: {Stage.RECEPTION},
    WaitKind.DISPATCH: {Stage.REPAIR},
    WaitKind.BAY: {Stage.REPAIR},
    WaitKind.PARTS: {Stage.REPAIR},
    WaitKind.APPROVAL: {Stage.REPAIR, Stage.INSPECTION},
    WaitKind.SUPPORT: {Stage.REPAIR},
    WaitKind.INSPECTION: {Stage.INSPECTION},
    WaitKind.WASH: {Stage.WASH},
    WaitKind.CASHIER: {Stage.CHECKOUT},
} | {kind: {stage} for stage, kind in STAGE_OF.items()}
# Who got this far was greeted, or had paid; where nobody noted when, the wait has no length and is left out.
UNNOTED_AT = {WaitKind.GREETING: Stage.REPAIR, WaitKind.CASHIER: Stage.FOLLOW_UP}
PAUSED_FOR = {
    PauseReason.PARTS: WaitKind.PARTS,
    PauseReason.CUSTOMER: WaitKind.APPROVAL,
    PauseReason.BAY: WaitKind.BAY,
    PauseReason.SUPPORT: WaitKind.SUPPORT,
}


def waits_of(rows: Iterable[Row]) -> list[Span]:
    """The waits of one visit from all its events, in order of their start.

    Events count at the time they happened, so one that was journalled late changes the waits it belongs to. What happened in the same
    instant counts together: nothing was waited for that was asked and answered at once.
    """
    rows = sorted(rows, key=lambda row: (row.at, row.id))
    fees = {row.data["line_id"] for row in rows if _is_fee(row)}
    stage: str | None = None
    threads: dict[WaitKind, set[str]] = {kind: set() for kind in HELD_UP_IN}
    since: dict[WaitKind, datetime] = {}
    spans = []
    for at, together in groupby(rows, key=lambda row: row.at):
        for row in together:
            for kind, key, is_open in _threads(row, fees):
                (threads[kind].add if is_open else threads[kind].discard)(key)
            if row.name in ENTERS:
                stage = row.data["stage"]
        for kind, stages in HELD_UP_IN.items():
            waiting = stage in stages and (kind.is_stage or bool(threads[kind]))
            if waiting:
                since.setdefault(kind, at)
            elif kind in since:
                span = Span(kind, since.pop(kind), at)
                if not (threads[kind] and stage == UNNOTED_AT.get(kind)):
                    spans.append(span)
    spans += [Span(kind, start, None) for kind, start in since.items()]
    return sorted(spans, key=lambda span: (span.start, span.kind))


def _is_fee(row: Row) -> bool:
    return row.name == LineAdded.event_name and row.data["kind"] != LineKind.JOB


def _threads(row: Row, fees: set[int]) -> list[Thread]:
    """What an event opens and closes."""
    read = READERS.get(row.name)
    opened = read(row.data) if read else []
    if not fees:
        return opened
    # Nobody is dispatched to a fee.
    return [thread for thread in opened if thread[0] != WaitKind.DISPATCH or int(thread[1]) not in fees]


def _entered(data: dict) -> list[Thread]:
    kind = {Stage.RECEPTION: WaitKind.GREETING, Stage.CHECKOUT: WaitKind.CASHIER}.get(data["stage"])
    return [(kind, "", OPEN)] if kind else []


def _line(data: dict, dispatch: bool) -> list[Thread]:
    """The customer's answer to a line: work that is agreed waits for dispatch."""
    key = str(data["line_id"])
    return [(WaitKind.DISPATCH, key, dispatch), (WaitKind.APPROVAL, f"line {key}", CLOSED)]


def _job(data: dict, *, begins: WaitKind | None = None, dispatch: bool | None = None) -> list[Thread]:
    """A job's new state ends whatever it waited for before, and begins at most one wait."""
    key = f"job {data['job_id']}"
    changed = [(kind, key, kind == begins) for kind in (*PAUSED_FOR.values(),)]
    return changed if dispatch is None else [*changed, (WaitKind.DISPATCH, str(data["line_id"]), dispatch)]


def _issued(data: dict) -> list[Thread]:
    rest = data.get("rest_id")
    closed = [(WaitKind.PARTS, f"request {data['request_id']}", CLOSED)]
    return [*closed, (WaitKind.PARTS, f"request {rest}", OPEN)] if rest else closed


def _inspected(data: dict) -> list[Thread]:
    # The inspector's queue: the lower levels have passed the car, he has not spoken yet.
    is_open = (data["level"], data["verdict"]) == (Level.CROSS, Verdict.PASS)
    return [(WaitKind.INSPECTION, "", is_open)]


def _paid(data: dict) -> list[Thread]:
    return [] if float(data["owed"]) > 0 else [(WaitKind.CASHIER, "", CLOSED)]


def _consent(data: dict, is_open: bool) -> list[Thread]:
    return [(WaitKind.APPROVAL, f"pack {data['pack_id']}", is_open)]


ENTERS = (VisitOpened.event_name, StageEntered.event_name)
_READERS = {
    VisitOpened: _entered,
    StageEntered: _entered,
    Greeted: lambda data: [(WaitKind.GREETING, "", CLOSED)],
    # Where nobody noted the greeting, he was greeted by then at the latest.
    CheckedIn: lambda data: [(WaitKind.GREETING, "", CLOSED)],
    LineAdded: lambda data: [],
    LineApproved: lambda data: _line(data, OPEN),
    LineDeclined: lambda data: _line(data, CLOSED),
    LineRemoved: lambda data: _line(data, CLOSED),
    LineChanged: lambda data: [(WaitKind.DISPATCH, str(data["line_id"]), CLOSED)] if data["consent_reset"] else [],
    JobDispatched: lambda data: _job(data, begins=WaitKind.BAY, dispatch=CLOSED),
    JobReopened: lambda data: _job(data, begins=WaitKind.BAY, dispatch=CLOSED),
    JobWithdrawn: lambda data: _job(data, dispatch=OPEN),
    JobStarted: _job,
    JobResumed: _job,
    JobFinished: _job,
    JobPaused: lambda data: _job(data, begins=PAUSED_FOR.get(data["reason"])),
    PartRequested: lambda data: [(WaitKind.PARTS, f"request {data['request_id']}", OPEN)],
    PartIssued: _issued,
    PartRequestCancelled: lambda data: [(WaitKind.PARTS, f"request {data['request_id']}", CLOSED)],
    ItemProposed: lambda data: [(WaitKind.APPROVAL, f"line {data['line_id']}", OPEN)],
    ConsentAsked: lambda data: _consent(data, OPEN),
    ConsentDecided: lambda data: _consent(data, CLOSED),
    ConsentTakenBack: lambda data: _consent(data, CLOSED),
    Inspected: _inspected,
    WashQueued: lambda data: [(WaitKind.WASH, "", OPEN)],
    WashRepeated: lambda data: [(WaitKind.WASH, "", OPEN)],
    WashStarted: lambda data: [(WaitKind.WASH, "", CLOSED)],
    WashWaived: lambda data: [(WaitKind.WASH, "", CLOSED)],
    WashFinished: lambda data: [(WaitKind.WASH, "", CLOSED)],
    Paid: _paid,
    GatePassIssued: lambda data: [(WaitKind.CASHIER, "", CLOSED)],
    GatePassWithdrawn: lambda data: [(WaitKind.CASHIER, "", OPEN)],
}
READERS = {cls.event_name: read for cls, read in _READERS.items()}
# What the reaction listens to.
EVENTS = tuple(_READERS)
