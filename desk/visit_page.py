"""The visit page: nine steps with their times, the one next step, and everything the visit carries."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commitments import queries as commitments
from complaints.models import Case
from core import clock, durations
from core.actors import CUSTOMER, STAFF, SYSTEM
from core.clock import local_day
from core.stages import ENDS, JOURNEY, Stage
from guarantees import queries as guarantees
from inspections.queries import light_counts, lights_run
from journal.queries import timeline
from messaging.models import Message
from orders.choices import ConsentState, LineOrigin
from orders.models import LinePart
from reception.models import CheckIn
from repairs.models import Job
from repairs.queries.risks import risks
from stores.models import Staff
from visits import queries as visits
from visits.events import StageEntered
from visits.models import Photo, Visit

LINES = "lines"


@dataclass(frozen=True)
class Step:
    """The next thing to do at a stage: where it is done, what it is called, who may."""

    url_name: str
    label: str
    icon: str
    permission: str  # of several, divided by blanks, any one suffices
    takes_visit: bool = True


NEXT_STEP = {
    Stage.BOOKING: Step(
        "reception:arrive",
        gettext_lazy("Take the car in"),
        "box-arrow-in-right",
        "reception.check_in",
        False,
    ),
    Stage.REPAIR: Step(
        "repairs:board",
        gettext_lazy("Open dispatch"),
        "diagram-3",
        "repairs.dispatch",
        False,
    ),
    Stage.INSPECTION: Step(
        "inspections:queue",
        gettext_lazy("Inspect"),
        "clipboard-check",
        "inspections.final inspections.cross inspections.self",
        False,
    ),
    Stage.WASH: Step(
        "inspections:wash",
        gettext_lazy("Wash"),
        "droplet",
        "inspections.wash inspections.check_wash inspections.waive_wash",
    ),
    Stage.HANDOVER: Step("handover:handover", gettext_lazy("Hand over"), "key", "handover.hand_over"),
    Stage.CHECKOUT: Step(
        "checkout:pay",
        gettext_lazy("Take payment"),
        "cash-coin",
        "checkout.take_payment",
    ),
    Stage.FOLLOW_UP: Step(
        "followups:call",
        gettext_lazy("Call the customer"),
        "telephone-outbound",
        "followups.call",
    ),
}
CHECK_IN = Step(
    "reception:check_in",
    gettext_lazy("Walk around the car"),
    "clipboard2-check",
    "reception.check_in",
)
ESTIMATE = Step(f"orders:{LINES}", gettext_lazy("Make the estimate"), "receipt", "orders.edit_lines")
SIGN = Step("reception:sign", gettext_lazy("Agree and sign"), "pen", "reception.check_in")


RISK_SECONDS = 300

# What a visit has, and what tells whether any of it changed. Written out: building it with the ORM took longer than the answer.
HAS = """
    SELECT events.n, events.last, messages.n, messages.state, measured.n, measured.state,
        (SELECT count(*) FROM visits_photo WHERE store_id = %(store)s AND visit_id = %(visit)s),
        (SELECT count(*) FROM visits_need WHERE store_id = %(store)s AND visit_id = %(visit)s),
        (SELECT count(*) FROM visits_promise WHERE store_id = %(store)s AND visit_id = %(visit)s),
        (SELECT count(*) FROM visits_customerupdate WHERE store_id = %(store)s AND visit_id = %(visit)s),
        (SELECT count(*) FROM complaints_case WHERE store_id = %(store)s AND visit_id = %(visit)s)
    FROM (SELECT count(*) AS n, max(id) AS last FROM journal_event WHERE visit_id = %(visit)s) AS events,
        (SELECT count(*) AS n, sum(hashtextextended(status, id)) AS state FROM messaging_message
            WHERE store_id = %(store)s AND visit_ref = %(visit)s) AS messages,
        (SELECT count(*) AS n, sum(hashtextextended(state, id)) AS state FROM commitments_measurement
            WHERE store_id = %(store)s AND visit_id = %(visit)s) AS measured
