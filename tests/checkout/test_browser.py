"""At the gate: an unpaid car is stopped; paid and asked whether its owner is content, it drives out."""

from __future__ import annotations

import pytest

from core.stages import Stage
from tests import accessibility, factories
from visits.models import Visit


@pytest.fixture
def house(live_server, store):
    """The store, committed where the server sees it."""
    return store


def sign_in(page, live_server, person):
    page.goto(f"{live_server.url}/login/")
    page.fill("[name=username]", person.user.username)
    page.fill("[name=password]", factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_an_unpaid_car_is_stopped_at_the_gate(phone_page, desktop_page, live_server, house, make_visit):
    visit = make_visit("checkout")
    gate, till = phone_page, desktop_page
    sign_in(gate, live_server, make_visit.person("gate"))
    sign_in(till, live_server, make_visit.person("cashier"))

    def at_the_gate():
        gate.goto(f"{live_server.url}/checkout/gate/")
        gate.fill("[name=plate]", visit.vehicle.plate[-4:])
        gate.keyboard.press("Enter")
        gate.locator(".gate-card").wait_for()

    at_the_gate()
    assert "没有出门证" in gate.locator(".gate-card").inner_text()
    assert gate.locator(".gate-card form").count() == 0
    assert accessibility.serious(gate) == [] and accessibility.sideways(gate) == 0

    till.goto(f"{live_server.url}/checkout/{visit.pk}/")
    till.get_by_label("现金").check()
    till.get_by_role("button", name="确认收款").click()
    till.locator("text=您都满意").wait_for()
    # paid, and still no pass: the customer is asked first
    at_the_gate()
    assert "没有出门证" in gate.locator(".gate-card").inner_text()
    till.get_by_role("button", name="满意，开出门证").click()
    till.locator("text=打印出门证").wait_for()

    at_the_gate()
    gate.get_by_role("button", name="放行").click()
    gate.wait_for_load_state()
    visit = Visit.objects.get(pk=visit.pk)
    assert visit.stage == Stage.FOLLOW_UP and visit.released_at
    at_the_gate_again = f"{live_server.url}/checkout/gate/?plate={visit.vehicle.plate[-4:]}"
    gate.goto(at_the_gate_again)
    assert gate.locator(".gate-card form").count() == 0  # a pass opens the gate once
