"""How each promise went, said once more and slowly, straight from the journal's rows; shares no code with the product.

Of the moments at which a promise could be decided (done, called off, out of time) the earliest one decides; at the same
moment what was done goes first.
"""

from __future__ import annotations

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


def expected(rows: list[dict], terms: list[dict], is_open, now: datetime) -> dict:
    """{(code, key): (state, began, due, version)} of every promise whose clock began while it was in force.

    `rows`: values of journal rows; `terms`: values of published versions; `is_open(moment)`: is the store open in the
    minute that begins then.
    """
    rows = sorted(rows, key=lambda row: (row["at"], row["id"]))
    visits = sorted({row["visit_id"] for row in rows if row["subject_kind"] != "complaints.case"})
    cases = sorted({row["subject_id"] for row in rows if row["subject_kind"] == "complaints.case"})
    found = {}
    for key in visits:
        mine = [row for row in rows if row["visit_id"] == key and row["subject_kind"] != "complaints.case"]
        for code, judge in PER_VISIT.items():
            found[code, key] = judge(mine, lambda at, code=code: _terms(terms, code, at), now)
    for key in cases:
        mine = [row for row in rows if row["subject_kind"] == "complaints.case" and row["subject_id"] == key]
        found["complaint_1h", key] = _complaint(mine, lambda at: _terms(terms, "complaint_1h", at), is_open, now)
    return {subject: verdict for subject, verdict in found.items() if verdict}


def _terms(terms, code, at):
    for row in terms:
        if row["code"] == code and row["published_at"] <= at and not (row["retired_at"] and row["retired_at"] <= at):
            return row
    return None


def _first(rows, *tests):
    for row in rows:
        if any(row["name"] == name and (test is None or test(row["data"])) for name, test in tests):
            return row["at"]
    return None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _decide(began, due, done, off, now):
    could = [(done, 0, "kept"), (off, 1, "excluded"), (due, 2, "broken")]
    came = sorted((at, rank, state) for at, rank, state in could if at is not None and (rank < 2 or at < now))
    return came[0][2] if came else "running"


def _timed(rows, terms, now, began, done, off):
    if began is None or (agreed := terms(began)) is None:
        return None
    due = began + timedelta(seconds=agreed["target_seconds"])
    return _decide(began, due, done, off, now), began, due, agreed["version"]


def _rescue(rows, terms, now):
    began = _first(rows, ("rescue.requested", None))
    done = _first(rows, ("rescue.arrived", None))
    off = _first(rows, ("rescue.ended", lambda d: d["outcome"] == "cancelled"))
    return _timed(rows, terms, now, began, done, off)


def _confirm(rows, terms, now):
    told = ("appointment_confirmed", "appointment_changed")
    began = _first(rows, ("appointments.booked", None))
    done = _first(rows, ("messaging.sent", lambda d: d["template"] in told), ("visits.customer_told", None))
    off = _first(
        rows,
        ("appointments.cancelled", None),
        ("messaging.suppressed", lambda d: d["template"] in told),
        ("visits.stage_entered", lambda d: d["came_from"] == "booking"),
    )
    return _timed(rows, terms, now, began, done, off)


def _greet(rows, terms, now):
    began = _first(
        rows,
        ("visits.stage_entered", lambda d: d["stage"] == "reception"),
        ("visits.opened", lambda d: d["stage"] == "reception"),
    )
    done = _first(rows, ("reception.greeted", None), ("reception.checked_in", None))
    off = _first(rows, ("visits.stage_entered", lambda d: d["stage"] == "left_without_service"))
    return _timed(rows, terms, now, began, done, off)


def _follow(rows, terms, now):
    left = [_moment(row["data"]["released_at"]) for row in rows if row["name"] == "visits.released"]
    done = _first(rows, ("followups.call_ended", None), ("surveys.answered", None))
    return _timed(rows, terms, now, min(left, default=None), done, None)


def _ready(rows, terms, now):
    began = due = None
    for row in rows:
        if row["name"] == "visits.promised" and row["data"]["sequence"] == 1:
            began, due = row["at"], _moment(row["data"]["new_at"])
            break
    if began is None or (agreed := terms(began)) is None:
        return None
    ready = [_moment(row["data"]["ready_at"]) for row in rows if row["name"] == "visits.ready"]
    gone = ("left_without_service", "cancelled", "no_show")
    off = _first(rows, ("visits.stage_entered", lambda d: d["stage"] in gone))
    return _decide(began, due, min(ready, default=None), off, now), began, due, agreed["version"]


def _consent(rows, terms, now):
    began, state, agreed = None, "kept", set()
    # What is said at the moment of a bill is said before it.
    for row in sorted(rows, key=lambda row: (row["at"], row["name"] == "orders.settlement_issued", row["id"])):
        data = row["data"]
        if row["name"] == "orders.line_approved":
            agreed.add(data["line_id"])
        elif row["name"] in ("orders.line_declined", "orders.line_removed", "orders.line_changed"):
            if data.get("consent_reset", True):
                agreed.discard(data["line_id"])
        elif row["name"] == "orders.settlement_issued" and data["line_ids"]:
            began = began or row["at"]
            if set(data["line_ids"]) - agreed:
                state = "broken"
    if began is None or (version := terms(began)) is None:
        return None
    return state, began, None, version["version"]


def _complaint(rows, terms, is_open, now):
    opened = [row for row in rows if row["name"] == "complaints.case_opened"]
    if not opened or (agreed := terms(opened[0]["at"])) is None:
        return None
    began, length = opened[0]["at"], timedelta(seconds=agreed["target_seconds"])
    if opened[0]["data"]["severity"] == "L4":
        due = began + length
    else:
        due = _walk(began, length, is_open)
        for row in rows:
            # Graver than it began: round the clock from then on, and not before it was opened.
            if row["name"] != "complaints.customer_answered" and row["data"]["severity"] == "L4":
                due = min(due, max(row["at"], began) + length)
    done = _first(rows, ("complaints.customer_answered", None))
    return _decide(began, due, done, None, now), began, due, agreed["version"]


def _walk(began: datetime, length: timedelta, is_open) -> datetime:
    """Minute by minute until so many open ones have passed."""
    moment, left = began, length
    while left > timedelta():
        if is_open(moment):
            left -= MINUTE
        moment += MINUTE
    return moment


PER_VISIT = {
    "rescue_60min": _rescue,
    "confirm_10min": _confirm,
    "greeted_3min": _greet,
    "follow_up_72h": _follow,
    "ready_by_first_promise": _ready,
    "no_unconsented_billing": _consent,
}