"""


class Has(NamedTuple):
    """How much of each kind hangs on a visit; `messages_state` changes with every step a message takes, `measured_state`
    with every verdict about a promise of ours."""

    events: int
    last_event: int | None
    messages: int
    messages_state: int | None
    measured: int
    measured_state: int | None
    photos: int
    needs: int
    promises: int
    updates: int
    cases: int


def has(visit: Visit) -> Has:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(HAS, {"visit": visit.pk, "store": visit.store_id})
        return Has(*cursor.fetchone())


def state(visit: Visit, seen: Has, *, staff: Staff) -> str:
    """A text that changes whenever the page's content would: what happened, what was sent, who looks, in which language.

    Whatever a domain function changes about a visit it journals, so the journal's rows stand for all of it; a row that
    was committed late is seen by the count. Promises run out by themselves: how near they are is part of it, the minutes
    are counted in the browser.
    """
    now = clock.now()
    near = [
        durations.promise_state(due, met_at=None, now=now)
        for due in (visit.promised_at, visit.next_update_due_at)
        if due
    ]
    if visit.promised_at and not visit.ready_at:
        # Work left against time left: what endangers a promise comes by itself too.
        near.append(int(now.timestamp()) // RISK_SECONDS)
    looks = [get_language(), sorted(staff.role.permissions), local_day(visit.store.zone), near]
    rows = [row for row in (visit, visit.customer, visit.vehicle, visit.advisor) if row]
    columns = [[value for name, value in vars(row).items() if name != "_state"] for row in rows]
    made_of = repr([seen, looks, columns])
    return f"visit:{visit.pk}:{hashlib.sha256(made_of.encode()).hexdigest()}"


def context(visit: Visit, seen: Has, *, staff: Staff) -> dict:
    """Everything the visit page shows, in a fixed number of queries; what the visit has none of is not asked for."""
    events = [row.event for row in timeline(visit.pk)]
    lines = list(
        visit.lines.select_related("operation", "consent").prefetch_related(
            Prefetch("parts", queryset=LinePart.objects.all()),
            Prefetch(
                "jobs",
                queryset=Job.objects.select_related("technician", "bay").order_by("round"),
            ),
        )
    )
    check_in = CheckIn.objects.filter(visit=visit).first()
    blockers = visits.blockers(visit)
    needs = list(visit.needs.select_related("owner", "settled_by")) if seen.needs else []
    return {
        "added": any(line.origin == LineOrigin.ADDED and line.pack_id for line in lines),
        "visit": visit,
        "steps": steps(visit, events),
        "blockers": blockers,
        "next_step": next_step(visit, staff=staff, check_in=check_in, lines=lines),
        "needs": needs,
        "open_needs": [need for need in needs if not need.outcome],
        "promises": list(visit.promises.all()) if seen.promises else [],
        "risk": risks(visit.store, [visit]).get(visit.pk),
        "lines": lines,
        "asked": [line for line in lines if line.consent_state == ConsentState.ASKED],
        "check_in": check_in,
        "photos": [photo_tile(photo) for photo in visit.photos.all()[:60]] if seen.photos else [],
        "messages_sent": list(Message.objects.filter(visit_ref=visit.pk).order_by("-created_at")[:20])
        if seen.messages
        else [],
        "updates": list(visit.updates.all()) if seen.updates else [],
        "cases": list(Case.objects.filter(visit=visit).select_related("owner")) if seen.cases else [],
        "measured": commitments.of_visit(visit) if seen.measured else [],
        "timeline": sentences(visit, events),
        **_quality(visit, {event.name for event in events}),
        "may": {
            name: staff.may(name)
            for name in (
                "visits.need",
                "visits.promise",
                "visits.tell_customer",
                "visits.cancel",
                "repairs.propose",
            )
        },
    }


def _quality(visit: Visit, happened: set[str]) -> dict:
    """Comebacks, open warnings of the three guarantees and the traffic-light inspection, as far as the journal knows of any."""
    found: dict = {"comebacks": [], "guarantee_alerts": [], "lights": None}
    if "guarantees.comeback_suggested" in happened:
        found["comebacks"] = list(guarantees.comebacks().filter(visit=visit))
    if "guarantees.warned" in happened:
        found["guarantee_alerts"] = list(guarantees.open_alerts().filter(vehicle=visit.vehicle_id))
    if "inspections.lights_filled" in happened:
        found["lights"] = light_counts(lights_run(visit))
    return found


def next_step(visit: Visit, *, staff: Staff, check_in: CheckIn | None, lines: list) -> dict | None:
    """{url, label, icon} of the one primary button, or None when it is not this person's turn."""
    if visit.stage in ENDS:
        return None
    step = NEXT_STEP.get(visit.stage)
    if visit.stage == Stage.RECEPTION:
        step = CHECK_IN if check_in is None or check_in.completed_at is None else SIGN if lines else ESTIMATE
    if visit.stage == Stage.FOLLOW_UP:
        call = getattr(visit, "follow_up", None)
        if call is None or not staff.may(*step.permission.split()):
            return None
        return {
            "url": reverse(step.url_name, args=[call.pk]),
            "label": step.label,
            "icon": step.icon,
        }
    if step is None or not staff.may(*step.permission.split()):
        return None
    if step.takes_visit:
        url = reverse(step.url_name, args=[visit.pk])
    else:
        url = reverse(step.url_name) + (f"?q={visit.vehicle}" if visit.stage == Stage.BOOKING else "")
    return {"url": url, "label": step.label, "icon": step.icon}


