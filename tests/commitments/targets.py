"""Measured promises to open pages on and to test with, as the reaction leaves them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from commitments import domain as commitments
from commitments.choices import RemedyState, State
from commitments.models import Commitment, Measurement, Remedy
from core import clock
from journal.domain import record
from tests.visits_at_stage import Maker
from visits.events import CarReady, Promised
from visits.models import Visit

LATE = timedelta(minutes=30)


def measurement(
    maker: Maker, state: str = State.RUNNING, *, due: timedelta = timedelta(minutes=5), **fields
) -> Measurement:
    """A promise to the customer of a new visit; running ones are due in five minutes, broken ones owe their remedy."""
    now = clock.now()
    begun = now - LATE if state == State.RUNNING else now - timedelta(days=2)
    values = {
        "code": "ready_by_first_promise",
        "visit": fields.get("visit") or maker("repair"),
        "started_at": begun,
        "due_at": now + due if state == State.RUNNING else begun + LATE,
        "met_at": begun + LATE if state == State.KEPT else None,
        "decided_at": None if state == State.RUNNING else begun + LATE,
        "state": state,
        **fields,
    }
    promised = Commitment.objects.get(code=values["code"], published_at__isnull=False, retired_at=None)
    return Measurement.objects.create(store=maker.store, commitment=promised, **values)


def owed(maker: Maker, **fields) -> Remedy:
    row = measurement(maker, State.BROKEN, **fields)
    return Remedy.objects.create(
        store=maker.store,
        measurement=row,
        kind=row.commitment.remedy,
        value=row.commitment.remedy_value,
        owed_at=row.decided_at,
    )


def given(maker: Maker) -> Remedy:
    return commitments.settle(owed(maker), outcome=RemedyState.GIVEN, by=maker.person("customer_relations"))


def draft(maker: Maker) -> Commitment:
    """The next version of the voucher for late follow-ups."""
    return commitments.write(
        "follow_up_72h",
        by=maker.person("service_manager"),
        text_zh="{time}内回访",
        target_seconds=48 * 3600,
        remedy="voucher",
        remedy_value=Decimal(80),
    )


def in_force(code: str) -> Commitment:
    return Commitment.objects.get(code=code, published_at__isnull=False, retired_at=None)


def history(maker: Maker, code: str, *, kept: int, broken: int, at: datetime | None = None) -> None:
    """So many measured cases of a promise in the past, each of a visit of its own."""
    terms, at = in_force(code), at or clock.now() - timedelta(days=30)
    rows = []
    for number, visit in enumerate(_closed(maker, kept + broken)):
        state = State.KEPT if number < kept else State.BROKEN
        met_at = at + LATE if state == State.KEPT else None
        rows.append(
            Measurement(
                store=maker.store,
                commitment=terms,
                code=code,
                visit=visit,
                started_at=at,
                due_at=at + LATE,
                met_at=met_at,
                decided_at=at + LATE,
                state=state,
            )
        )
    Measurement.objects.bulk_create(rows)


def _closed(maker: Maker, count: int) -> list[Visit]:
    """So many closed visits, copies of one."""
    made = maker("closed")
    return Visit.objects.bulk_create(_copy(made, f"{made.number}-{number}") for number in range(count))


def _copy(visit: Visit, number: str) -> Visit:
    copy = Visit.objects.get(pk=visit.pk)
    copy.pk, copy.number = None, number
    return copy


def promised(visit: Visit, *, at: datetime, due: datetime) -> None:
    """Journal that the car was promised for `due`."""
    record(Promised(1, due), store_id=visit.store_id, subject=visit, visit_id=visit.pk, by=visit.advisor, at=at)


def ready(visit: Visit, *, at: datetime) -> None:
    """Journal, however late, that it was ready at `at`."""
    record(CarReady(at), store_id=visit.store_id, subject=visit, visit_id=visit.pk, by=visit.advisor, at=at)
