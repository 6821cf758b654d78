"""The customer file: customer and car on one page, headed by the three lines to know before speaking.

The lines are no note somebody wrote: each is computed from rows, says what it rests on, and leads to it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.choices import RemedyState
from commitments.choices import State as PromiseState
from commitments.models import Measurement
from complaints.choices import CaseState
from complaints.models import Case
from core import clock, durations
from core.stages import Stage
from customers import queries as customers
from customers.models import Customer, FileOpened, Vehicle
from messaging.models import Message
from orders.choices import Risk
from orders.models import Line, Recommendation
from outreach.models import DueCar, Task
from stores.models import Staff
from visits.choices import NeedKind
from visits.models import Need, Visit

VISITS, NEEDS, MESSAGES, CASES, REMINDERS, OPENINGS = 50, 60, 30, 20, 10, 10
# Older evidence is history, nothing to begin a conversation with.
RECENT = timedelta(days=365)
DUE_SOON = timedelta(days=30)
LAPSED = timedelta(days=183)  # domain.md 6.4: then a customer counts as lost
CONTENT = 9  # an NPS of a promoter
NOT_HERE = (Stage.BOOKING, Stage.CANCELLED, Stage.NO_SHOW, Stage.LEFT_WITHOUT_SERVICE)


@dataclass(frozen=True)
class Hint:
    """One line to know before speaking. `weight` orders them; `detail` is the evidence; `url` leads there ("" where this
    person may not follow)."""

    weight: int
    tone: str
    icon: str
    text: str
    detail: str = ""
    url: str = ""


def context(customer: Customer, *, staff: Staff) -> dict:
    """Everything known of a customer and his cars, newest first, in a fixed number of queries."""
    visits = _visits(customer)
    vehicles = list(Vehicle.objects.filter(owner=customer).order_by("plate"))
    needs = list(
        Need.objects.filter(visit__customer=customer).select_related("visit").order_by("-created_at", "-id")[:NEEDS]
    )
    answers = [visit.response for visit in visits if hasattr(visit, "response")]
    cases = _cases(customer)
    measured = _measured(visits, cases)
    due = list(DueCar.objects.filter(vehicle__in=vehicles, due_on__isnull=False).select_related("vehicle", "operation"))
    found = {
        "customer": customer,
        "sees_phone": staff.may("customers.see_phone"),
        "may_edit": staff.may("customers.edit"),
        "may_book": staff.may("appointments.book"),
        "vehicles": _with_due(vehicles, due),
        "visits": visits,
        "recommendations": _recommendations(vehicles),
        "open_needs": [need for need in needs if not need.outcome and need.kind != NeedKind.MATTERS_MOST],
        "matters_most": [need for need in needs if need.kind == NeedKind.MATTERS_MOST],
        "answers": answers,
        "promises": first_promises(visits),
        "measured": [row for row in measured if row.state in (PromiseState.BROKEN, PromiseState.RUNNING)],
        "remedies": [row.remedy for row in measured if hasattr(row, "remedy")],
        "messages_sent": list(Message.objects.filter(customer=customer).order_by("-created_at", "-id")[:MESSAGES]),
        "cases": cases,
        "consents": list(customers.consents(customer).values()),
        "reminders": list(
            Task.objects.filter(customer=customer).select_related("vehicle").order_by("-created_at", "-id")[:REMINDERS]
        ),
        "openings": _openings(customer) if staff.may("stores.manage") else None,
    }
    return found | {"hints": hints(found, staff=staff, now=clock.now())}


def _visits(customer: Customer) -> list[Visit]:
    return list(
        Visit.objects.filter(customer=customer)
        .select_related("vehicle", "advisor", "response__case")
        .prefetch_related(Prefetch("lines", queryset=Line.objects.order_by("position")))
        .order_by("-opened_at", "-id")[:VISITS]
    )


def _recommendations(vehicles: list[Vehicle]) -> list[Recommendation]:
    rows = Recommendation.objects.filter(vehicle__in=vehicles, closed_at=None).select_related("line", "vehicle")
    # What is dangerous first.
    return sorted(rows.order_by("-created_at", "-id"), key=lambda row: row.risk != Risk.SAFETY)


def _cases(customer: Customer) -> list[Case]:
    return list(
        Case.objects.filter(customer=customer)
        .select_related("owner", "vehicle")
        .prefetch_related("plans__measures")
        .order_by("-opened_at", "-id")[:CASES]
    )


def _measured(visits: list[Visit], cases: list[Case]) -> list[Measurement]:
    """How the public promises went for him, the newest first."""
    ids = Q(visit_id__in=[visit.pk for visit in visits]) | Q(case_id__in=[case.pk for case in cases])
    rows = Measurement.objects.filter(ids).select_related("commitment", "visit", "case", "remedy__settled_by")
    return list(rows.order_by("-started_at", "-id")[:60])


def _with_due(vehicles: list[Vehicle], due: list[DueCar]) -> list[Vehicle]:
    by_car = {row.vehicle_id: row for row in due}
    for car in vehicles:
        car.due = by_car.get(car.pk)
    return vehicles


def _openings(customer: Customer) -> list[FileOpened]:
    rows = FileOpened.objects.filter(customer=customer).select_related("staff__role")
    return list(rows.order_by("-at", "-id")[:OPENINGS])


@dataclass(frozen=True)
class FirstPromises:
    """How the first promised ready times of the last year went."""

    kept: int
    total: int
    broken: list[Visit]


def first_promises(visits: list[Visit]) -> FirstPromises:
    since = clock.now() - RECENT
    told = [visit for visit in visits if visit.first_promised_at and visit.ready_at and visit.ready_at >= since]
    broken = [visit for visit in told if visit.ready_at > visit.first_promised_at]
    for visit in broken:
        visit.late_by = visit.ready_at - visit.first_promised_at
    return FirstPromises(len(told) - len(broken), len(told), broken)


# --- The three lines -------------------------------------------------------------------------------------------------


def hints(found: dict, *, staff: Staff, now: datetime) -> list[Hint]:
    """The three heaviest hints: first what hurts or is owed, then what is dangerous or due, then what pleases him."""
    rules = (_open_case, _owed, _last_answer, _declined, _unsettled, _last_visit, _due, _matters_most, _known_since)
    told = [hint for rule in rules for hint in rule(found, staff, now)]
    return sorted(told, key=lambda hint: -hint.weight)[:3]


def _visit_url(visit_id: int | None, staff: Staff) -> str:
    return reverse("desk:visit", args=[visit_id]) if visit_id and staff.may("desk.view_visit") else ""


def _quoted(words: str) -> str:
    return "“" + (words if len(words) <= 60 else words[:59] + "…") + "”" if words else ""


def _open_case(found: dict, staff: Staff, now: datetime) -> list[Hint]:
    case = next((case for case in found["cases"] if case.state != CaseState.CLOSED), None)
    if case is None:
        return []
    owner = case.owner.name if case.owner else _("nobody yet")
    text = _("Complaint %(number)s is open, in the hands of %(owner)s") % {"number": case.number, "owner": owner}
    url = reverse("complaints:case", args=[case.pk]) if staff.may("complaints.work") else ""
    return [Hint(100, "bad", "exclamation-triangle", text, _quoted(case.words), url)]


def _owed(found: dict, staff: Staff, now: datetime) -> list[Hint]:
    owed = [remedy for remedy in found["remedies"] if remedy.state == RemedyState.OWED]
    if not owed:
        return []
    text = _("We owe him: %(remedies)s") % {"remedies": ", ".join(remedy.text for remedy in owed[:3])}
    measured = owed[0].measurement
    detail = _("Promise broken: %(promise)s") % {"promise": measured.get_code_display()}
    return [Hint(95, "bad", "gift", text, detail, _visit_url(measured.visit_id, staff))]


def _last_answer(found: dict, staff: Staff, now: datetime) -> list[Hint]:
    answer = next(iter(found["answers"]), None)
    if answer is None or answer.at < now - RECENT:
        return []
    figures = [
        _("CSI %(csi)s") % {"csi": f"{answer.csi:.0f}"} if answer.csi is not None else "",
        _("recommendation %(nps)s of 10") % {"nps": answer.nps} if answer.nps is not None else "",
    ]
    detail = " · ".join(filter(None, [*figures, _quoted(answer.comment)]))
    url = _visit_url(answer.visit_id, staff)
    if answer.low:
        return [Hint(85, "bad", "emoji-frown", _("Was not content last time"), detail, url)]
    if answer.nps is not None and answer.nps >= CONTENT:
        return [Hint(20, "ok", "emoji-smile", _("Was content last time"), detail, url)]
    return []


def _declined(found: dict, staff: Staff, now: datetime) -> list[Hint]:
    rows = found["recommendations"]
    if not rows:
        return []
    row = rows[0]
    detail = " · ".join(filter(None, [row.line.title, row.get_risk_display(), _quoted(row.reason)]))
    url = _visit_url(row.line.visit_id, staff)
    if row.risk == Risk.SAFETY:
        return [
            Hint(80, "bad", "cone-striped", _("Declined work that concerns safety: speak of it again"), detail, url)
        ]
    return [Hint(45, "warn", "arrow-repeat", _("Advised and not done"), detail, url)]


def _unsettled(found: dict, staff: Staff, now: datetime) -> list[Hint]:
    need = next((need for need in found["open_needs"] if not need.visit.is_open), None)
    if need is None:
        return []
    return [
        Hint(
            70,
            "warn",
            "chat-quote",
            _("Asked for something and never got an answer"),
            _quoted(need.words),
            _visit_url(need.visit_id, staff),
        )
    ]


def _last_visit(found: dict, staff: Staff, now: datetime) -> list[Hint]:
    """The newest visit that gave the car back: late, or sent back to the workshop on the way."""
    last = next((visit for visit in found["visits"] if visit.released_at), None)
    if last is None or last.released_at < now - RECENT:
        return []
    url = _visit_url(last.pk, staff)
    promises = found["promises"]
    if last in promises.broken:
        detail = _("First promises kept in a year: %(kept)d of %(total)d") % {
            "kept": promises.kept,
            "total": promises.total,
        }
        text = _("Waited %(time)s longer than first promised last time") % {"time": durations.span(last.late_by)}
        return [Hint(65, "warn", "alarm", text, detail, url)]
    if last.round > 1:
        text = _("Last time the inspection sent the car back to the workshop")
        return [Hint(60, "warn", "arrow-counterclockwise", text, last.number, url)]
    return []


def _due(found: dict, staff: Staff, now: datetime) -> list[Hint]:
    day = clock.local_day(staff.store.zone, now)
    soon = [car.due for car in found["vehicles"] if car.due and car.due.due_on <= day + DUE_SOON]
    if not soon:
        return []
    row = min(soon, key=lambda row: row.due_on)
    words = {"plate": row.vehicle.plate or row.vehicle.vin[-6:], "day": f"{row.due_on:%Y-%m-%d}"}
    text = (
        _("%(plate)s has been due for service since %(day)s")
        if row.due_on < day
        else _("%(plate)s is due for service on %(day)s")
    )
    detail = " · ".join(filter(None, [row.operation.name if row.operation else "", row.get_by_display()]))
    url = f"{reverse('appointments:book')}?vehicle={row.vehicle_id}" if found["may_book"] else ""
    return [Hint(50, "info", "calendar-check", text % words, detail, url)]


def _matters_most(found: dict, staff: Staff, now: datetime) -> list[Hint]:
    said = [need.words.strip() for need in found["matters_most"]]
    if not said:
        return []
    # What he says most often; of equals the newest.
    words, times = Counter(said).most_common(1)[0]
    detail = _("said %(times)d times in %(visits)d visits") % {"times": times, "visits": len(said)}
    return [Hint(40, "info", "star", _("What matters to him: %(words)s") % {"words": _quoted(words)}, detail)]


def _known_since(found: dict, staff: Staff, now: datetime) -> list[Hint]:
    """How well we know each other: the least that can be said of anyone."""
    came = [visit for visit in found["visits"] if visit.stage not in NOT_HERE]
    if not came:
        return [Hint(30, "info", "person-plus", _("Is new here: no visit yet"))]
    last, first = came[0], came[-1]
    url = _visit_url(last.pk, staff)
    if last.is_open and last.stage != Stage.FOLLOW_UP:
        text = _("Is in the store now: %(stage)s") % {"stage": last.get_stage_display()}
        return [Hint(55, "info", "car-front", text, last.number, url)]
    days = (now - (last.released_at or last.arrived_at or last.opened_at)).days
    since = timezone.localtime(first.arrived_at or first.opened_at)
    detail = _("%(count)d visits since %(day)s") % {"count": len(came), "day": f"{since:%Y-%m}"}
    if days >= LAPSED.days:
        text = _("Has not been here for %(days)d days") % {"days": days}
        return [Hint(35, "warn", "calendar-x", text, detail, url)]
    text = _("Was here %(days)d days ago") % {"days": days}
    return [Hint(10, "info", "calendar-event", text, detail, url)]
