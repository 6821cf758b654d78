"""The journal's rows of a visit, as the domain functions write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.stages import JOURNEY, Stage
from dealership.demo.copying import NULL
from dealership.demo.history.planning import DAYS, EVENTS_MAX, LINES_MAX

if TYPE_CHECKING:
    from dealership.demo.history.stay import Stay


# Days at the end of the history whose floor is told in full (greeting, dispatch, parts, wash, till); older visits tell their stages.
IN_FULL = 180


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
    _event(stay, "visits.promised", stay.signed, {"sequence": 1, "new_at": stay.moment(stay.first), "old_at": None})
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
        "ready_at": stay.moment(stay.ready),
        "first_promised_at": stay.moment(stay.first),
        "promised_at": stay.moment(stay.promised),
    }
    _event(stay, "visits.ready", stay.ready, {**ready, "advisor_id": int(stay.advisor)})
    gone = {
        "released_at": stay.moment(stay.released),
        "customer_id": int(stay.customer),
        "vehicle_id": int(stay.vehicle),
    }
    _event(stay, "visits.released", stay.released, {**gone, "advisor_id": int(stay.advisor)})
    if stay.day > DAYS - IN_FULL:
        _floor(stay)


def _floor(stay: Stay) -> None:
    """What happened between the stages, as the waits are read from it."""
    c, r = stay.c, stay.r
    greeted = stay.arrived + min(int(r.lognormvariate(4.6, 0.7)), (stay.signed - stay.arrived) // 2)
    tell(stay, "reception.greeted", greeted, {"seconds": greeted - stay.arrived, "advisor_id": int(stay.advisor)})
    for place in range(len(stay.jobs)):
        line, job = c.at.line + stay.i * LINES_MAX + place, c.at.job + stay.i * LINES_MAX + place
        who = {"job_id": job, "line_id": line, "technician_id": stay.technician}
        subject = {"kind": "repairs.job", "subject": str(job)}
        tell(stay, "orders.line_approved", stay.signed, {"line_id": line, "method": "signature"}, **subject)
        dispatched = max(stay.signed, stay.work_start - int(r.lognormvariate(5.6, 0.5)))
        plan = {"bay_id": None, "start": stay.moment(stay.work_start), "end": stay.moment(stay.work_end), "round": 1}
        tell(stay, "repairs.job_dispatched", dispatched, {**who, **plan}, **subject)
        tell(stay, "repairs.job_started", stay.work_start, who, **subject)
        if place == 0 and r.random() < 0.12:
            asked = stay.work_start + 900
            issued = min(asked + int(r.lognormvariate(7.3, 0.6)), stay.work_end - 60)
            if issued > asked:
                request = {"request_id": job, "job_id": job, "part_id": None, "quantity": "1.00"}
                tell(stay, "repairs.part_requested", asked, request, **subject)
                tell(stay, "repairs.part_issued", issued, {**request, "rest_id": None}, **subject)
    crossed = {"level": 2, "verdict": "pass", "round": 2 if stay.sent_back else 1, "inspector_id": stay.technician}
    tell(stay, "inspections.inspected", stay.work_end + 240, {**crossed, "line_id": None})
    washer = {"washer_id": c.m.staff["washer"][0], "rewashes": 0}
    tell(stay, "inspections.wash_queued", stay.inspected, {})
    tell(stay, "inspections.wash_started", stay.wash_start, washer)
    paid = max(stay.handed, stay.released - int(r.lognormvariate(4.6, 0.4)))
    tell(
        stay, "checkout.paid", paid, {"settlement_id": 0, "method": "wechat", "amount": str(stay.total), "owed": "0.00"}
    )


def _moved(stay: Stay, came_from, stage, at: int, since: int, round_no: int) -> None:
    data = {"came_from": came_from.value, "stage": stage.value, "round": round_no, "seconds": max(at - since, 0)}
    _event(stay, "visits.stage_entered", at, {**data, "advisor_id": int(stay.advisor)})


def _event(stay: Stay, name: str, at: int, data: dict) -> None:
    tell(stay, name, at, data)


def tell(
    stay: Stay,
    name: str,
    at: int,
    data: dict,
    *,
    kind="visits.visit",
    subject=None,
    staff=None,
    customer=None,
    system=None,
) -> None:
    """A row of the journal; of the advisor unless another colleague, the customer or an automatism is named."""
    c = stay.c
    if customer:
        actor, who = "customer", customer
    elif system:
        actor, who = "system", NULL
    else:
        actor, who = "staff", staff or stay.advisor
    c.tables["event"].add(
        str(c.at.event + stay.i * EVENTS_MAX + stay.events), c.store, name, kind, subject or stay.id, stay.id, actor, who,
        system or "", c.ts(at), json.dumps(data), "demo", c.epoch, c.xid,
    )  # fmt: skip
    stay.events += 1
