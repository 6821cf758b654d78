"""The sums behind the CSI page: cars released, customers invited, and what they answered.

All days are the car's day of release on the store's clock: numerator and denominator of a rate speak of the same cars, and an answer
that comes a week later still belongs to the visit it is about.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from core import clock
from journal.models import Event
from journal.reactions import reacts_to
from reports import domain
from reports.choices import FACTOR, Arrival, Dimension, Kept, Metric, Rework
from reports.domain import Cell, Tally
from stores.models import Store
from surveys.events import Answered, Invited
from surveys.models import Answer
from visits.events import CarReleased
from visits.models import Visit

NAMES = ("reports.csi_released", "reports.csi_invited", "reports.csi_answered")
EVENTS_AT_ONCE = 2000


@reacts_to(CarReleased, since="beginning", history=True, batch=True, name="reports.csi_released", limit=EVENTS_AT_ONCE)
def count_released(events: list[Event]) -> None:
    zone = Store.objects.get(pk=events[0].store_id).tz
    tally, parts = Tally(), _parts_of(events)
    for event in events:
        day = clock.local_day(zone, datetime.fromisoformat(event.data["released_at"]))
        tally.count(day, parts(event), {Metric.RELEASED: 1})
    domain.add(events[0].store_id, tally)


@reacts_to(Invited, since="beginning", history=True, batch=True, name="reports.csi_invited", limit=EVENTS_AT_ONCE)
def count_invited(events: list[Event]) -> None:
    tally, parts = Tally(), _parts_of(events)
    for event in events:
        tally.count(event.payload.released_on, parts(event), {Metric.INVITED: 1})
    domain.add(events[0].store_id, tally)


@reacts_to(Answered, since="beginning", history=True, batch=True, name="reports.csi_answered", limit=EVENTS_AT_ONCE)
def count_answered(events: list[Event]) -> None:
    tally, parts, questions = Tally(), _parts_of(events), _questions_of(events)
    for event in events:
        answered: Answered = event.payload
        values = {
            Metric.CSI: answered.csi,
            Metric.NPS: _end_of_scale(answered.nps),
            Metric.LOW: answered.low,
            Metric.PROBLEM: answered.problem,
            Metric.OVERALL: answered.overall,
            **{FACTOR + code: score for code, score in (answered.factors or {}).items()},
        }
        tally.count(answered.released_on, {**parts(event), Dimension.CHANNEL: answered.channel}, values)
        for item_id, metric, value in questions[answered.response_id]:
            tally.add(Cell(answered.released_on, Dimension.ITEM.value, str(item_id), metric), value)
    domain.add(events[0].store_id, tally)


def _end_of_scale(nps: int | None) -> int | None:
    """9 and 10 promote, 0 to 6 detract: their mean is the NPS, and sums of it can be added up."""
    if nps is None:
        return None
    return (nps >= 9) - (nps <= 6)


def _parts_of(events: list[Event]):
    """How each event's visit is told apart; one query a batch. A visit that is gone counts for the store and its advisor."""
    ids = {event.visit_id for event in events if event.visit_id}
    facts = {
        pk: {
            Dimension.ARRIVAL: Arrival.BOOKED if due_in else Arrival.WALK_IN,
            Dimension.PROMISE: _kept(promised, ready),
            Dimension.REWORK: Rework.AGAIN if round_ > 1 else Rework.STRAIGHT,
            Dimension.POWERTRAIN: powertrain or "unknown",
        }
        for pk, due_in, promised, ready, round_, powertrain in Visit.objects.filter(pk__in=ids).values_list(
            "pk", "due_in_at", "first_promised_at", "ready_at", "round", "vehicle__powertrain"
        )
    }

    def parts(event: Event) -> dict[str, str]:
        advisor = event.data.get("advisor_id")
        own = {Dimension.ADVISOR: str(advisor)} if advisor else {}
        return {**facts.get(event.visit_id, {}), **own}

    return parts


def _kept(promised: datetime | None, ready: datetime | None) -> str:
    if promised is None or ready is None:
        return Kept.NONE
    return Kept.KEPT if ready <= promised else Kept.BROKEN


def _questions_of(events: list[Event]) -> dict[int, list[tuple]]:
    """{response: [(item, metric, value)]} of the questions with a factor or a yes/no; the others are figures of their own."""
    found = defaultdict(list)
    ids = [event.data["response_id"] for event in events]
    rows = Answer.objects.filter(response_id__in=ids, item__asks_problem=False).exclude(score=None, yes=None)
    for response_id, item_id, factor_id, score, yes in rows.values_list(
        "response_id", "item_id", "item__factor_id", "score", "yes"
    ):
        if yes is not None:
            found[response_id].append((item_id, Metric.YES.value, Decimal(yes)))
        elif factor_id is not None:
            found[response_id].append((item_id, Metric.SCORE.value, Decimal(score)))
    return found
