"""The customer's link sent again from the visit page; and what waits for a manager's signature on his home."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from checkout.models import AccountApproval
from core import clock
from core.errors import Conflict, DomainError
from messaging.models import Message
from tests import factories
from visits import domain as visits


@pytest.fixture
def visit(make_visit):
    return make_visit("repair")


def address(message: Message) -> str:
    return re.search(r"/c/[A-Za-z0-9_-]{43}/", message.body).group()


def test_the_link_goes_out_and_opens_the_visit(client_as, client, visit):
    old = visits.make_link(visit)
    visit.links.update(created_at=clock.now() - timedelta(days=1))

    done = client_as(visit.advisor).post(reverse("desk:send_link", args=[visit.pk]), {})

    message = Message.objects.get(visit_ref=visit.pk)
    assert (done.status_code, done["Location"]) == (303, reverse("desk:visit", args=[visit.pk]))
    assert (message.template, message.customer, message.to) == ("link_again", visit.customer, visit.customer.phone)
    assert client.get(address(message)).status_code == 200
    assert client.get(reverse("portal:visit", args=[old])).status_code == 200


def test_a_link_that_went_astray_stops_working(client_as, client, visit):
    old = visits.make_link(visit)
    visit.links.update(created_at=clock.now() - timedelta(days=1))

    client_as(visit.advisor).post(reverse("desk:send_link", args=[visit.pk]), {"withdraw": "on"})

    assert client.get(reverse("portal:visit", args=[old])).status_code == 410
    assert client.get(address(Message.objects.get(visit_ref=visit.pk))).status_code == 200


def test_pressed_twice_it_is_sent_once(visit):
    visits.send_link(visit, by=visit.advisor)

    with pytest.raises(Conflict):
        visits.send_link(visit, by=visit.advisor, withdraw=True)

    assert Message.objects.filter(visit_ref=visit.pk).count() == 1
    assert visit.links.filter(revoked_at=None).count() == 1


def test_without_an_address_nothing_is_withdrawn(make_visit, store):
    visit = make_visit("repair", customer=factories.customer(store, phone=""))
    visits.make_link(visit)
    visit.links.update(created_at=clock.now() - timedelta(days=1))

    with pytest.raises(DomainError):
        visits.send_link(visit, by=visit.advisor, withdraw=True)

    assert visit.links.filter(revoked_at=None).count() == 1


def test_what_waits_for_a_signature_stands_on_the_managers_homes(client_as, make_visit, staff):
    visit = make_visit("checkout")
    settlement = visit.settlements.get(superseded_at=None)
    cashier = staff("cashier")
    ask = AccountApproval.objects.create(
        store=visit.store,
        settlement=settlement,
        amount=settlement.payable,
        debtor="顺达物流，月结",
        asked_by=cashier,
        asked_at=clock.now(),
    )

    for role in ("aftersales_director", "general_manager", "service_manager"):
        assert "顺达物流，月结" in client_as(role).get("/").content.decode(), role
    assert "待您签批" not in client_as("advisor").get("/").content.decode()

    AccountApproval.objects.filter(pk=ask.pk).update(
        decided_at=clock.now(), decided_by=staff("service_manager"), approved=True
    )
    assert "顺达物流，月结" not in client_as("aftersales_director").get("/").content.decode()


def test_an_item_without_a_price_says_so(client_as, visit):
    technician = factories.staff(visit.store, "technician")
    found = factories.line(
        visit, title="下摆臂胶套老化", hours="0", rate="0", parts=0, origin="added", found_by=technician
    )
    page = client_as(visit.advisor).get(reverse("desk:visit", args=[visit.pk])).content.decode()

    assert found.unpriced
    assert "待报价" in page
    assert not any(line.unpriced for line in visit.lines.exclude(pk=found.pk))
