"""The parts counter: stock never below zero, every movement a row."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from catalogue.models import Part
from core import clock
from core.clock import local_day
from core.errors import Conflict, DomainError, NotAllowed
from desk.queries import advisor_day
from journal.models import Event
from journal.testing import drain
from messaging.models import Message
from orders.models import LinePart
from repairs import domain as repairs
from repairs.choices import PartRequestStatus
from repairs.models import PartRequest
from repairs.queries.parts import parts_of
from tests import factories


@pytest.fixture
def request_(job, technician):
    """The open request of the job's one part."""
    return repairs.request_parts(job, by=technician)[0]


@pytest.fixture
def part(request_):
    return request_.line_part.part


def stock(part) -> Decimal:
    return Part.objects.get(pk=part.pk).stock


def test_a_request_asks_for_what_the_line_needs_and_only_once(job, technician):
    made = repairs.request_parts(job, by=technician)

    assert [(r.quantity, r.status, r.requested_by) for r in made] == [(1, PartRequestStatus.REQUESTED, technician)]
    assert repairs.request_parts(job, by=technician) == []
    assert Event.objects.filter(name="repairs.part_requested").count() == 1


def test_the_customers_own_parts_are_not_asked_for(job, technician):
    LinePart.objects.filter(line=job.line).update(brought_by_customer=True)

    assert repairs.request_parts(job, by=technician) == []


def test_a_colleague_does_not_ask_for_another_ones_job(job, staff, controller):
    with pytest.raises(NotAllowed):
        repairs.request_parts(job, by=staff("technician"))

    assert len(repairs.request_parts(job, by=controller)) == 1


def test_issuing_takes_from_stock(request_, part, clerk):
    before = stock(part)

    issued = repairs.issue_parts(request_, by=clerk)

    assert (issued.status, issued.issued_by, stock(part)) == (PartRequestStatus.ISSUED, clerk, before - 1)
    assert Event.objects.get(name="repairs.part_issued").data["quantity"] == "1.00"


def test_issuing_twice_is_a_conflict_that_names_who_did_it(request_, part, clerk, staff):
    repairs.issue_parts(request_, by=clerk)
    left = stock(part)

    with pytest.raises(Conflict) as refusal:
        repairs.issue_parts(request_, by=staff("parts_clerk"))

    assert (refusal.value.code, "何配件" in str(refusal.value), stock(part)) == ("issued", True, left)


def test_an_empty_shelf_refuses_and_changes_nothing(request_, part, clerk):
    Part.objects.filter(pk=part.pk).update(stock=0)

    with pytest.raises(Conflict) as refusal:
        repairs.issue_parts(request_, by=clerk)

    request_.refresh_from_db()
    assert (refusal.value.code, request_.status, stock(part)) == ("no_stock", PartRequestStatus.REQUESTED, 0)


def test_part_of_it_can_be_issued_and_the_rest_stays_open(job, technician, clerk):
    LinePart.objects.filter(line=job.line).update(quantity=3)
    request_ = repairs.request_parts(job, by=technician)[0]
    Part.objects.filter(pk=request_.line_part.part_id).update(stock=2)

    repairs.issue_parts(request_, quantity=Decimal(2), by=clerk)

    rows = PartRequest.objects.order_by("id").values_list("status", "quantity")
    assert list(rows) == [("issued", 2), ("requested", 1)]
    state = parts_of(job)[0]
    assert (state.issued, state.asked, state.to_ask, state.missing) == (2, 1, 0, 1)


@pytest.mark.parametrize("quantity", ["0", "-1", "1.001", "2"])
def test_quantities_that_cannot_be_issued(request_, clerk, quantity):
    with pytest.raises(DomainError):
        repairs.issue_parts(request_, quantity=Decimal(quantity), by=clerk)

    assert PartRequest.objects.get().status == PartRequestStatus.REQUESTED


def test_material_outside_the_catalogue_is_issued_without_stock(visit, give, technician, clerk):
    line = factories.line(visit, consent=factories.consent(visit), parts=0)
    LinePart.objects.create(store=visit.store, line=line, name="密封胶", quantity=1, unit_price=0, amount=0)
    request_ = repairs.request_parts(give(line), by=technician)[0]

    assert repairs.issue_parts(request_, by=clerk).status == PartRequestStatus.ISSUED


