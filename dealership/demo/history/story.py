"""The journal's rows of a visit, as the domain functions write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.stages import JOURNEY, Stage
from dealership.demo.history.planning import EVENTS_MAX

if TYPE_CHECKING:
    from dealership.demo.history.stay import Stay


def write(stay: Stay) -> None:
    start = {"stage": "booking" if stay.booked else "reception", "customer_id": int(stay.customer)}
    _event(
        stay, "visits.opened", stay.opened, {**start, "vehicle_id": int(stay.vehicle), "advisor_id": int(stay.advisor)}
    )
    times = {
        Stage.RECEPTION: stay.arrived, Stage.REPAIR: stay.signed, Stage.INSPECTION: stay.work_end, Stage.WASH: stay.inspected,
        Stage.HANDOVER: stay.ready, Stage.CHECKOUT: stay.handed, Stage.FOLLOW_UP: stay.released, Stage.CLOSED: stay.called,
    }  # fmt: skip
    came_from, since = (Stage.BOOKING if stay.booked else Stage.RECEPTION), stay.opened
    _event(stay, "visits.promised", stay.signed, {"sequence": 1, "new_at": _iso(stay, stay.first), "old_at": None})
    rounds = 2 if stay.sent_back else 1
    for stage in JOURNEY[1 if stay.booked else 2 :]:
        at = times[stage]
        if stage == Stage.INSPECTION and stay.sent_back:
            _moved(stay, came_from, Stage.INSPECTION, stay.work_end - 2000, since, 1)
            _moved(stay, Stage.INSPECTION, Stage.REPAIR, stay.work_end - 1200, stay.work_end - 2000, 2)
            came_from, since = Stage.REPAIR, stay.work_end - 1200
        _moved(stay, came_from, stage, at, since, rounds if stage not in (Stage.RECEPTION, Stage.REPAIR) else 1)
        came_from, since = stage, at
    ready = {
        "ready_at": _iso(stay, stay.ready),
        "first_promised_at": _iso(stay, stay.first),
        "promised_at": _iso(stay, stay.promised),
    }
    _event(stay, "visits.ready", stay.ready, {**ready, "advisor_id": int(stay.advisor)})
    gone = {
        "released_at": _iso(stay, stay.released),
        "customer_id": int(stay.customer),
        "vehicle_id": int(stay.vehicle),
    }
    _event(stay, "visits.released", stay.released, {**gone, "advisor_id": int(stay.advisor)})


def _moved(stay: Stay, came_from, stage, at: int, since: int, round_no: int) -> None:
    data = {"came_from": came_from.value, "stage": stage.value, "round": round_no, "seconds": max(at - since, 0)}
    _event(stay, "visits.stage_entered", at, {**data, "advisor_id": int(stay.advisor)})


def _event(stay: Stay, name: str, at: int, data: dict) -> None:
    c = stay.c
    c.tables["event"].add(
        str(c.at.event + stay.i * EVENTS_MAX + stay.events), c.store, name, "visits.visit", stay.id, stay.id, "staff",
        stay.advisor, c.ts(at), json.dumps(data), "demo", c.epoch, c.xid,
    )  # fmt: skip
    stay.events += 1


def _iso(stay: Stay, second: int) -> str:
    return (datetime.fromtimestamp(stay.c.midnight + second, UTC)).isoformat()
