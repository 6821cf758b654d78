"""Work left undone follows the car."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.actors import Actor
from core.errors import Conflict, DomainError
from orders import domain as orders
from orders import queries
from orders.domain import PartInput
from orders.models import Recommendation
from tests import factories


@pytest.fixture
def declined(make_visit, store, advisor):
    """A recommendation from a closed visit, with a catalogue part that has become dearer since."""
    visit = make_visit("repair", lines=1)
    part = factories.part(store, price=Decimal(100))
    line = orders.add_line(
        visit,
        title="更换刹车盘",
        hours=Decimal(2),
        hour_rate=150,
        parts=[PartInput(part=part, quantity=2), PartInput(name="螺栓", unit_price=3)],
        risk="safety",
        by=advisor,
    )
    pack = orders.ask_consent(visit, by=advisor)
    orders.decide(
        pack,
        decisions={line.pk: False},
        reasons={line.pk: "钱不够"},
        method="link",
        decided_by="张三",
        by=Actor.customer(visit.customer_id),
    )
    part.price = Decimal(120)
    part.save()
    return Recommendation.objects.get(line=line)


@pytest.fixture
def next_visit(make_visit, declined):
    old = declined.line.visit
    type(old).objects.filter(pk=old.pk).update(stage="left_without_service", ended_at=old.opened_at, end_reason="x")
    return make_visit("reception", vehicle=declined.vehicle, customer=declined.vehicle.owner)


def test_it_is_offered_again_at_todays_prices(declined, next_visit, advisor):
    line = orders.revive(declined, visit=next_visit, by=advisor)

    assert (line.title, line.hours, line.risk) == ("更换刹车盘", 2, "safety")
    assert line.hour_rate == next_visit.store.hour_rate
    assert [(p.name, p.amount) for p in line.parts.all()] == [
        (line.parts.first().name, Decimal(240)),
        ("螺栓", Decimal(3)),
    ]
    declined.refresh_from_db()
    assert declined.revived_line == line
    assert list(queries.open_recommendations(declined.vehicle)) == []


def test_it_is_taken_up_once(declined, next_visit, advisor):
    orders.revive(declined, visit=next_visit, by=advisor)

    with pytest.raises(Conflict):
        orders.revive(declined, visit=next_visit, by=advisor)


def test_another_cars_recommendation_is_refused(declined, make_visit, advisor):
    with pytest.raises(DomainError) as refused:
        orders.revive(declined, visit=make_visit("reception"), by=advisor)

    assert refused.value.code == "other_car"


def test_removing_the_draft_opens_it_again(declined, next_visit, advisor):
    line = orders.revive(declined, visit=next_visit, by=advisor)

    orders.remove_line(line, by=advisor)

    declined.refresh_from_db()
    assert (declined.closed_at, declined.revived_line) == (None, None)


def test_declined_again_it_is_kept_again(declined, next_visit, advisor):
    line = orders.revive(declined, visit=next_visit, by=advisor)
    pack = orders.ask_consent(next_visit, by=advisor)

    orders.decide(
        pack,
        decisions={line.pk: False},
        method="link",
        decided_by="张三",
        by=Actor.customer(next_visit.customer_id),
    )

    assert [r.line for r in queries.open_recommendations(declined.vehicle)] == [line]