def test_an_order_has_a_day_that_lies_ahead(request_, clerk, store):
    today = local_day(store.zone)
    with pytest.raises(DomainError) as refusal:
        repairs.order_parts(request_, expected_on=today - timedelta(days=1), by=clerk)
    assert refusal.value.code == "past"

    ordered = repairs.order_parts(request_, expected_on=today + timedelta(days=2), by=clerk)

    assert (ordered.status, ordered.expected_on) == (PartRequestStatus.ORDERED, today + timedelta(days=2))
    assert Event.objects.get(name="repairs.part_ordered").data["expected_on"] == f"{today + timedelta(days=2):%Y-%m-%d}"


def test_what_arrives_goes_into_stock_and_can_be_issued(request_, part, clerk, store):
    Part.objects.filter(pk=part.pk).update(stock=0)
    repairs.order_parts(request_, expected_on=local_day(store.zone), by=clerk)

    repairs.parts_arrived(request_, by=clerk)

    request_.refresh_from_db()
    assert (request_.status, stock(part)) == (PartRequestStatus.REQUESTED, 1)
    with pytest.raises(Conflict):
        repairs.parts_arrived(request_, by=clerk)
    repairs.issue_parts(request_, by=clerk)
    assert stock(part) == 0


def test_a_return_is_a_row_of_its_own_and_goes_back_into_stock(request_, part, clerk):
    before = stock(part)
    issued = repairs.issue_parts(request_, by=clerk)

    back = repairs.return_parts(issued, quantity=Decimal(1), reason="型号不符", by=clerk)

    assert (back.status, back.returns, back.reason) == (PartRequestStatus.RETURNED, issued, "型号不符")
    assert (PartRequest.objects.get(pk=issued.pk).status, stock(part)) == (PartRequestStatus.ISSUED, before)
    with pytest.raises(DomainError) as refusal:
        repairs.return_parts(issued, quantity=Decimal(1), reason="再退一次", by=clerk)
    assert refusal.value.code == "too_many"


def test_what_came_back_can_be_asked_for_again(job, request_, technician, clerk):
    issued = repairs.issue_parts(request_, by=clerk)
    repairs.return_parts(issued, quantity=Decimal(1), reason="型号不符", by=clerk)

    assert [r.quantity for r in repairs.request_parts(job, by=technician)] == [1]


def test_only_issued_material_comes_back_and_with_a_reason(request_, clerk):
    with pytest.raises(Conflict):
        repairs.return_parts(request_, quantity=Decimal(1), reason="多领", by=clerk)
    issued = repairs.issue_parts(request_, by=clerk)
    with pytest.raises(DomainError) as refusal:
        repairs.return_parts(issued, quantity=Decimal(1), reason=" ", by=clerk)
    assert refusal.value.code == "reason_missing"


def test_a_cancelled_request_is_over(request_, clerk):
    with pytest.raises(DomainError):
        repairs.cancel_request(request_, reason="", by=clerk)

    repairs.cancel_request(request_, reason="不需要了", by=clerk)

    with pytest.raises(Conflict):
        repairs.issue_parts(request_, by=clerk)
    assert PartRequest.objects.get().status == PartRequestStatus.CANCELLED


def test_withdrawing_a_job_cancels_what_it_asked_for(job, request_, controller):
    repairs.withdraw(job, reason="改派", by=controller)

    assert PartRequest.objects.get().status == PartRequestStatus.CANCELLED


def test_a_job_with_material_at_the_car_is_not_withdrawn(job, request_, clerk, controller):
    issued = repairs.issue_parts(request_, by=clerk)
    with pytest.raises(Conflict) as refusal:
        repairs.withdraw(job, reason="改派", by=controller)
    assert refusal.value.code == "holds_parts"

    repairs.return_parts(issued, quantity=Decimal(1), reason="改派", by=clerk)

    assert repairs.withdraw(job, reason="改派", by=controller).state == "withdrawn"


