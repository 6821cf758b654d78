"""The API against its own description: requests nobody wrote. No fault of ours, no answer that is not described, and
every operation carries something out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django_scopes.state import state
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.v1 import urlpatterns
from api.views import docs
from core import clock
from tests import factories
from tests.api.things import Things
from tests.appointments import targets as waits

FULL = os.environ.get("TEST_LONG") == "1"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# So many requests for each operation that fit the description, and so many that do not.
FITTING, WRONG = (150, 150) if FULL else (8, 4)
HURRIED = settings(
    deadline=None,
    database=None,
    derandomize=not FULL,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def outside(app):
    """Requests come from outside: the scope that a test has open is not theirs."""

    def called(environ, start_response):
        token = state.set(None)
        try:
            return app(environ, start_response)
        finally:
            state.reset(token)

    return called


class Generated:
    """Sends what is generated, with a key. `real` says how much is put in that no generator can know: nothing; the rows a
    request names; and besides, what the store's rules would most likely refuse is left out."""

    def __init__(self, dms, things: Things):
        self.dms, self.things = dms, things
        self.answered: dict[str, Counter] = {}

    def send(self, case, checks, *, real: int = 0) -> None:
        if real:
            self.make_possible(case, plain=real > 1)
        response = case.call(headers={"Authorization": f"Bearer {self.dms.secret}"})
        self.answered.setdefault(case.operation.label, Counter())[response.status_code] += 1
        case.validate_response(response, checks=checks)

    def make_possible(self, case, *, plain: bool) -> None:
        if case.path_parameters:
            case.path_parameters = {"id": self.key_for(case.operation.path)}
        if case.query:
            query = {name: value for name, value in case.query.items() if name not in ("store", "cursor")}
            if case.operation.path.endswith(("/slots", "/offers")):
                query |= {"advisor": self.things.advisor.pk} if "advisor" in query else {}
            case.query = query
        if isinstance(case.body, dict):
            case.body = self.filled_in(case.body, plain=plain)
            case.headers = {**case.headers, "Idempotency-Key": uuid4().hex}

    def key_for(self, path: str) -> int:
        if path.endswith(("/reschedule", "/cancel")):
            # A cancelled one cannot be cancelled again.
            return self.things.make("booking", due_in_at=self.things.slot.start).appointment.pk
        if path.endswith("/release"):
            return self.things.hold().pk
        if path.endswith(("/leave", "/accept", "/decline")):
            # Nor can a place on the waitlist be given up twice.
            return waits.offered(self.things.make)[0].entry_id
        name = next(p.name for p in urlpatterns if path.endswith("/" + str(p.pattern).replace("<int:pk>", "{id}")))
        return self.things.ids()[name]

    def filled_in(self, body: dict, *, plain: bool) -> dict:
        car = factories.vehicle(self.things.store)
        known = {
            "store": "north",
            "customer": car.owner_id,
            "owner": car.owner_id,
            "vehicle": car.pk,
            "advisor": self.things.advisor.pk,
            "visit": self.things.visit.pk,
            "phone": factories.mobile(),
            "plate": factories.plate(),
        }
        body = {name: known.get(name, value) for name, value in body.items()}
        if "first_day" in body:
            body["first_day"] = str(clock.local_day(self.things.store.tz))
            body = {name: value for name, value in body.items() if not name.startswith(("last_", "not_"))}
        body.pop("hold", None)
        for item in body.get("items", ()):
            item.pop("operation", None)
        if "start" in body:
            body["start"] = self.things.slot.start.isoformat()
        if "owner" in body:
            body["plate"] = known["plate"]
        if plain:
            for name in ("version", "vin", "plate_kind", "lines", "loan_car", "pickup", "pickup_address", "items"):
                body.pop(name, None)
        for line in body.get("lines", ()):
            line.pop("operation", None)
        return body


@pytest.fixture
def things(store, make_visit) -> Things:
    return Things(store, make_visit)


@pytest.fixture
def generated(dms, things, settings) -> Iterator[Generated]:
    settings.API_PER_MINUTE = {"read": 10**9, "write": 10**9}
    # A server closes its connections between requests; here they are the test's, with its transaction.
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield Generated(dms, things)
    for signal in ends:
        signal.connect(close_old_connections)


def test_generated_requests_are_answered_as_described(generated):
    schema = schemathesis.openapi.from_dict(docs.document())
    schema.app = outside(get_wsgi_application())
    # The key is always the right one; wrong ones are tried in test_door.
    schema.config.generation.update(with_security_parameters=False)

    for operation in (found.ok() for found in schema.get_all_operations()):

        @settings(HURRIED, max_examples=FITTING)
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE), real=st.integers(0, 2))
        def fitting(case, real):
            generated.send(case, CHECKS, real=real)

        fitting()
        if not (operation.body or operation.query or operation.path_parameters or operation.headers):
            continue  # Nothing to get wrong.

        @settings(HURRIED, max_examples=WRONG)
        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        def wrong(case):
            # An empty list as a parameter is not sent at all.
            assume(all(value not in ([], {}, None) for value in (case.query or {}).values()))
            generated.send(case, [*CHECKS, negative_data_rejection])

        wrong()

    without = [label for label, codes in generated.answered.items() if not any(200 <= code < 300 for code in codes)]
    assert without == []
    assert len(generated.answered) == sum(len(methods) for methods in docs.document()["paths"].values())
