"""Something found under the car: proposed, never worked by itself."""

from decimal import Decimal
from uuid import uuid4

import pytest

from core.errors import Conflict, DomainError
from journal.models import Event
from orders import domain as orders
from orders.choices import ConsentState, LineOrigin, Risk
from orders.domain import PartInput
from orders.models import Line
from repairs import domain as repairs
from repairs.models import Finding
from tests import factories
from tests.pictures import jpeg
from visits.models import Photo


def test_a_finding_becomes_a_draft_item_with_its_pictures(visit, job, technician):
    operation = factories.operation(visit.store, hours=Decimal("0.50"))

    line = repairs.propose(
        visit,
        by=technician,
        operation=operation,
        risk=Risk.SAFETY,
        concern="右前减震器漏油",
        photos=[jpeg(), jpeg()],
        job=job,
    )

    assert (line.origin, line.consent_state, line.risk, line.found_by) == (
        LineOrigin.ADDED,
        ConsentState.DRAFT,
        Risk.SAFETY,
        technician,
    )
    assert (line.title, line.hours, line.concern) == (operation.name, Decimal("0.50"), "右前减震器漏油")
    assert line.parts.count() == 1
    assert [row.photo.kind for row in line.photos.select_related("photo")] == ["finding", "finding"]
    assert Finding.objects.get().job == job
    event = Event.objects.get(name="repairs.item_proposed")
    assert event.data == {
        "line_id": line.pk,
        "risk": "safety",
        "photos": 2,
        "found_by_id": technician.pk,
        "advisor_id": visit.advisor_id,
    }


def test_it_is_not_worked_before_the_customer_agrees(visit, technician, give):
    line = repairs.propose(visit, by=technician, title="更换减震器", risk=Risk.SAFETY)

    with pytest.raises(DomainError) as refusal:
        give(line)

    assert refusal.value.code == "no_consent"


def test_own_words_hours_and_parts(visit, technician):
    part = factories.part(visit.store)

    line = repairs.propose(
        visit,
        by=technician,
        title="更换右前减震器",
        risk=Risk.ADVISED,
        hours=Decimal("1.50"),
        parts=[PartInput(part=part, quantity=2), PartInput(name="防尘套", quantity=1, unit_price=0)],
    )

    assert (line.hours, [row.name for row in line.parts.order_by("id")]) == (Decimal("1.50"), [part.name, "防尘套"])


def test_a_form_sent_twice_proposes_once(visit, technician):
    token = uuid4()
    first = repairs.propose(visit, by=technician, title="换轮胎", risk=Risk.LATER, token=token)

    assert repairs.propose(visit, by=technician, title="换轮胎", risk=Risk.LATER, token=token) == first
    assert Line.objects.filter(title="换轮胎").count() == 1


@pytest.mark.parametrize(
    ("fields", "code"), [({"title": "换轮胎", "risk": "soon"}, "risk_missing"), ({"risk": "later"}, "title_missing")]
)
def test_what_a_finding_must_say(visit, technician, fields, code):
    with pytest.raises(DomainError) as refusal:
        repairs.propose(visit, by=technician, **fields)

    assert refusal.value.code == code
    assert Finding.objects.count() == 0


def test_a_bad_picture_leaves_nothing_behind(visit, technician):
    with pytest.raises(DomainError):
        repairs.propose(visit, by=technician, title="换轮胎", risk=Risk.LATER, photos=[jpeg(), b"not a picture"])

    assert (Line.objects.filter(title="换轮胎").count(), Photo.objects.count(), Finding.objects.count()) == (0, 0, 0)


def test_only_while_the_car_is_in_repair(make_visit, technician):
    with pytest.raises(Conflict) as refusal:
        repairs.propose(make_visit("wash"), by=technician, title="换轮胎", risk=Risk.LATER)

    assert refusal.value.code == "not_in_repair"


def test_the_customer_is_not_asked_about_an_item_without_a_price(visit, technician):
    line = repairs.propose(visit, by=technician, title="更换减震器", risk=Risk.SAFETY)

    with pytest.raises(DomainError) as refusal:
        orders.ask_consent(visit, by=visit.advisor)

    assert (refusal.value.code, "更换减震器" in str(refusal.value)) == ("unpriced", True)
    orders.change_line(line, by=visit.advisor, hours=Decimal("1.00"))
    assert orders.ask_consent(visit, by=visit.advisor).lines.get() == line
