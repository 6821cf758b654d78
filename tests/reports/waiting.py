"""Waits the slow way: a clock that goes through a visit's story minute by minute and asks each time what is open.

Shares no code with `reports.waits`: no threads, no sweep, and a calendar of its own. All times lie on whole minutes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # a Monday, 08:00 in the store
STAGES = ("reception", "repair", "inspection", "wash", "handover", "checkout", "follow_up", "closed")
PAUSES = ("parts", "customer", "bay", "support", "break", "end_of_shift")


class Story:
    """Events of one visit as (minute, name, data); `newest(minute, ...)` looks back from a minute."""

    def __init__(self, events: list[tuple[int, str, dict]]):
        self.events = sorted(events, key=lambda event: event[0])  # stable: the journal's order within a minute
        self.stages: dict[int, str] = {}

    def newest(self, minute: int, *names: str, **data) -> tuple[str, dict] | None:
        found = None
        for at, name, values in self.events:
            if at > minute:
                break
            if name in names and all(values.get(key) == value for key, value in data.items()):
                found = (name, values)
        return found

    def ids(self, field: str) -> set[int]:
        return {values[field] for _at, _name, values in self.events if values.get(field)}

    def stage(self, minute: int) -> str:
        if minute not in self.stages:
            found = self.newest(minute, "visits.opened", "visits.stage_entered")
            self.stages[minute] = found[1]["stage"] if found else ""
        return self.stages[minute]


def waiting(story: Story, kind: str, minute: int) -> bool:
    """Whether the visit waits for `kind` during the minute that begins at `minute`."""
    stage = story.stage(minute)
    if kind.startswith("stage_"):
        return stage == kind.removeprefix("stage_")
    return QUESTIONS[kind](story, stage, minute)


def _greeting(story, stage, minute):
    if stage != "reception":
        return False
    # Went anywhere else meanwhile and came back: greeted or not is a matter of the last arrival.
    arrivals = [i for i, e in enumerate(story.events) if e[0] <= minute and e[2].get("stage") == "reception"]
    greeted = ("reception.greeted", "reception.checked_in")
    seen = [i for i, e in enumerate(story.events) if e[0] <= minute and e[1] in greeted]
    return bool(arrivals) and (not seen or arrivals[-1] > seen[-1])


def _dispatch(story, stage, minute):
    if stage != "repair":
        return False
    fees = {e[2]["line_id"] for e in story.events if e[1] == "orders.line_added" and e[2]["kind"] != "job"}
    for line in story.ids("line_id") - fees:
        last = None
        for at, name, values in story.events:
            if at > minute or values.get("line_id") != line:
                continue
            if name == "orders.line_changed" and not values["consent_reset"]:
                continue
            if name in (
                "orders.line_approved", "orders.line_declined", "orders.line_removed", "orders.line_changed",
                "repairs.job_dispatched", "repairs.job_reopened", "repairs.job_withdrawn",
            ):  # fmt: skip
                last = name
        if last in ("orders.line_approved", "repairs.job_withdrawn"):
            return True
    return False


JOB = ("dispatched", "reopened", "started", "resumed", "paused", "finished", "withdrawn")


def _paused_for(story, minute, reason):
    for job in story.ids("job_id"):
        last = story.newest(minute, *(f"repairs.job_{verb}" for verb in JOB), job_id=job)
        if last and last[0] == "repairs.job_paused" and last[1]["reason"] == reason:
            return True
    return False


def _bay(story, stage, minute):
    if stage != "repair":
        return False
    for job in story.ids("job_id"):
        last = story.newest(minute, *(f"repairs.job_{verb}" for verb in JOB), job_id=job)
        if last and last[0] in ("repairs.job_dispatched", "repairs.job_reopened"):
            return True
    return _paused_for(story, minute, "bay")


def _parts(story, stage, minute):
    if stage != "repair":
        return False
    for request in story.ids("request_id") | story.ids("rest_id"):
        last = None
        for at, name, values in story.events:
            if at > minute:
                continue
            if values.get("rest_id") == request or (
                name == "repairs.part_requested" and values["request_id"] == request
            ):
                last = "open"
            elif values.get("request_id") == request:
                last = "over"
        if last == "open":
            return True
    return _paused_for(story, minute, "parts")


def _approval(story, stage, minute):
    if stage not in ("repair", "inspection"):
        return False
    consent = [f"orders.consent_{verb}" for verb in ("asked", "decided", "taken_back")]
    for pack in story.ids("pack_id"):
        last = story.newest(minute, *consent, pack_id=pack)
        if last and last[0] == "orders.consent_asked":
            return True
    line = ["repairs.item_proposed", "orders.line_approved", "orders.line_declined", "orders.line_removed"]
    for line_id in story.ids("line_id"):
        last = story.newest(minute, *line, line_id=line_id)
        if last and last[0] == "repairs.item_proposed":
            return True
    return _paused_for(story, minute, "customer")


def _inspector(story, stage, minute):
    last = story.newest(minute, "inspections.inspected")
    return stage == "inspection" and bool(last) and last[1]["level"] == 2 and last[1]["verdict"] == "pass"


def _wash(story, stage, minute):
    names = [f"inspections.wash_{verb}" for verb in ("queued", "repeated", "started", "waived", "finished")]
    last = story.newest(minute, *names)
    return stage == "wash" and bool(last) and last[0].endswith(("queued", "repeated"))


def _cashier(story, stage, minute):
    if stage != "checkout":
        return False
    owes = False
    for at, name, values in story.events:
        if at > minute:
            continue
        if values.get("stage") == "checkout" or name == "checkout.gate_pass_withdrawn":
            owes = True
        elif name == "checkout.gate_pass_issued" or (name == "checkout.paid" and float(values["owed"]) <= 0):
            owes = False
    return owes


QUESTIONS = {
    "greeting": _greeting,
    "dispatch": _dispatch,
    "bay": _bay,
    "parts": _parts,
    "approval": _approval,
    "support": lambda story, stage, minute: stage == "repair" and _paused_for(story, minute, "support"),
    "inspection": _inspector,
    "wash": _wash,
    "cashier": _cashier,
}
KINDS = (*QUESTIONS, *(f"stage_{stage}" for stage in STAGES[:-1]))
ALWAYS = {"greeting", "cashier", "stage_reception", "stage_follow_up"}


def open_in_store(minute: int) -> bool:
    """The store's own hours: Monday to Saturday 08:30-12:00 and 13:00-18:00, Sunday 09:00-17:00, eight hours ahead of UTC."""
    at = START + minute * MINUTE + timedelta(hours=8)
    clock = at.hour * 60 + at.minute
    if at.weekday() == 6:
        return 540 <= clock < 1020
    return 510 <= clock < 720 or 780 <= clock < 1080


