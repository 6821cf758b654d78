"""A key of one store and the rows of another: 404, and nothing changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django_scopes import scopes_disabled

from api.v1 import urlpatterns
from core import clock
from dealership.opening import open_full_store
from stores.access import in_store
from tests import factories
from tests.api.conftest import issue, problem
from tests.api.things import Things
from tests.appointments import free
from tests.visits_at_stage import Maker


class Elsewhere(Things):
    """A second store with one of everything."""

    def __init__(self):
        south = open_full_store(code="south", name_zh="城南店")
        with in_store(south):
            super().__init__(south, Maker(south))
            self.start = self.slot.start.isoformat()


@pytest.fixture
def elsewhere(store):
    return Elsewhere()


def fingerprint() -> dict:
    """Every row of ours, but for what a look at the door leaves."""
    with scopes_disabled(), connection.cursor() as cursor:
        found = {}
        for model in apps.get_models():
            if model.__module__.split(".")[0] in ("django", "tests") or model._meta.label == "api.ApiKey":
                continue
            cursor.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {model._meta.db_table} t"
            )
            found[model._meta.label] = cursor.fetchone()
    return found


def addresses(there: Elsewhere) -> list[tuple[str, str, dict]]:
    """Every address that names an object, with the other store's id and a body that would be right there."""
    ids = there.ids()
    bodies = {
        "customer": {"name": "李四"},
        "vehicle": {"colour": "黑"},
        "reschedule": {"start": there.start},
        "cancel": {"reason": "客户取消"},
    }
    found = []
    for pattern in urlpatterns:
        if "<int:pk>" not in str(pattern.pattern):
            continue
        path = "/" + str(pattern.pattern).replace("<int:pk>", str(ids[pattern.name]))
        view = pattern.callback.view_class
        found += [
            (method.upper(), path, bodies.get(pattern.name))
            for method in ("get", "post", "patch")
            if hasattr(view, method)
        ]
    return found


def test_an_address_of_another_store_is_not_there(dms, elsewhere):
    asked = addresses(elsewhere)
    both = issue(elsewhere.store)
    before = fingerprint()

    answers = {(method, path): problem(dms.send(method, path, body)) for method, path, body in asked}

    assert answers == dict.fromkeys(answers, (404, "not_found"))
    assert fingerprint() == before
    # The same address answers who has a key of that store.
    reads = [both.get(path).status_code for method, path, _body in asked if method == "GET"]
    assert reads == [200] * len(reads)


def test_a_body_that_names_another_stores_row_changes_nothing(dms, store, elsewhere, make_visit):
    car, advisor = factories.vehicle(store), make_visit.person("advisor")
    start = free.after(store, clock.now() + timedelta(days=1), advisor)[0].start.isoformat()
    booked = make_visit("booking", due_in_at=clock.now() + timedelta(days=3)).appointment
    booking = {"customer": car.owner_id, "vehicle": car.pk, "start": start}
    walk_in = {"vehicle": car.pk, "advisor": advisor.pk}
    complaint = {"words": "空调不冷"}
    there = elsewhere
    bodies = [
        ("/vehicles", {"owner": there.car.owner_id, "plate": "京A99999"}, "/owner"),
        ("/appointments", {**booking, "customer": there.car.owner_id}, "/customer"),
        ("/appointments", {**booking, "vehicle": there.car.pk}, "/vehicle"),
        ("/appointments", {**booking, "advisor": there.advisor.pk}, "/advisor"),
        (f"/appointments/{booked.pk}/reschedule", {"start": start, "advisor": there.advisor.pk}, "/advisor"),
        ("/visits", {**walk_in, "vehicle": there.car.pk}, "/vehicle"),
        ("/visits", {**walk_in, "advisor": there.advisor.pk}, "/advisor"),
        ("/visits", {**walk_in, "customer": there.car.owner_id}, "/customer"),
        ("/complaints", {**complaint, "visit": there.visit.pk}, "/visit"),
        ("/complaints", {**complaint, "customer": there.car.owner_id}, "/customer"),
        ("/complaints", {**complaint, "vehicle": there.car.pk}, "/vehicle"),
        ("/customers", {"name": "李四", "store": "south"}, "/store"),
        ("/visits", {**walk_in, "store": "nowhere"}, "/store"),
    ]
    before = fingerprint()

    for path, body, pointer in bodies:
        refused = dms.post(path, body)
        assert (path, body, problem(refused)) == (path, body, (404, "not_found"))
        assert refused.json()["errors"][0]["pointer"] == pointer

    assert fingerprint() == before


def test_lists_show_the_keys_own_stores_alone(dms, store, elsewhere):
    here = factories.vehicle(store)
    both = issue(store, elsewhere.store)

    def ids(system, path, **query):
        return {row["id"] for row in system.get(path, **query).json()["items"]}

    assert ids(dms, "/vehicles") == {here.pk}
    assert {here.pk, elsewhere.car.pk} <= ids(both, "/vehicles")
    assert ids(both, "/vehicles", store="north") == {here.pk}
    assert problem(dms.get("/vehicles", store="south")) == (404, "not_found")
    assert problem(dms.get("/slots", store="south", day="2027-01-05")) == (404, "not_found")
    assert ids(dms, "/vehicles", owner=elsewhere.car.owner_id) == set()


def test_a_key_of_two_stores_does_not_mix_them(store, elsewhere):
    both = issue(store, elsewhere.store)
    car, start = factories.vehicle(store), elsewhere.start
    before = fingerprint()

    nowhere = both.post("/customers", {"name": "李四"})
    assert (problem(nowhere), nowhere.json()["errors"][0]["pointer"]) == ((400, "invalid"), "/store")
    mixed = {"store": "south", "customer": elsewhere.car.owner_id, "vehicle": car.pk, "start": start}
    assert problem(both.post("/appointments", mixed)) == (404, "not_found")
    assert fingerprint() == before

    assert both.post("/appointments", {**mixed, "vehicle": elsewhere.car.pk}).status_code == 201
