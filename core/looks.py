"""Colour and icon of every status word, once. Codes that several apps share look the same everywhere.

Tones: ok (good, finished), warn (needs a look), bad (late, refused, failed), info (going on), idle (waiting, over, neutral).
"""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    tone: str
    icon: str


UNKNOWN = Look("idle", "circle")

PROMISE = {
    "fine": Look("idle", "clock"),
    "at_risk": Look("warn", "hourglass-split"),
    "late": Look("bad", "alarm"),
    "kept": Look("ok", "check-circle"),
    "broken": Look("bad", "x-circle"),
}

# Where a car is, is no alarm: stages stay grey, so that the eye lands on what is late.
STAGES = {
    "booking": Look("idle", "calendar-event"),
    "reception": Look("idle", "clipboard-check"),
    "repair": Look("idle", "wrench-adjustable"),
    "inspection": Look("idle", "search"),
    "wash": Look("idle", "droplet"),
    "handover": Look("idle", "key"),
    "checkout": Look("idle", "receipt"),
    "follow_up": Look("idle", "telephone"),
    "closed": Look("ok", "check-circle"),
    "cancelled": Look("idle", "slash-circle"),
    "no_show": Look("warn", "person-x"),
    "left_without_service": Look("warn", "box-arrow-right"),
}

STATES = {
    # Symptom check: how urgent, and whether the finding agreed.
    "stop": Look("bad", "sign-stop"),
    "days": Look("warn", "calendar-week"),
    "next_visit": Look("idle", "calendar-check"),
    "hit": Look("ok", "bullseye"),
    "miss": Look("warn", "arrow-left-right"),
    "nothing": Look("idle", "dash-circle"),
    **dict.fromkeys(("done", "completed", "finished", "ok"), Look("ok", "check-circle")),
    **dict.fromkeys(
        ("passed", "pass", "accepted", "approved", "confirmed", "kept", "paid", "answered", "resolved"),
        Look("ok", "check-circle"),
    ),
    **dict.fromkeys(("delivered", "read"), Look("ok", "check2-all")),
    **dict.fromkeys(("sent", "issued", "arrived"), Look("ok", "check2")),
    **dict.fromkeys(("ready",), Look("ok", "flag")),
    **dict.fromkeys(("failed", "fail", "error", "broken", "overdue"), Look("bad", "x-circle")),
    **dict.fromkeys(("declined", "rejected", "refused"), Look("bad", "hand-thumbs-down")),
    **dict.fromkeys(("late",), Look("bad", "alarm")),
    **dict.fromkeys(("suggested",), Look("warn", "arrow-repeat")),
    **dict.fromkeys(("dismissed",), Look("idle", "slash-circle")),
    **dict.fromkeys(("dead", "blocked", "missing"), Look("bad", "exclamation-octagon")),
    **dict.fromkeys(("problem", "complaint"), Look("bad", "exclamation-triangle")),
    **dict.fromkeys(("owed",), Look("warn", "gift")),
    **dict.fromkeys(("given",), Look("ok", "gift")),
    **dict.fromkeys(("at_risk", "partial", "partly_paid"), Look("warn", "hourglass-split")),
    **dict.fromkeys(("paused", "held", "on_hold"), Look("warn", "pause-circle")),
    **dict.fromkeys(("unknown", "unclear"), Look("warn", "question-circle")),
    **dict.fromkeys(("deferred", "postponed", "retry"), Look("warn", "arrow-clockwise")),
    **dict.fromkeys(
        ("proposed", "asked", "offered", "awaiting_consent", "awaiting_approval"), Look("warn", "chat-left-dots")
    ),
    **dict.fromkeys(
        (
            "waived",
            "lapsed",
            "excluded",
            "skipped",
            "not_applicable",
            "na",
            "expired",
            "void",
            "withdrawn",
            "cancelled",
            "suppressed",
        ),
        Look("idle", "slash-circle"),
    ),
    **dict.fromkeys(("running", "started", "in_progress", "working", "sending"), Look("info", "play-circle")),
    **dict.fromkeys(("assigned", "dispatched", "scheduled", "booked"), Look("info", "calendar-check")),
    **dict.fromkeys(("new", "open", "requested", "due"), Look("info", "circle")),
    **dict.fromkeys(("pending", "waiting", "queued", "planned", "draft", "unassigned"), Look("idle", "clock")),
    **dict.fromkeys(("messaged", "called"), Look("info", "telephone-forward")),
    **dict.fromkeys(("departed",), Look("info", "truck")),
    **dict.fromkeys(("fixed",), Look("ok", "wrench")),
    **dict.fromkeys(("towed",), Look("info", "truck-flatbed")),
    **dict.fromkeys(("stopped",), Look("idle", "slash-circle")),
    **dict.fromkeys(("missed", "no_place"), Look("warn", "person-x")),
    **dict.fromkeys(("unready",), Look("bad", "exclamation-octagon")),
    **dict.fromkeys(("safety",), Look("bad", "exclamation-triangle")),
    **dict.fromkeys(("advised",), Look("warn", "exclamation-circle")),
    **dict.fromkeys(("fault",), Look("idle", "exclamation-triangle")),
    **dict.fromkeys(("wish", "idea"), Look("idle", "lightbulb")),
    **dict.fromkeys(("question",), Look("idle", "question-circle")),
    **dict.fromkeys(("praise", "satisfied"), Look("ok", "hand-thumbs-up")),
    **dict.fromkeys(("not_satisfied",), Look("bad", "hand-thumbs-down")),
    **dict.fromkeys(("unreachable",), Look("idle", "telephone-x")),
    "drink": Look("info", "cup-hot"),
    "seat": Look("info", "person"),
    "ride": Look("info", "taxi-front"),
    "advisor": Look("info", "chat-dots"),
    **dict.fromkeys(("executed",), Look("info", "check2-all")),
}


def look_of(code: str) -> Look:
    """Look of a status code; a neutral dot for a word that has none yet."""
    return STAGES.get(code) or STATES.get(code) or UNKNOWN