def slowly(events: list[tuple[int, str, dict]]) -> set[tuple]:
    """{(kind, first minute, end minute or None, seconds, counted seconds)} of one visit's story."""
    story, found = Story(events), set()
    if not events:
        return found
    # Nothing changes after the last event, so one minute behind it stands for ever.
    last = max(at for at, _name, _data in events) + 1
    for kind in KINDS:
        begun = None
        for minute in range(last + 1):
            if waiting(story, kind, minute):
                begun = minute if begun is None else begun
            elif begun is not None:
                if _unnoted(story, kind, minute):
                    begun = None
                    continue
                open_minutes = sum(kind in ALWAYS or open_in_store(m) for m in range(begun, minute))
                found.add((kind, begun, minute, (minute - begun) * 60, open_minutes * 60))
                begun = None
        if begun is not None:
            found.add((kind, begun, None, None, None))
    return found


def _unnoted(story: Story, kind: str, minute: int) -> bool:
    """The car went on although nobody noted the greeting or the payment: it happened, but nobody knows when."""
    before, after = {"greeting": ("reception", "repair"), "cashier": ("checkout", "follow_up")}.get(kind, ("", "?"))
    return story.stage(minute) == after and QUESTIONS[kind](story, before, minute)


def random_story(random: Random, *, ids: int) -> list[tuple[int, str, dict]]:
    """Any events at any time of a day and a half, in no sensible order: what the real functions would never write together, too."""
    base = ids * 10
    span = random.choices((20, 60, 240, 1600), (6, 4, 2, 1))[0]
    events = [(random.randrange(20), "visits.opened", {"stage": random.choice(("booking", "reception"))})]
    for stage in STAGES:
        if random.random() < 0.5:
            events.append((random.randrange(span), "visits.stage_entered", {"stage": stage}))
    if random.random() < 0.5:
        events.append((span // 5, "visits.stage_entered", {"stage": "repair"}))
    for _ in range(random.choice((10, 30, 70))):
        name, data = random.choice(SOMETHING)(random)
        numbers = {key: base + value if key in KEYS else value for key, value in data.items()}
        events.append((random.randrange(span), name, numbers))
    return events


KEYS = ("line_id", "job_id", "request_id", "rest_id", "pack_id")


def _job_event(r):
    job = r.randrange(1, 4)
    return f"repairs.job_{r.choice(JOB)}", {"job_id": job, "line_id": job, "reason": r.choice(PAUSES)}


def _line_event(r):
    verb = r.choice(("approved", "declined", "removed", "changed", "added"))
    data = {"line_id": r.randrange(1, 5), "consent_reset": r.random() < 0.5, "kind": r.choice(("job", "job", "other"))}
    return f"orders.line_{verb}", data


def _part_event(r):
    verb = r.choice(("requested", "issued", "request_cancelled"))
    data = {"request_id": r.randrange(1, 4), "job_id": r.randrange(1, 4)}
    if verb == "issued" and r.random() < 0.3:
        data["rest_id"] = r.randrange(4, 6)
    return f"repairs.part_{verb}", data


SOMETHING = (
    _job_event,
    _job_event,
    _line_event,
    _part_event,
    lambda r: (f"orders.consent_{r.choice(('asked', 'decided', 'taken_back'))}", {"pack_id": r.randrange(1, 3)}),
    lambda r: ("repairs.item_proposed", {"line_id": r.randrange(1, 5)}),
    lambda r: (r.choice(("reception.checked_in", "reception.greeted")), {"minutes": 7}),
    lambda r: ("inspections.inspected", {"level": r.randrange(1, 4), "verdict": r.choice(("pass", "pass", "fail"))}),
    lambda r: (f"inspections.wash_{r.choice(('queued', 'repeated', 'started', 'waived', 'finished'))}", {}),
    lambda r: (f"checkout.gate_pass_{r.choice(('issued', 'withdrawn'))}", {}),
    lambda r: ("checkout.paid", {"owed": r.choice(("0.00", "12.50"))}),
)