def photo_tile(photo: Photo) -> dict:
    """A tile of the photo grid."""
    url = reverse("visits:photo", args=[photo.pk])
    label = photo.get_kind_display()
    return {
        "url": url,
        "thumb": url,
        "alt": photo.caption or label,
        "caption": photo.caption or label,
        "at": photo.at,
    }


def steps(visit: Visit, events: list) -> list[dict]:
    """The nine steps with the time each was entered (the last time, after rework) and their state."""
    entered: dict[str, datetime] = {}
    for event in events:
        if event.name == StageEntered.event_name or event.name == "visits.opened":
            entered[event.data["stage"]] = event.at
    here = JOURNEY.index(visit.stage) if visit.stage in JOURNEY else -1
    rows = []
    for place, stage in enumerate(JOURNEY):
        if place == here:
            state = "done" if stage == Stage.CLOSED else "current"
        elif place < here or (here < 0 and stage in entered):
            state = "done" if stage in entered or visit.origin != "live" else "skipped"
        else:
            state = "todo"
        rows.append(
            {
                "code": stage,
                "label": stage.label,
                "state": state,
                "at": entered.get(stage),
            }
        )
    return rows


LOOK = {
    "visits": "car-front",
    "orders": "receipt",
    "repairs": "wrench",
    "messaging": "envelope",
    "complaints": "chat-square-dots",
}


def sentences(visit: Visit, events: list) -> list[dict]:
    """The timeline component's entries: each event as a sentence with the name of who did it, newest first."""
    staff_ids = {event.actor_id for event in events if event.actor_kind == STAFF}
    names = dict(Staff.objects.filter(pk__in=staff_ids).values_list("pk", "name")) if staff_ids else {}
    kinds = {
        CUSTOMER: visit.customer.name,
        SYSTEM: _("automatic"),
        "api": _("another system"),
    }
    return [
        {
            "at": event.at,
            "text": event.sentence,
            "actor": names.get(event.actor_id) if event.actor_kind == STAFF else kinds.get(event.actor_kind, ""),
            "icon": LOOK.get(event.name.split(".")[0], "dot"),
        }
        for event in reversed(events)
    ]
