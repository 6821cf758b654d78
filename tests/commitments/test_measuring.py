"""From what really happens in the store to the verdict: the domain's own functions, one reaction, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import domain as appointments
from commitments import domain as commitments
from commitments.models import Commitment, Measurement, Remedy
from complaints import domain as complaints
from core import clock
from core.actors import Actor
from followups.events import CallEnded
from journal.domain import record
from journal.models import Event
from messaging import domain as messaging
from orders import domain as orders
from orders import queries as bills
from orders.events import SettlementIssued
from reception import domain as reception
from reception.models import Greeting
from tests import factories
from visits import domain as visits
from visits.events import CarReady, CarReleased, Promised

BY = Actor.system("test")
# A Monday, 09:00 in Shanghai.
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def verdict(code: str) -> tuple:
    """(state, is anything owed) of the one measurement of a promise."""
    row = Measurement.objects.get(code=code)
    return row.state, Remedy.objects.filter(measurement=row, state="owed").exists()


@pytest.fixture
def morning(promising):
    with time_machine.travel(MORNING, tick=False) as now:
        Commitment.objects.update(published_at=MORNING - timedelta(days=1))
        yield now


def test_a_booking_is_confirmed_when_its_message_is_sent(morning, make_visit, read):
    made = appointments.book(
        store=make_visit.store,
        customer=factories.customer(make_visit.store),
        vehicle=factories.vehicle(make_visit.store),
        advisor=make_visit.person("advisor"),
        start=MORNING + timedelta(days=1),
        by=make_visit.person("booking_desk"),
        channel="desk",
    )
    read()
    assert verdict("confirm_10min") == ("running", False)

    morning.shift(timedelta(minutes=10))
    messaging.relay_due()
    read()

    assert verdict("confirm_10min") == ("kept", False)
    row = Measurement.objects.get()
    assert (row.visit, row.started_at, row.due_at, row.met_at) == (
        made.visit,
        MORNING,
        MORNING + timedelta(minutes=10),
        clock.now(),
    )


def test_a_booking_called_off_in_time_is_not_counted(morning, make_visit, read):
    made = appointments.book(
        store=make_visit.store,
        customer=factories.customer(make_visit.store, phone=""),
        vehicle=factories.vehicle(make_visit.store),
        advisor=make_visit.person("advisor"),
        start=MORNING + timedelta(days=1),
        by=make_visit.person("booking_desk"),
        channel="desk",
    )
    appointments.cancel(made, reason="客户改期", by=make_visit.person("booking_desk"))
    read()

    assert verdict("confirm_10min") == ("excluded", False)


def arrived(make_visit):
    return reception.walk_in(
        store=make_visit.store,
        customer=factories.customer(make_visit.store),
        vehicle=factories.vehicle(make_visit.store),
        advisor=make_visit.person("advisor"),
        by=make_visit.person("advisor"),
    )


def test_a_customer_greeted_in_time(morning, make_visit, read):
    visit = arrived(make_visit)
    morning.shift(timedelta(minutes=3))
    reception.greet(visit, by=visit.advisor)
    reception.greet(visit, by=visit.advisor)
    read()

    assert verdict("greeted_3min") == ("kept", False)
    assert Event.objects.get(name="reception.greeted").data == {"seconds": 180, "advisor_id": visit.advisor_id}
    assert Greeting.objects.count() == 1


def test_the_clock_breaks_what_runs_out_and_owes_once(morning, make_visit, read):
    visit = arrived(make_visit)
    read()
    morning.shift(timedelta(minutes=3))
    assert commitments.run_out() == 0  # the last moment is in time

    morning.shift(timedelta(seconds=1))
    assert (commitments.run_out(), commitments.run_out()) == (1, 0)

    assert verdict("greeted_3min") == ("broken", True)
    assert [e.data["remedy"] for e in Event.objects.filter(name="commitments.broken", visit_id=visit.pk)] == [
        "free_wash"
    ]


def test_the_clock_asks_the_journal_before_it_judges(morning, make_visit, read):
    visit = arrived(make_visit)
    read()
    morning.shift(timedelta(minutes=2))
    reception.greet(visit, by=visit.advisor)
    morning.shift(timedelta(minutes=2))

    commitments.run_out()  # the reaction has not read the greeting yet

    assert verdict("greeted_3min") == ("kept", False)
    assert not Event.objects.filter(name="commitments.broken").exists()


def test_a_complaint_in_the_evening_is_answered_in_the_morning(morning, make_visit, read):
    morning.move_to(MORNING + timedelta(hours=8, minutes=30))  # 17:30, half an hour before closing
    case = complaints.open_case(
        store=make_visit.store, words="异响", source="phone", by=make_visit.person("cashier"), severity="L2"
    )
    grave = complaints.open_case(
        store=make_visit.store, words="刹车失灵", source="phone", by=make_visit.person("cashier"), severity="L4"
    )
    read()

    due = dict(Measurement.objects.values_list("case_id", "due_at"))
    assert due[case.pk] == MORNING + timedelta(days=1)  # half an hour today, half an hour from 08:30
    assert due[grave.pk] == clock.now() + timedelta(hours=1)

    morning.move_to(MORNING + timedelta(days=1))
    complaints.respond(case, text="已致电", by=make_visit.person("customer_relations"))
    read()
    commitments.run_out()
    assert dict(Measurement.objects.values_list("case_id", "state")) == {case.pk: "kept", grave.pk: "broken"}


def test_a_bill_of_agreed_lines_keeps_the_promise(promising, make_visit, read):
    visit = make_visit("handover", lines=0, settled=False)
    line = factories.line(visit)
    pack = factories.pack(visit)
    line.pack, line.consent_state = pack, "asked"
    line.save()
    pack.content["lines"].append(bills.line_view(line))
    pack.save()
    orders.decide(
        pack,
        decisions={line.pk: True},
        method="phone",
        decided_by="王女士",
        by=visit.advisor,
        phone=visit.customer.phone,
        evidence="录音 17",
    )
    line.refresh_from_db()
    line.work, line.work_done_at, line.cause, line.correction = "done", clock.now(), "到期", "已换"
    line.save()
    made = orders.issue_settlement(visit, by=visit.advisor)
    read()

    assert Event.objects.get(name="orders.settlement_issued").data["line_ids"] == [line.pk]
    assert verdict("no_unconsented_billing") == ("kept", False)
    assert Measurement.objects.get(code="no_unconsented_billing").met_at == made.issued_at


def test_a_bill_with_a_line_nobody_agreed_to_breaks_it(promising, make_visit, read):
    visit = make_visit("handover", settled=True)  # its rows were written without a word in the journal
    settlement = visit.settlements.get()
    line_ids = [view["id"] for view in settlement.content["lines"]]
    record(
        SettlementIssued(settlement.pk, settlement.number, 1, settlement.total, settlement.payable, line_ids),
        store_id=visit.store_id,
        subject=settlement,
        visit_id=visit.pk,
        by=visit.advisor,
    )
    read()

    assert verdict("no_unconsented_billing") == ("broken", True)
    assert Remedy.objects.get().kind == "item_free"


def test_the_first_promised_time_counts_however_often_it_is_moved(morning, make_visit, read):
    visit = arrived(make_visit)
    visits.promise(visit, at=MORNING + timedelta(hours=2), by=visit.advisor)
    visits.promise(visit, at=MORNING + timedelta(hours=5), by=visit.advisor, reason="缺件")
    read()
    morning.shift(timedelta(hours=3))
    commitments.run_out()

    assert verdict("ready_by_first_promise") == ("broken", True)


def test_a_record_that_comes_late_corrects_the_verdict(morning, make_visit, read):
    visit = arrived(make_visit)
    visits.promise(visit, at=MORNING + timedelta(hours=2), by=visit.advisor)
    morning.shift(timedelta(hours=3))
    read()
    assert verdict("ready_by_first_promise") == ("broken", True)

    # The wash said so in time; its record was held up.
    ready = MORNING + timedelta(hours=1)
    record(CarReady(ready), store_id=visit.store_id, subject=visit, visit_id=visit.pk, by=BY, at=ready)
    read()

    assert verdict("ready_by_first_promise") == ("kept", False)
    assert Remedy.objects.get(measurement__code="ready_by_first_promise").state == "lapsed"
    assert Event.objects.get(name="commitments.corrected").data["state"] == "kept"

    # And a promise older than the first one known makes it late again.
    earlier = MORNING - timedelta(hours=1)
    record(Promised(1, MORNING), store_id=visit.store_id, subject=visit, visit_id=visit.pk, by=BY, at=earlier)
    read()

    assert verdict("ready_by_first_promise") == ("broken", True)


def test_a_customer_is_followed_up(promising, make_visit, read):
    visit = make_visit("follow_up")
    visit.released_at = clock.now() - timedelta(hours=1)
    visit.save()
    record(
        CarReleased(visit.released_at, visit.customer_id, visit.vehicle_id),
        store_id=visit.store_id,
        subject=visit,
        visit_id=visit.pk,
        by=BY,
    )
    read()
    assert verdict("follow_up_72h") == ("running", False)

    record(CallEnded("done", True), store_id=visit.store_id, subject=visit.follow_up, visit_id=visit.pk, by=BY)
    read()
    assert verdict("follow_up_72h") == ("kept", False)


def test_history_and_what_was_not_promised_yet_is_not_measured(store, make_visit, read):
    visit = make_visit("repair")
    now = clock.now()
    for origin, at in (("import", now), ("demo", now), ("live", now - timedelta(days=2))):
        record(
            Promised(1, now + timedelta(hours=1)),
            store_id=store.pk,
            subject=visit,
            visit_id=visit.pk,
            by=BY,
            at=at,
            origin=origin,
        )
    read()

    assert not Measurement.objects.exists()


def test_what_proves_to_have_begun_before_the_promise_is_not_counted(store, make_visit, read):
    visit = make_visit("repair")
    for at in (clock.now(), clock.now() - timedelta(days=2)):
        record(
            Promised(1, at + timedelta(hours=1)),
            store_id=store.pk,
            subject=visit,
            visit_id=visit.pk,
            by=BY,
            at=at,
        )
        read()

    assert verdict("ready_by_first_promise") == ("excluded", False)


def test_a_batch_costs_the_same_for_one_and_thirty(promising, make_visit, read):
    cars = [make_visit("repair") for _ in range(31)]

    def journal(some):
        for visit in some:
            at = clock.now() - timedelta(hours=2)
            record(
                Promised(1, at + timedelta(hours=1)),
                store_id=visit.store_id,
                subject=visit,
                visit_id=visit.pk,
                by=BY,
                at=at,
            )
        with CaptureQueriesContext(connection) as seen:
            read()
        return len(seen)

    assert journal(cars[:1]) == journal(cars[1:])
    assert Remedy.objects.filter(state="owed").count() == 31
