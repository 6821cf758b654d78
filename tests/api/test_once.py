"""One write for each Idempotency-Key, however often and however simultaneously it is sent."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from api import domain
from api.models import IdempotencyRecord
from api.v1 import urlpatterns
from appointments.models import Appointment
from core import clock
from customers import domain as customers
from customers.models import Customer
from journal.models import Event
from tests import factories
from tests.api.conftest import issue, problem
from tests.appointments import free
from tests.together import together

BODY = {"name": "王小明"}


def test_every_write_needs_its_key(dms):
    writes = [
        (pattern.name, method)
        for pattern in urlpatterns
        for method in ("post", "patch", "put", "delete")
        if hasattr(pattern.callback.view_class, method)
        if not getattr(getattr(pattern.callback.view_class, method), "idempotent", False)
    ]
    assert writes == []

    for token in ("", "ä", "x" * 256, "two words"):
        sent = dms.http.post(
            "/api/v1/customers",
            json.dumps(BODY),
            content_type="application/json",
            headers=dms.headers(**{"idempotency-key": token} if token else {}),
        )
        assert problem(sent) == (400, "idempotency_key_missing")
    assert not Customer.objects.exists()


def test_the_same_request_gets_the_same_answer(dms):
    made = dms.post("/customers", BODY, token="one")
    again = dms.post("/customers", '{ "name":   "王小明" }', token="one")

    assert (again.status_code, again.content, again["Location"]) == (201, made.content, made["Location"])
    assert (made.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Customer.objects.count() == Event.objects.filter(name="customers.registered").count() == 1


def test_another_request_under_the_same_key_is_refused(dms, store):
    made = dms.post("/customers", BODY, token="one").json()

    assert problem(dms.post("/customers", {"name": "李四"}, token="one")) == (422, "idempotency_key_reused")
    assert problem(dms.patch(f"/customers/{made['id']}", BODY, token="one")) == (422, "idempotency_key_reused")
    assert Customer.objects.count() == 1
    # The keys of two systems are not each other's.
    assert issue(store).post("/customers", {"name": "李四"}, token="one").status_code == 201


def test_a_refusal_changed_nothing_and_may_be_repeated(dms, store):
    owner = factories.customer(store)

    assert problem(dms.post("/vehicles", {"owner": owner.pk}, token="one")) == (422, "identity_missing")
    assert not IdempotencyRecord.objects.exists()
    assert dms.post("/vehicles", {"owner": owner.pk, "plate": "京A12345"}, token="one").status_code == 201


def test_answers_are_forgotten_after_a_day(dms):
    dms.post("/customers", BODY, token="one")

    with time_machine.travel(clock.now() + timedelta(hours=23)):
        assert domain.forget_answers() == 0
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert domain.forget_answers() == 1
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_while_one_is_being_carried_out_the_other_is_told_to_wait(store, monkeypatch):
    dms, register = issue(store), customers.register_customer
    inside, go_on = threading.Event(), threading.Event()

    def slowly(**said):
        inside.set()
        go_on.wait(timeout=5)
        return register(**said)

    monkeypatch.setattr("customers.domain.register_customer", slowly)

    def second():
        inside.wait(timeout=5)
        try:
            return dms.post("/customers", BODY, token="one")
        finally:
            go_on.set()

    first, told = together(store, [lambda: dms.post("/customers", BODY, token="one"), second])

    assert (first.status_code, problem(told), told["Retry-After"]) == (201, (409, "in_flight"), "1")
    assert told.json()["retryable"] is True
    assert dms.post("/customers", BODY, token="one").content == first.content
    assert Customer.objects.count() == Event.objects.filter(name="customers.registered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_writes(store, staff):
    """The same booking eight times at once: one visit, and everybody else gets its answer or is told to wait."""
    dms, car = issue(store), factories.vehicle(store)
    for _n in range(4):
        staff("advisor")
    slot = free.after(store, clock.now() + timedelta(days=1))[0]
    body = {"customer": car.owner_id, "vehicle": car.pk, "start": slot.start.isoformat()}

    answers = together(store, [lambda: dms.post("/appointments", body, token="one") for _n in range(8)])

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {problem(answer) for answer in answers if answer.status_code == 409} <= {(409, "in_flight")}
    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in made}) == 1
    assert [answer.get("Idempotency-Replayed") for answer in made].count(None) == 1
    assert Appointment.objects.count() == IdempotencyRecord.objects.count() == 1
    # Afterwards everybody is answered the same.
    assert dms.post("/appointments", body, token="one").content == made[0].content


@pytest.mark.django_db(transaction=True)
def test_of_many_keys_at_once_each_writes_its_own(store):
    dms = issue(store)

    answers = together(
        store, [lambda n=n: dms.post("/customers", {"name": f"客户{n}"}, token=uuid4().hex) for n in range(6)]
    )

    assert [answer.status_code for answer in answers] == [201] * 6
    assert Customer.objects.count() == 6