def test_goods_that_no_request_waits_for(store, clerk):
    part = factories.part(store, stock=0)

    repairs.receive_stock(part, quantity=Decimal("2.5"), by=clerk)

    assert (stock(part), Event.objects.get(name="repairs.stock_received").store_id) == (Decimal("2.5"), store.pk)


def test_the_database_keeps_stock_and_returns_honest(request_, part, clerk):
    with pytest.raises(IntegrityError, match="catalogue_part_stock"), transaction.atomic():
        Part.objects.filter(pk=part.pk).update(stock=-1)
    with pytest.raises(IntegrityError, match="repairs_return_of_issue"), transaction.atomic():
        PartRequest.objects.filter(pk=request_.pk).update(status=PartRequestStatus.RETURNED, reserved=0)
    with pytest.raises(IntegrityError, match="repairs_reserved_while_open"), transaction.atomic():
        PartRequest.objects.filter(pk=request_.pk).update(reserved=100)
    with pytest.raises(IntegrityError, match="repairs_one_open_request"), transaction.atomic():
        PartRequest.objects.create(
            store=request_.store,
            line_part=request_.line_part,
            job=request_.job,
            quantity=1,
            requested_by=clerk,
            requested_at=clock.now(),
        )


# --- Kept, tracked, announced ---------------------------------------------------------------------------------------


def test_what_is_asked_for_is_kept_and_nobody_else_gets_it(store, make_visit, give, staff, technician, clerk):
    part = factories.part(store, stock=1)
    first, second = (make_visit("repair", lines=0) for _ in range(2))
    asked = []
    for visit, person in ((first, technician), (second, staff("technician"))):
        line = factories.line(visit, parts=[part], consent=factories.consent(visit))
        asked += repairs.request_parts(give(line, to=person), by=person)

    assert [row.reserved for row in asked] == [1, 0]
    with pytest.raises(Conflict, match="其他车") as refusal:
        repairs.issue_parts(asked[1], by=clerk)
    assert refusal.value.code == "no_stock"

    # Given up, it is kept for who waits.
    repairs.cancel_request(asked[0], reason="不需要了", by=clerk)
    asked[1].refresh_from_db()
    assert asked[1].reserved == 1
    assert repairs.issue_parts(asked[1], by=clerk).status == PartRequestStatus.ISSUED


def test_an_order_can_be_followed_and_its_arrival_is_told_once(store, make_visit, give, technician, clerk):
    visit = make_visit("repair", lines=0)
    line = factories.line(visit, parts=[factories.part(store, stock=0)], consent=factories.consent(visit))
    (request,) = repairs.request_parts(give(line), by=technician)
    day = clock.now().date() + timedelta(days=3)
    repairs.order_parts(
        request, expected_on=day, supplier="一汽配件", carrier="顺丰", tracking_number="SF1024", by=clerk
    )
    repairs.order_parts(request, expected_on=day + timedelta(days=1), tracking_number="SF1024", by=clerk)
    assert Event.objects.filter(name="repairs.part_ordered").order_by("id").last().data["former"] == f"{day}"

    repairs.parts_arrived(request, by=clerk)
    drain()
    drain()

    request.refresh_from_db()
    assert (request.reserved, request.status) == (1, PartRequestStatus.REQUESTED)
    assert Message.objects.filter(visit_ref=visit.pk, template="part_arrived").count() == 1
    # The advisor sees it on his home until the workshop has it.
    assert advisor_day(visit.advisor)["parts_here"] == [visit]
    repairs.issue_parts(request, by=clerk)
    assert advisor_day(visit.advisor)["parts_here"] == []


def test_open_requests_from_before_get_what_is_there_first_come_first_served(
    request_, part, make_visit, give, technician
):
    other = give(make_visit("repair", lines=1).lines.get(), after=3)
    later = repairs.request_parts(other, by=technician)[0]
    LinePart.objects.filter(pk=later.line_part_id).update(part=part)
    PartRequest.objects.update(reserved=0)
    Part.objects.filter(pk=part.pk).update(stock=request_.quantity)
    migration = import_module("repairs.migrations.0004_reserve_what_is_there")

    for _again in range(2):
        migration.reserve(apps, None)
        kept = dict(PartRequest.objects.values_list("pk", "reserved"))
        assert kept == {request_.pk: request_.quantity, later.pk: 0}
