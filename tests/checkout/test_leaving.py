"""Satisfied before leaving: asked once, a no calls a manager and opens a case with a clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from checkout import domain as checkout
from checkout import queries
from checkout.choices import Leaving
from checkout.models import LeavingAnswer
from complaints.models import Case
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from journal.testing import drain


def test_no_pass_before_the_customer_was_asked(till, take):
    take()
    with pytest.raises(DomainError, match="满意"):
        checkout.issue_gate_pass(till.visit, by=till.cashier)
    assert checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)
    assert queries.leaving_of(till.visit).answer == Leaving.CONTENT


def test_a_no_calls_a_manager_and_opens_one_case(till, take, client_as):
    take()
    row = checkout.ask_before_leaving(till.visit, answer="not_content", words="  还有异响 ", by=till.cashier)
    assert row.manager_due_at - row.at == timedelta(minutes=10)
    assert list(queries.waiting_at_the_car()) == [row]
    drain()
    drain()
    case = Case.objects.get()
    assert (case.visit_id, case.words, case.severity) == (till.visit.pk, "还有异响", "L2")
    assert case.first_response_due_at and case.owner_id
    manager = client_as("service_manager")
    assert "还有异响" in manager.get(reverse("desk:home")).content.decode()
    assert manager.post(reverse("checkout:meet", args=[row.pk])).status_code == 303
    assert list(queries.waiting_at_the_car()) == []
    # he is not held back: the pass is his all the same
    assert checkout.issue_gate_pass(till.visit, by=till.cashier)


def test_asked_once(till, take):
    take()
    checkout.ask_before_leaving(till.visit, answer="content", by=till.cashier)
    with pytest.raises(Conflict):
        checkout.ask_before_leaving(till.visit, answer="not_content", words="x", by=till.cashier)
    checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)
    assert LeavingAnswer.objects.count() == 1


@pytest.mark.parametrize("answer", ["not_content", "nobody", "perhaps"])
def test_words_are_needed(till, answer):
    with pytest.raises(DomainError):
        checkout.ask_before_leaving(till.visit, answer=answer, by=till.cashier)
    assert not LeavingAnswer.objects.exists()


def test_only_managers_go_to_the_car_and_the_first_one_counts(till, staff):
    row = checkout.ask_before_leaving(till.visit, answer="not_content", words="等太久", by=till.cashier)
    with pytest.raises(NotAllowed):
        checkout.meet_customer(row, by=till.cashier)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        checkout.meet_customer(row, by=staff("service_manager"))
    with pytest.raises(Conflict):
        checkout.meet_customer(row, by=staff("aftersales_director"))
