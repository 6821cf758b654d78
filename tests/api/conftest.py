"""Another system with a key, as tests use it."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from api import domain
from api.choices import Scope
from api.models import ApiKey
from stores.access import in_stores
from stores.models import Staff, Store
from tests import factories
from tests.fixtures import BrowserLike

V1 = "/api/v1"


class System:
    """Another system: sends its key with everything, JSON with every write, and a new Idempotency-Key unless told."""

    def __init__(self, key: ApiKey | None, secret: str):
        self.key, self.secret = key, secret
        self.http = BrowserLike(raise_request_exception=False)

    def headers(self, **more) -> dict:
        return {"authorization": f"Bearer {self.secret}", **more}

    def get(self, path: str, **query):
        return self.http.get(V1 + path, query, headers=self.headers())

    def send(self, method: str, path: str, body=None, *, token: str | None = None, **headers):
        return self.http.generic(
            method,
            V1 + path,
            body if isinstance(body, (str, bytes)) else json.dumps(body or {}),
            content_type=headers.pop("content_type", "application/json"),
            headers=self.headers(**{"idempotency-key": uuid4().hex if token is None else token}, **headers),
        )

    def post(self, path: str, body=None, **how):
        return self.send("POST", path, body, **how)

    def patch(self, path: str, body=None, **how):
        return self.send("PATCH", path, body, **how)


def issue(*stores: Store, scopes=Scope.values, **fields) -> System:
    with in_stores([store.pk for store in stores]):
        people = [manager_of(store) for store in stores]
        return System(*domain.issue_key(name="DMS", stores=stores, scopes=scopes, by=people, **fields))


def manager_of(store: Store) -> Staff:
    found = Staff.objects.filter(store=store, role__code="service_manager").first()
    return found or factories.staff(store, "service_manager")


@pytest.fixture
def dms(store) -> System:
    """A system whose key may do everything in the test's store."""
    return issue(store)


def problem(response) -> tuple[int, str]:
    """(status, code) of a refusal, which must be a problem document."""
    assert response["Content-Type"] == "application/problem+json", response.content[:300]
    body = response.json()
    assert body["status"] == response.status_code
    assert body["request_id"] == response["X-Request-Id"]
    return response.status_code, body["code"]
