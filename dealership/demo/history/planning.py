"""What is decided for the whole store before a row is written: which car comes on which day, and which ids its rows will have."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from catalogue.models import Operation
from commitments.choices import Code
from commitments.models import Commitment, Measurement
from complaints.models import Case, CaseEntry, Measure, Recheck, RecoveryPlan, SalesFeedback
from customers.models import Consent as Agreed
from customers.models import Customer, OdometerReading, Ownership, Vehicle
from followups.models import CallAttempt, FollowUpCall
from inspections.models import Inspection
from journal.models import Event
from orders.models import Consent, ConsentPack, Line, LinePart, RepairOrder
from outreach.models import Task
from repairs.models import Job
from stores.choices import RoleCode
from stores.models import Staff, Store
from surveys.choices import ItemKind
from surveys.models import Answer, FactorScore, Invitation, Questionnaire, Response
from visits.models import Need, Promise, Signature, Visit

DAYS = 730
# The newest visit lies a few days back, so that its follow-up call does not lie in the future.
CLOSED_AGO = 5
VISITS_PER_CAR = 3.2
# Monday to Sunday: Saturdays are full.
WEEKDAY_SHARE = (1.0, 0.92, 0.9, 0.92, 1.05, 1.35, 0.85)
LINES_MAX, PARTS_MAX, EVENTS_MAX, ANSWERS_MAX, FACTORS = 4, 8, 56, 20, 5
CONSENTS = 4  # to questionnaires and reminders, by SMS and by phone


def at_a_decent_hour(second: int) -> int:
    """The same moment, or the next morning if nobody telephones then: at most 16 hours later."""
    hour = (second // 3600 + 8) % 24  # the store is eight hours ahead
    if 9 <= hour < 20:
        return second
    return second + (33 - hour) % 24 * 3600 + second % (3 * 3600)


@dataclass
class Plan:
    """`starts[i]` is the first visit of car i (one more at the end); `days[v]`, `numbers[v]`: day and number within the day."""

    today: date
    starts: array
    days: array
    numbers: array

    @property
    def cars(self) -> int:
        return len(self.starts) - 1


def first_day(today: date) -> date:
    return today - timedelta(days=DAYS + CLOSED_AGO)


def plan(visits: int, *, today: date, random: Random) -> Plan:
    """Share `visits` out over cars and days."""
    starts, days = array("l", [0]), array("h")
    weights = [WEEKDAY_SHARE[(first_day(today) + timedelta(days=d)).weekday()] for d in range(DAYS)]
    full = max(weights)
    while len(days) < visits:
        count = min(1 + int(random.expovariate(1 / (VISITS_PER_CAR - 1)) + 0.5), 12, visits - len(days))
        chosen: set[int] = set()
        while len(chosen) < count:
            day = random.randrange(DAYS)
            if random.random() * full < weights[day]:
                chosen.add(day)
        days.extend(sorted(chosen))
        starts.append(len(days))
    seen = array("l", [0]) * DAYS
    numbers = array("l")
    for day in days:
        seen[day] += 1
        numbers.append(seen[day])
    return Plan(today, starts, days, numbers)


@dataclass
class Bases:
    """First ids of the ranges reserved for the whole load; row ids follow from the number of the car or visit."""

    customer: int
    vehicle: int
    ownership: int
    reading: int
    visit: int
    order: int
    pack: int
    consent: int
    signature: int
    line: int
    part: int
    promise: int
    need: int
    job: int
    inspection: int
    call: int
    attempt: int
    event: int
    invitation: int
    response: int
    score: int
    answer: int
    case: int
    entry: int
    recovery: int
    measure: int
    recheck: int
    feedback: int
    reminder: int
    agreed: int
    measured: int


# Ids per unit: of a car for the first three, of a visit for the others.
PER_UNIT = {
    "customer": (Customer, 1), "vehicle": (Vehicle, 1), "ownership": (Ownership, 1),
    "reading": (OdometerReading, 1), "visit": (Visit, 1), "order": (RepairOrder, 1), "pack": (ConsentPack, 1),
    "consent": (Consent, 1), "signature": (Signature, 1), "line": (Line, LINES_MAX), "part": (LinePart, PARTS_MAX),
    "promise": (Promise, 2), "need": (Need, 2), "job": (Job, LINES_MAX), "inspection": (Inspection, 6),
    "call": (FollowUpCall, 1), "attempt": (CallAttempt, 2), "event": (Event, EVENTS_MAX),
    "invitation": (Invitation, 1), "response": (Response, 1), "score": (FactorScore, FACTORS),
    "answer": (Answer, ANSWERS_MAX), "case": (Case, 1), "entry": (CaseEntry, 2), "recovery": (RecoveryPlan, 1),
    "measure": (Measure, 1), "recheck": (Recheck, 1), "feedback": (SalesFeedback, 1),
    "reminder": (Task, 1), "agreed": (Agreed, CONSENTS),
    "measured": (Measurement, len(Code)),
}  # fmt: skip
OF_CARS = {"customer", "vehicle", "ownership", "agreed"}
MODELS_LOADED = [model for model, _count in PER_UNIT.values()]


@dataclass
class Material:
    """What the rows refer to, read once."""

    store_id: int
    rate: Decimal
    staff: dict[str, list[int]]
    operations: dict[str, list[tuple]]
    questionnaire: int
    weights: dict[str, int]
    promises: dict[str, int]  # code -> version in force
    items: list[tuple]  # (id, kind, factor's code or None, place within its factor)


def material(store: Store) -> Material:
    """Staff ids by role and operations by repair category, each (id, title, hours, [(part id, number, name, class, unit, quantity, price)])."""
    staff: dict[str, list[int]] = {code: [] for code in RoleCode.values}
    for pk, code in Staff.objects.order_by("id").values_list("id", "role__code"):
        staff[code].append(pk)
    operations: dict[str, list[tuple]] = {"maintenance": [], "minor": []}
    rows = Operation.objects.filter(active=True).prefetch_related("parts__part").order_by("id")
    for row in rows:
        parts = [
            (
                use.part_id,
                use.part.number,
                use.part.name_zh,
                use.part.part_class,
                use.part.unit,
                use.quantity,
                use.part.price,
            )
            for use in row.parts.all()
        ]
        entry = (row.pk, row.name_zh, row.hours, parts)
        operations.setdefault("maintenance" if row.category == "maintenance" else "minor", []).append(entry)
    asked = Questionnaire.objects.get(published_at__isnull=False, retired_at=None)
    promises = dict(Commitment.objects.filter(published_at__isnull=False, retired_at=None).values_list("code", "id"))
    weights = dict(asked.factors.values_list("code", "weight"))
    return Material(store.pk, store.hour_rate, staff, operations, asked.pk, weights, promises, _items(asked))


def _items(asked: Questionnaire) -> list[tuple]:
    """Its questions but the free text, each with its place within its factor."""
    seen: Counter = Counter()
    items = []
    for pk, kind, code in asked.items.exclude(kind=ItemKind.TEXT).values_list("id", "kind", "factor__code"):
        items.append((pk, kind, code, seen[code]))
        seen[code] += 1
    return items
