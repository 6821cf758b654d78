"""What a customer may be contacted for afterwards: asked beside the signature, and never its condition."""

from __future__ import annotations

import re

import pytest

from customers import domain as customers
from customers.queries import agreed_purposes
from tests.reception.test_pages import signing, url


@pytest.fixture
def counter(client_as, advisor):
    return client_as(advisor)


def ticks(answer) -> dict[str, bool]:
    """{purpose: ticked} of the questions about being contacted afterwards."""
    boxes = re.findall(r'<input[^>]*name="wishes"[^>]*>', answer.content.decode())
    return {re.search(r'value="(\w+)"', box)[1]: "checked" in box for box in boxes}


def test_two_choices_stand_unticked_and_nothing_depends_on_them(counter, ready_to_sign):
    assert ticks(counter.get(url("sign", ready_to_sign))) == {"survey": False, "marketing": False}

    assert counter.post(url("sign", ready_to_sign), signing(ready_to_sign)).status_code == 303
    assert ready_to_sign.customer.consents.count() == 0


def test_what_the_customer_ticks_is_noted(counter, ready_to_sign):
    data = signing(ready_to_sign, wishes=["survey"], wishes_shown="")

    assert counter.post(url("sign", ready_to_sign), data).status_code == 303
    assert sorted(ready_to_sign.customer.consents.values_list("purpose", "channel", "allowed")) == [
        ("survey", "phone", True),
        ("survey", "sms", True),
    ]


@pytest.mark.parametrize(
    ("ticked", "after"),
    [(["survey"], [True]), ([], [True, False]), (["survey", "marketing"], [True, True, True])],
)
def test_an_earlier_yes_is_shown_and_only_a_change_is_noted(counter, advisor, ready_to_sign, ticked, after):
    customer = ready_to_sign.customer
    customers.give_consent(customer, purpose="survey", channel="sms", by=advisor)
    page = counter.get(url("sign", ready_to_sign))
    assert ticks(page) == {"survey": True, "marketing": False}
    shown = re.search(r'name="wishes_shown" value="([^"]*)"', page.content.decode())[1]

    counter.post(url("sign", ready_to_sign), signing(ready_to_sign, wishes=ticked, wishes_shown=shown))

    assert list(customer.consents.order_by("id").values_list("allowed", flat=True)) == after


def test_a_tick_that_only_stayed_does_not_undo_a_no_said_meanwhile(counter, advisor, ready_to_sign):
    customer = ready_to_sign.customer
    customers.give_consent(customer, purpose="survey", channel="sms", by=advisor)
    customers.withdraw_consent(customer, purpose="survey", channel="sms", by=advisor)

    counter.post(url("sign", ready_to_sign), signing(ready_to_sign, wishes=["survey"], wishes_shown="survey"))

    assert agreed_purposes(customer) == set()


def test_who_brings_the_car_for_another_is_not_asked_in_his_name(counter, ready_to_sign):
    ready_to_sign.check_in.brought_by = "陈晨的司机"
    ready_to_sign.check_in.save(update_fields=["brought_by"])
    assert ticks(counter.get(url("sign", ready_to_sign))) == {}

    data = signing(ready_to_sign, wishes=["survey"], wishes_shown="")
    assert counter.post(url("sign", ready_to_sign), data).status_code == 303
    assert ready_to_sign.customer.consents.count() == 0


def test_what_was_ticked_stays_when_the_form_comes_back(counter, ready_to_sign):
    data = signing(ready_to_sign, signer="", wishes=["marketing"], wishes_shown="")

    answer = counter.post(url("sign", ready_to_sign), data)

    assert (answer.status_code, ticks(answer)) == (422, {"survey": False, "marketing": True})
    assert ready_to_sign.customer.consents.count() == 0
    data = signing(ready_to_sign, wishes=["service"])
    assert counter.post(url("sign", ready_to_sign), data).status_code == 422
