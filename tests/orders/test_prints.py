"""The order and the settlement list on paper: what the law wants to see, in two copies, within the content policy."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from core.actors import Actor
from core.money import capital, format_money
from orders import domain as orders
from orders import queries
from orders.domain import PartInput
from orders.models import Settlement
from tests import factories
from visits import domain as visits

DOT = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def browser(client_as, advisor):
    return client_as(advisor)


@pytest.fixture
def signed(visit, advisor, store):
    """A visit at reception whose order with a job, parts and a fee is signed with a drawn signature."""
    part = factories.part(store, price=Decimal("388.50"), part_class="equivalent")
    orders.add_line(
        visit,
        title="更换前刹车片",
        hours=Decimal("1.20"),
        hour_rate=Decimal(200),
        parts=[PartInput(part=part), PartInput(name="客户自带机油", brought_by_customer=True)],
        by=advisor,
    )
    orders.add_line(visit, title="故障诊断", kind="diagnosis", fee=Decimal(150), by=advisor)
    pack = orders.ask_consent(visit, by=advisor)
    signature = visits.sign(
        visit,
        purpose="estimate",
        signer="张三丰",
        document=queries.pack_document(pack),
        strokes=[[1, 2]],
        png_data_url=DOT,
    )
    orders.decide(
        pack,
        decisions={view["id"]: True for view in pack.content["lines"]},
        method="signature",
        decided_by="张三丰",
        signature=signature,
        by=advisor,
    )
    return visit


def order_sheet(browser, visit) -> str:
    return browser.get(reverse("orders:print_order", args=[visit.pk])).content.decode()


def list_sheet(browser, visit, **query) -> str:
    return browser.get(reverse("orders:print_settlement", args=[visit.pk]), query).content.decode()


def test_the_order_names_labour_and_parts_apart(signed, browser):
    page = order_sheet(browser, signed)

    for text in ("更换前刹车片", "240.00", "388.50", "150.00", format_money("778.50"), capital(Decimal("778.50"))):
        assert page.count(text) >= 2, text  # once per copy
    assert "客户自带机油" in page


def test_it_carries_the_drawn_signature_and_the_seal(signed, browser):
    page = order_sheet(browser, signed)
    consent = signed.consents.get()

    assert page.count('<img src="data:image/png;base64,') == 2
    assert page.count(consent.evidence_sha256[:16]) == 2


def test_an_offer_without_a_word_says_so(visit, advisor, browser):
    orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)

    assert "未经客户确认" in order_sheet(browser, visit)


def test_without_an_order_there_is_nothing_to_print(visit, browser):
    assert browser.get(reverse("orders:print_order", args=[visit.pk])).status_code == 404
    assert browser.get(reverse("orders:print_settlement", args=[visit.pk])).status_code == 404


def test_the_settlement_list_has_its_tables(make_visit, advisor, browser):
    visit = make_visit("handover", lines=2)
    orders.add_line(visit, title="打磨加工", kind="processing", fee=Decimal("66.60"), by=advisor)
    risky = orders.add_line(visit, title="刹车盘磨损", kind="other", fee=Decimal(500), risk="safety", by=advisor)
    pack = orders.ask_consent(visit, by=advisor)
    orders.decide(
        pack,
        decisions={view["id"]: view["id"] != risky.pk for view in pack.content["lines"]},
        method="link",
        decided_by="x",
        by=Actor.customer(visit.customer_id),
    )
    settlement = orders.issue_settlement(visit, mileage_out=23_452, certificate="HG-7", by=advisor)

    page = list_sheet(browser, visit)

    shown = [
        settlement.number,
        visit.number,
        visit.vehicle.vin,
        visit.customer.name,
        "23,452",
        "HG-7",
        "66.60",
        "刹车盘磨损",
    ]
    shown += [format_money(settlement.labour), format_money(settlement.material), format_money(settlement.total)]
    shown += [capital(settlement.payable), "机动车维修费用结算清单", "涉及安全"]
    for text in shown:
        assert text in page, text
    assert page.count('class="sheet"') == 2
    assert "500.00" not in page


def test_an_old_version_says_that_it_is_replaced(make_visit, advisor, browser):
    visit = make_visit("handover", lines=1)
    first = orders.issue_settlement(visit, by=advisor)
    second = orders.issue_settlement(visit, mileage_out=24_000, by=advisor)

    old = list_sheet(browser, visit, version=first.version)

    assert first.number in old
    assert "已被新版本取代" in old
    assert "已被新版本取代" not in list_sheet(browser, visit)
    assert second.number in list_sheet(browser, visit)


def test_a_list_stays_as_it_was_issued(make_visit, advisor, browser):
    visit = make_visit("handover", lines=1)
    orders.issue_settlement(visit, by=advisor)
    before = visit.customer.name
    visit.customer.name = "改名后"
    visit.customer.save()

    assert before in list_sheet(browser, visit)
    assert "改名后" not in list_sheet(browser, visit)


def test_the_phone_is_masked_for_who_may_not_see_it(make_visit, advisor, browser, client_as):
    visit = make_visit("handover", lines=1)
    orders.issue_settlement(visit, by=advisor)

    assert visit.customer.phone in list_sheet(browser, visit)
    technician = client_as("technician")
    assert visit.customer.phone not in list_sheet(technician, visit)
    assert visit.customer.phone not in order_sheet(technician, visit)


def test_nothing_inline_on_the_sheets(make_visit, signed, advisor, browser):
    billed = make_visit("handover", lines=1)
    orders.issue_settlement(billed, by=advisor)

    for page in (order_sheet(browser, signed), list_sheet(browser, billed)):
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)


def test_the_list_of_a_factory_visit_prints_too(make_visit, browser):
    visit = make_visit("checkout")

    assert Settlement.objects.get(visit=visit).number in list_sheet(browser, visit)
