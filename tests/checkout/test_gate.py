"""The gate pass: when nothing is owed, once, on its day, for its car."""

from datetime import timedelta

import pytest
import time_machine

from checkout import domain as checkout
from checkout import gates, queries
from checkout.models import GatePass
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from journal.models import Event
from orders.models import Settlement
from visits.models import Visit


@pytest.fixture
def passed(till, take):
    take()
    till.gate_pass = checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)
    till.plate = till.visit.vehicle.plate
    return till


def test_no_pass_while_something_is_owed(till, take):
    with pytest.raises(DomainError) as refused:
        checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)
    assert refused.value.code == "owed"
    take(1)
    with pytest.raises(DomainError):
        checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)
    assert not GatePass.objects.exists()


def test_a_bill_the_customer_does_not_pay_needs_no_payment(till):
    Settlement.objects.filter(pk=till.list.pk).update(payable=0)
    assert checkout.issue_gate_pass(till.visit, by=till.cashier, content=True).used_at is None


def test_the_pass_is_valid_until_midnight_and_the_same_one_is_given_again(passed):
    local = passed.gate_pass.valid_until.astimezone(passed.visit.store.tz)
    assert (local.date(), local.hour, local.minute) == (clock.local_day(passed.visit.store.zone), 23, 59)
    assert checkout.issue_gate_pass(passed.visit, by=passed.cashier, content=True) == passed.gate_pass
    assert GatePass.objects.count() == 1


def test_the_gate_lets_the_car_out_once(passed):
    used = checkout.release(passed.plate, by=passed.gate)

    visit = Visit.objects.get(pk=passed.visit.pk)
    assert (visit.stage, visit.released_at) == (Stage.FOLLOW_UP, used.used_at)
    assert used.used_by == passed.gate
    names = Event.objects.filter(visit_id=visit.pk, name__in=["checkout.gate_pass_used", "visits.released"])
    assert names.count() == 2
    with pytest.raises(Conflict) as refused:
        checkout.release(passed.plate, by=passed.gate)
    assert refused.value.code == "used"


def test_the_plate_may_be_written_as_one_likes(passed):
    plate = passed.plate
    assert checkout.release(f" {plate[:2].lower()}·{plate[2:]} ", by=passed.gate).used_at


@pytest.mark.parametrize("plate", ["京B99999", "", "12"])
def test_a_wrong_plate_opens_nothing(passed, plate):
    with pytest.raises(DomainError) as refused:
        checkout.release(plate, by=passed.gate)
    assert refused.value.code == "unknown_plate"


def test_a_plate_tail_is_not_enough_to_release(passed):
    with pytest.raises(DomainError):
        checkout.release(passed.plate[-4:], by=passed.gate)


def test_a_car_without_pass_stays(till, make_visit):
    with pytest.raises(DomainError) as unpaid:
        checkout.release(till.visit.vehicle.plate, by=till.gate)
    with pytest.raises(DomainError) as in_repair:
        checkout.release(make_visit("repair").vehicle.plate, by=till.gate)
    assert [unpaid.value.code, in_repair.value.code] == ["no_pass", "no_pass"]


def test_tomorrow_the_pass_is_worthless_and_a_new_one_is_issued(passed):
    with time_machine.travel(clock.now() + timedelta(days=1)):
        with pytest.raises(DomainError) as refused:
            checkout.release(passed.plate, by=passed.gate)
        assert refused.value.code == "expired"
        renewed = checkout.issue_gate_pass(passed.visit, by=passed.cashier, content=True)
        assert renewed.number != passed.gate_pass.number
        checkout.release(passed.plate, by=passed.gate)


def test_only_the_gate_keeper_opens_and_only_the_cashier_issues(passed):
    with pytest.raises(NotAllowed):
        checkout.release(passed.plate, by=passed.cashier)
    with pytest.raises(NotAllowed):
        checkout.issue_gate_pass(passed.visit, by=passed.gate, content=True)
    assert GatePass.objects.get().used_at is None


def test_a_car_without_plate_goes_by_its_vin(make_visit, till, take):
    car = till.visit.vehicle
    car.plate = ""
    car.save()
    take()
    checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)
    assert [row.state for row in queries.at_gate(car.vin[-6:])] == ["valid"]
    assert checkout.release(car.vin, by=till.gate).used_at


def test_the_gate_keeper_sees_what_the_plate_tail_means(passed, make_visit, take):
    unpaid = make_visit("checkout")
    assert queries.at_gate(passed.plate[-2:]) == []
    assert [(r.visit, r.state) for r in queries.at_gate(passed.plate[-5:])] == [(passed.visit, "valid")]
    assert [r.state for r in queries.at_gate(unpaid.vehicle.plate[-5:])] == ["none"]
    checkout.release(passed.plate, by=passed.gate)
    assert [r.state for r in queries.at_gate(passed.plate[-5:])] == ["used"]


def test_the_stage_gate_counts_money_and_pass(till, take):
    seen = [gates.leave_checkout(till.visit)]
    take()
    seen.append(gates.leave_checkout(till.visit))
    checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)
    seen.append(gates.leave_checkout(till.visit))
    assert [len(missing) for missing in seen] == [2, 1, 1]


def test_the_queue_says_what_each_car_waits_for(till, take, make_visit, passed):
    owed, asked = make_visit("checkout"), make_visit("checkout")
    checkout.ask_account(queries.settlement_of(asked), amount=1, debtor="某公司", by=till.cashier)
    unsettled = make_visit("checkout", settled=False)

    states = {due.visit: due.state for due in queries.queue()}

    assert states == {passed.visit: "passed", owed: "owed", asked: "asked", unsettled: "unsettled"}
    assert queries.queue()[-1].visit == passed.visit
