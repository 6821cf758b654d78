"""What each promise means, as functions of what the journal says about one visit or case.

A definition says when its clock begins, when it is kept, and when it no longer matters: the earliest such moment counts, in
whatever order the events arrive. So the verdict depends on the events alone, and an event that comes late corrects it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from appointments.events import AppointmentBooked, AppointmentCancelled
from commitments.choices import Code, State
from complaints.choices import Severity
from complaints.events import CaseOpened, CustomerAnswered, SignalJoined
from core.stages import SIDE_EXITS, Stage
from followups.events import CallEnded
from journal.models import Event
from messaging.events import MessageSent, MessageSuppressed
from orders.events import LineApproved, LineChanged, LineDeclined, LineRemoved, SettlementIssued
from reception.events import CheckedIn, Greeted
from rescue.choices import RescueState
from rescue.events import RescueArrived, RescueEnded, RescueRequested
from surveys.events import Answered
from visits.events import CarReady, CarReleased, CustomerTold, Promised, StageEntered, VisitOpened

# Messages that tell a customer his booking stands.
CONFIRMING = {"appointment_confirmed", "appointment_changed"}

Moment = Callable[[Event], datetime | None]
# Adds a length of the store's opening hours to a moment.
OpenHours = Callable[[datetime, timedelta], datetime]
Due = Callable[[Sequence[Event], datetime, timedelta | None, OpenHours], datetime | None]


class Subject(NamedTuple):
    """One promise to one customer: its code, and the key of the visit (of the case where the promise is about cases)."""

    code: str
    pk: int


@dataclass(frozen=True)
class Reading:
    """What the journal says about one promise. `breach_at`: it was broken by an act, and not by time."""

    started_at: datetime
    due_at: datetime | None = None
    met_at: datetime | None = None
    void_at: datetime | None = None
    breach_at: datetime | None = None

    def verdict(self, now: datetime) -> tuple[State, datetime | None]:
        """(state, when it was decided) as of `now`. Met exactly in time is kept; void counts only while it could be kept."""
        if self.breach_at:
            return State.BROKEN, self.breach_at
        if self.void_at and _within(self.void_at, self.due_at) and not (self.met_at and self.met_at <= self.void_at):
            return State.EXCLUDED, self.void_at
        if self.met_at and _within(self.met_at, self.due_at):
            return State.KEPT, self.met_at
        if self.due_at and (self.met_at or now) > self.due_at:
            return State.BROKEN, self.due_at
        return State.RUNNING, None


def _within(moment: datetime, due: datetime | None) -> bool:
    return due is None or moment <= due


def _never(event: Event) -> None:
    return None


def _no_breach(events: Sequence[Event]) -> None:
    return None


def _by_target(events, started_at, target, open_hours) -> datetime | None:
    return started_at + target if target else None


@dataclass(frozen=True)
class Definition:
    """How one promise is read from its `events`. `per_case`: it is about a case (their subject), else about their visit.

    `shaping` are those among them that neither begin nor end it and still change what was due.
    """

    code: Code
    events: tuple[type, ...]
    starts: Moment
    meets: Moment = _never
    voids: Moment = _never
    due: Due = _by_target
    breach: Callable[[Sequence[Event]], datetime | None] = _no_breach
    shaping: tuple[type, ...] = ()
    per_case: bool = False

    def subject_of(self, event: Event) -> Subject | None:
        pk = event.subject_id if self.per_case else event.visit_id
        return Subject(self.code, pk) if pk else None

    def concerns(self, event: Event) -> bool:
        """Whether this event can change the verdict; most messages confirm nothing."""
        shapes = any(event.name == cls.event_name for cls in self.shaping)
        return shapes or any(moment(event) for moment in (self.starts, self.meets, self.voids))

    def started_at(self, events: Sequence[Event]) -> datetime | None:
        """When the promise began, None while it has not."""
        return _earliest(self.starts, events)

    def read(self, events: Sequence[Event], *, target: timedelta | None, open_hours: OpenHours) -> Reading:
        """`events` are all of one visit or case that this definition reads, in any order; the clock has begun."""
        events = sorted(events, key=lambda event: (event.at, event.pk))
        started_at = self.started_at(events)
        return Reading(
            started_at=started_at,
            due_at=self.due(events, started_at, target, open_hours),
            met_at=_earliest(self.meets, events),
            void_at=_earliest(self.voids, events),
            breach_at=self.breach(events),
        )


def _earliest(moment: Moment, events: Sequence[Event]) -> datetime | None:
    return min((at for event in events if (at := moment(event))), default=None)


def _when(*classes: type, only: Callable[[dict], bool] = lambda data: True) -> Moment:
    """The moment of an event of these classes whose data pass `only`."""
    names = {cls.event_name for cls in classes}
    return lambda event: event.at if event.name in names and only(event.data) else None


def _any(*moments: Moment) -> Moment:
    return lambda event: next((at for moment in moments if (at := moment(event))), None)


# --- Confirmed, greeted ------------------------------------------------------------------------------------------------

_confirms = lambda data: data["template"] in CONFIRMING  # noqa: E731 - reads as the condition it is
CONFIRMED = Definition(
    Code.CONFIRMED,
    (AppointmentBooked, MessageSent, CustomerTold, AppointmentCancelled, MessageSuppressed, StageEntered),
    starts=_when(AppointmentBooked),
    # Who cannot be written to is told by phone, which staff note as an update.
    meets=_any(_when(MessageSent, only=_confirms), _when(CustomerTold)),
    # He wants no messages, called it off, or stands in the store already.
    voids=_any(
        _when(AppointmentCancelled),
        _when(MessageSuppressed, only=_confirms),
        _when(StageEntered, only=lambda data: data["came_from"] == Stage.BOOKING),
    ),
)

GREETED = Definition(
    Code.GREETED,
    (StageEntered, VisitOpened, Greeted, CheckedIn),
    starts=_any(
        _when(StageEntered, only=lambda data: data["stage"] == Stage.RECEPTION),
        _when(VisitOpened, only=lambda data: data["stage"] == Stage.RECEPTION),
    ),
    # A finished walk-around was done with the customer.
    meets=_when(Greeted, CheckedIn),
    voids=_when(StageEntered, only=lambda data: data["stage"] == Stage.LEFT_WITHOUT_SERVICE),
)

# --- Nothing billed without consent ------------------------------------------------------------------------------------

_SAYS_YES = LineApproved.event_name
_ABOUT_CONSENT = (LineApproved, LineDeclined, LineChanged, LineRemoved)
_consent_names = {cls.event_name for cls in _ABOUT_CONSENT}


def _billed_without_consent(events: Sequence[Event]) -> datetime | None:
    """When a settlement list was issued with a line whose last word from the customer, by then, was not a yes."""
    bills = [event for event in events if event.name == SettlementIssued.event_name]
    words = [event for event in events if _is_word(event)]
    for bill in bills:
        agreed = {word.data["line_id"]: word.name == _SAYS_YES for word in words if word.at <= bill.at}
        if not all(agreed.get(line_id, False) for line_id in event_lines(bill)):
            return bill.at
    return None


def _is_word(event: Event) -> bool:
    """The customer said yes or no, or what he said no longer covers the line. A change that his yes covers is none."""
    if event.name == LineChanged.event_name:
        return event.data["consent_reset"]
    return event.name in _consent_names


def event_lines(bill: Event) -> list[int]:
    """Ids of the billed lines; empty for a list of the time before they were journalled, which cannot be judged."""
    return bill.data.get("line_ids") or []


_billed = _when(SettlementIssued, only=lambda data: bool(data.get("line_ids")))
CONSENT = Definition(
    Code.CONSENT,
    (SettlementIssued, *_ABOUT_CONSENT),
    starts=_billed,
    meets=_billed,
    breach=_billed_without_consent,
    shaping=_ABOUT_CONSENT,
)

# --- Ready, followed up ------------------------------------------------------------------------------------------------


def _first_promised(data: dict) -> bool:
    return data["sequence"] == 1


def _ready_by(events: Sequence[Event], started_at, target, open_hours) -> datetime:
    first = next(event for event in events if event.name == Promised.event_name and _first_promised(event.data))
    return first.payload.new_at


READY = Definition(
    Code.READY,
    (Promised, CarReady, StageEntered),
    starts=_when(Promised, only=_first_promised),
    meets=lambda event: event.payload.ready_at if event.name == CarReady.event_name else None,
    voids=_when(StageEntered, only=lambda data: data["stage"] in SIDE_EXITS),
    due=_ready_by,
)

FOLLOW_UP = Definition(
    Code.FOLLOW_UP,
    (CarReleased, CallEnded, Answered),
    starts=lambda event: event.payload.released_at if event.name == CarReleased.event_name else None,
    # By link or by phone it is one task.
    meets=_when(CallEnded, Answered),
)

# --- Complaint answered ------------------------------------------------------------------------------------------------


def _answer_by(events: Sequence[Event], started_at, target, open_hours) -> datetime:
    """Opening hours count; a grave case runs round the clock, from its opening or from when it became grave."""
    grave = [max(event.at, started_at) for event in events if event.data.get("severity") == Severity.L4]
    return min([open_hours(started_at, target), *[at + target for at in grave]])


COMPLAINT = Definition(
    Code.COMPLAINT,
    (CaseOpened, SignalJoined, CustomerAnswered),
    starts=_when(CaseOpened),
    meets=_when(CustomerAnswered),
    due=_answer_by,
    shaping=(SignalJoined,),
    per_case=True,
)

# --- Help on the road ----------------------------------------------------------------------------------------------------

RESCUE = Definition(
    Code.RESCUE,
    (RescueRequested, RescueArrived, RescueEnded),
    starts=_when(RescueRequested),
    meets=_when(RescueArrived),
    # Nobody was needed any more.
    voids=_when(RescueEnded, only=lambda data: data["outcome"] == RescueState.CANCELLED),
)

DEFINITIONS = {
    definition.code: definition for definition in (CONFIRMED, GREETED, CONSENT, READY, FOLLOW_UP, COMPLAINT, RESCUE)
}
# Event name -> the definitions that read it.
READERS: dict[str, list[Definition]] = {}
for _definition in DEFINITIONS.values():
    for _cls in _definition.events:
        READERS.setdefault(_cls.event_name, []).append(_definition)
EVENTS = tuple({cls for definition in DEFINITIONS.values() for cls in definition.events})
