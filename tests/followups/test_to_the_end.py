"""From the finished work to the closed visit, each step by its own person and through its own domain function."""

from uuid import uuid4

import pytest

from checkout import domain as checkout
from complaints.models import Case
from core.errors import GateClosed
from core.stages import Stage
from followups import domain as followups
from followups.models import FollowUpCall
from handover import domain as handovers
from inspections import domain as inspections
from journal.models import Event
from journal.testing import drain
from messaging.models import Message
from orders import queries as orders
from tests.checklists import good_results
from visits import domain as visits


def inspected(visit, staff, technician):
    people = (technician, staff("technician"), staff("inspector"))
    for level, use, by in zip((1, 2, 3), ("self_check", "cross_check", "final_check"), people, strict=True):
        inspections.inspect_filled(visit, level=level, results=good_results(use), verdict="pass", by=by)


def washed(visit, staff):
    washer = staff("washer")
    inspections.start_wash(visit, by=washer)
    inspections.mark_washed(visit, by=washer)
    inspections.finish_wash_filled(visit, by=visit.advisor, results=good_results("wash"))


def handed_over(visit):
    answers = {
        "old_parts_shown": True,
        "settings_reset": True,
        "mileage_out": visit.mileage_in + 3,
        "next_service": "remind",
        "next_service_km": 33_000,
        "signer": visit.customer.name,
    }
    handovers.prepare(visit, by=visit.advisor, mileage_out=visit.mileage_in + 3)
    handovers.explain_bill(visit, by=visit.advisor)
    with pytest.raises(GateClosed):
        handovers.complete_filled(visit, by=visit.advisor, results=good_results("handover"), **answers)
    visits.settle_need(visit.needs.get(), outcome="done", answer="", by=visit.advisor)
    handovers.complete_filled(visit, by=visit.advisor, results=good_results("handover"), **answers)


def test_from_inspection_to_closed(make_visit, staff):
    visit = make_visit("inspection")
    caller, cashier, keeper = staff("customer_relations"), staff("cashier"), staff("gate")
    inspected(visit, staff, make_visit.person("technician"))
    washed(visit, staff)
    handed_over(visit)
    settlement = orders.current_settlement(visit)
    checkout.pay(settlement, method="cash", amount=settlement.payable, by=cashier, token=uuid4())
    checkout.issue_gate_pass(visit, by=cashier, content=True)
    checkout.release(visit.vehicle.plate, by=keeper)
    drain()
    call = FollowUpCall.objects.get(visit=visit)
    followups.record_attempt(call, outcome="done", by=caller, satisfaction=4, nps=5, problem=True, words="空调还是不冷")
    drain()

    visit.refresh_from_db()
    assert visit.stage == Stage.CLOSED
    assert visit.ready_at < visit.handed_over_at < visit.released_at < visit.ended_at
    entered = Event.objects.filter(visit_id=visit.pk, name="visits.stage_entered").order_by("id")
    assert [event.data["stage"] for event in entered] == ["wash", "handover", "checkout", "follow_up", "closed"]
    assert all(event.actor_id for event in entered)
    assert "car_ready" in Message.objects.filter(visit_ref=visit.pk).values_list("template", flat=True)
    assert Case.objects.get(visit=visit).words == "空调还是不冷"
