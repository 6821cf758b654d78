"""Amends on the spot: anybody at the front, at once, within his limit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from complaints import domain as complaints
from complaints.models import Comfort
from core import clock
from core.errors import DomainError, NotAllowed
from tests.together import together


def give(visit, by, amount="20", **other):
    values = {"kind": "drink", "amount": Decimal(amount), "words": "久等了", "token": uuid4(), **other}
    return complaints.grant_comfort(visit, by=by, **values)


def test_a_technician_gives_up_to_his_limit_for_one_car(make_visit, staff):
    visit, technician = make_visit("repair"), staff("technician")
    give(visit, technician, "60")
    with pytest.raises(NotAllowed, match=r"40\.00"):
        give(visit, technician, "40.01")
    give(visit, staff("washer"), "40")
    with pytest.raises(NotAllowed):
        give(visit, staff("gate"), "0.01")
    give(visit, staff("advisor"), "100")  # his own limit is 200
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        give(visit, technician, "100")


def test_sent_twice_it_is_given_once(make_visit, staff):
    visit, by, token = make_visit("repair"), staff("technician"), uuid4()
    assert give(visit, by, token=token) == give(visit, by, token=token)
    assert Comfort.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"amount": "0"}, {"kind": "house"}, {"words": " "}])
def test_it_needs_a_kind_a_worth_and_a_reason(make_visit, staff, wrong):
    with pytest.raises(DomainError):
        give(make_visit("repair"), staff("technician"), **wrong)
    assert not Comfort.objects.exists()


def test_the_page_keeps_what_was_typed(make_visit, client_as):
    visit, technician = make_visit("repair"), client_as("technician")
    page = reverse("complaints:comfort")
    data = {"plate": visit.vehicle.plate[-4:], "kind": "wash", "amount": "500", "words": "雨天弄脏", "token": uuid4()}
    answer = technician.post(page, data)
    assert answer.status_code == 403 and "雨天弄脏" in answer.content.decode()
    assert technician.post(page, {**data, "amount": "30"}).status_code == 303
    assert Comfort.objects.get().visit_id == visit.pk


@pytest.mark.django_db(transaction=True)
def test_two_at_once_stay_within_the_limit(store, make_visit, staff):
    visit, people = make_visit("repair"), [staff("technician") for _ in range(4)]
    together(store, [lambda by=by: give(visit, by, "60") for by in people])
    assert Comfort.objects.count() == 1
