"""Who is let in, what is refused and how: keys, rights, strict input, limits, problem documents, pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from api import domain
from api.choices import Scope
from api.models import ApiKey, KeyGrant
from core import clock
from customers.models import Customer
from stores.access import in_store
from tests import factories
from tests.api.conftest import System, issue, manager_of, problem

# --- Keys


def test_without_a_key_nobody_comes_in(dms, client, client_as):
    def ask(authorization: str | None):
        headers = {"authorization": authorization} if authorization else {}
        return client.get("/api/v1/customers", headers=headers)

    assert problem(ask(None)) == (401, "not_authenticated")
    assert ask(None)["WWW-Authenticate"] == 'Bearer realm="api"'
    assert problem(ask("Basic eDp5")) == (401, "not_authenticated")
    for wrong in ("Bearer", "Bearer dms__", "Bearer dms_\x00_x", "Bearer " + dms.secret[:-1], "Bearer ä"):
        assert problem(ask(wrong)) == (401, "unknown_key")
    # A member of staff is known by his cookie elsewhere, not here.
    assert problem(client_as("service_manager").get("/api/v1/customers")) == (401, "not_authenticated")


def test_only_the_hash_of_a_key_is_kept(dms):
    row = ApiKey.objects.values().get()

    assert dms.secret not in str(row)
    assert row["secret_sha256"] == domain.digest(dms.secret)
    assert dms.secret.startswith(f"dms_{row['prefix']}_")


def test_a_key_ends(store):
    dms = issue(store, expires_at=clock.now() + timedelta(days=1))
    assert dms.get("/key").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert problem(dms.get("/key")) == (401, "key_expired")

    domain.withdraw_key(dms.key, by=[manager_of(store)])

    assert problem(dms.get("/key")) == (401, "key_revoked")


def test_a_manager_takes_back_his_own_store_alone(store, other_store):
    dms = issue(store, other_store)

    domain.withdraw_key(dms.key, by=[manager_of(store)])

    assert [row["code"] for row in dms.get("/key").json()["stores"]] == ["south"]
    with in_store(other_store):
        domain.withdraw_key(dms.key, by=[manager_of(other_store)])
    assert problem(dms.get("/key")) == (401, "key_revoked")


def test_use_is_noted_to_the_minute(dms):
    dms.get("/key")
    first = ApiKey.objects.get().last_used_at

    dms.get("/key")

    assert ApiKey.objects.get().last_used_at == first
    with time_machine.travel(first + timedelta(minutes=2), tick=False):
        dms.get("/key")
        assert ApiKey.objects.get().last_used_at == clock.now()


# --- Rights


READS = {
    "/customers": "customers.read",
    "/vehicles": "customers.read",
    "/advisors": "appointments.read",
    "/slots": "appointments.read",
    "/offers": "appointments.read",
    "/waitlist": "appointments.read",
    "/appointments": "appointments.read",
    "/visits": "visits.read",
    "/complaints": "complaints.read",
    "/survey-responses": "surveys.read",
    "/commitments": "commitments.read",
    "/measurements": "commitments.read",
}
WRITES = {
    "/customers": "customers.write",
    "/vehicles": "customers.write",
    "/appointments": "appointments.write",
    "/holds": "appointments.write",
    "/waitlist": "appointments.write",
    "/visits": "visits.write",
    "/complaints": "complaints.write",
}


def test_each_right_opens_its_own_doors(store):
    lacks = {scope: issue(store, scopes=[s for s in Scope.values if s != scope]) for scope in Scope.values}

    assert {path: problem(lacks[scope].get(path)) for path, scope in READS.items()} == dict.fromkeys(
        READS, (403, "scope_missing")
    )
    assert {path: problem(lacks[scope].post(path)) for path, scope in WRITES.items()} == dict.fromkeys(
        WRITES, (403, "scope_missing")
    )


def test_contact_data_needs_a_right_of_its_own(store):
    person = factories.customer(store, phone="13812348000", email="wang@example.cn")
    dms = issue(store, scopes=["customers.read"])

    said = dms.get(f"/customers/{person.pk}").json()

    assert (said["phone"], said["email"]) == ("138****8000", "w***@example.cn")
    assert problem(dms.get("/customers", phone="13812348000")) == (403, "scope_missing")


# --- Strict input


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("nmae=x", "nmae", "unknown"),
        ("limit=201", "limit", "max_value"),
        ("limit=0", "limit", "min_value"),
        ("limit=many", "limit", "invalid"),
        ("limit=5&limit=6", "limit", "repeated"),
        ("cursor=abc", "cursor", "cursor"),
        ("name=%00", "name", "null_characters_not_allowed"),
    ],
)
def test_a_query_says_nothing_that_is_not_known(dms, query, parameter, code):
    refused = dms.http.get(f"/api/v1/customers?{query}", headers=dms.headers())

    assert problem(refused) == (400, "invalid")
    (error,) = refused.json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"name": "王", "phon": "13800138000"}, "/phon", "unknown"),
        ({"phone": "13800138000"}, "/name", "required"),
        ({"name": 12}, "/name", "invalid"),
        ({"name": None}, "/name", "null"),
        ({"name": "王", "kind": "alien"}, "/kind", "invalid_choice"),
        ({"name": "王\u0000"}, "/name", "null_characters_not_allowed"),
        ('{"name": "\\ud800"}', "/name", "surrogate_characters_not_allowed"),
        ([], "", "invalid"),
    ],
)
def test_a_body_says_nothing_that_is_not_known(dms, body, pointer, code):
    refused = dms.post("/customers", "[]" if body == [] else body)

    assert problem(refused) == (400, "invalid")
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert not Customer.objects.exists()


def test_an_error_inside_a_list_names_its_place(dms, store):
    lines = [{"title": "检测", "kind": "testing", "fee": "60.00"}, {"title": "换油", "hours": 0.5, "colour": "red"}]

    refused = dms.post("/visits", {"vehicle": 1, "advisor": 1, "lines": lines})

    assert {(e["pointer"], e["code"]) for e in refused.json()["errors"]} == {("/lines/1/colour", "unknown")}


def test_a_time_without_its_offset_is_no_time(dms):
    body = {"customer": 1, "vehicle": 1, "start": "2027-01-05T09:00:00"}

    assert dms.post("/appointments", body).json()["errors"][0]["code"] == "offset"
    assert dms.get("/appointments", start_from="2027-01-05T09:00:00").status_code == 400
    assert dms.get("/appointments", start_from="2027-01-05T09:00:00+08:00").status_code == 200


# --- Problem documents, whatever goes wrong


def test_every_refusal_is_a_problem_document(dms, monkeypatch):
    assert problem(dms.get("/nothing/here")) == (404, "not_found")
    assert problem(dms.get("/customers/")) == (404, "not_found")
    assert problem(dms.get("/customers/%0A1")) == (404, "not_found")
    assert problem(dms.get(f"/customers/{10**30}")) == (404, "not_found")
    refused = dms.send("DELETE", "/customers")
    assert (problem(refused), refused["Allow"]) == ((405, "method_not_allowed"), "GET, HEAD, POST")
    assert problem(dms.post("/customers", "name=x", content_type="text/plain")) == (415, "unsupported_media_type")
    assert problem(dms.post("/customers", "{")) == (400, "parse_error")
    wanted = dms.http.get("/api/v1/customers", headers=dms.headers(accept="text/html"))
    assert problem(wanted) == (406, "not_acceptable")
    asked = dms.http.get("/api/v1/none", headers=dms.headers(**{"x-request-id": "abc-1"}))
    assert asked["X-Request-Id"] == "abc-1"


def test_a_fault_of_ours_is_told_without_its_details(dms, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("customers.domain.register_customer", break_down)

    answer = dms.post("/customers", {"name": "王小明"})

    assert problem(answer) == (500, "server_error")
    assert b"secret" not in answer.content
    assert answer.json()["retryable"] is True


def test_a_key_that_asks_too_much_waits(dms, settings):
    settings.API_PER_MINUTE = {"read": 2, "write": 1}

    with time_machine.travel(clock.now().replace(second=10), tick=False):
        first, second, third = (dms.get("/key") for _n in range(3))
        assert [r.status_code for r in (first, second)] == [200, 200]
        assert (first["X-RateLimit-Limit"], first["X-RateLimit-Remaining"]) == ("2", "1")
        assert problem(third) == (429, "throttled")
        assert (third["Retry-After"], third["X-RateLimit-Remaining"]) == ("50", "0")
        # Writing is counted apart.
        assert dms.post("/customers", {"name": "王小明"}).status_code == 201
        assert problem(dms.post("/customers", {"name": "王小明"})) == (429, "throttled")


# --- Pages


def test_pages_neither_lose_nor_double_a_row(dms, store):
    made = [factories.customer(store, name="赵一").pk for _n in range(5)]
    factories.customer(store, name="钱二")

    first = dms.get("/customers", name="赵一", limit=2).json()
    made.append(factories.customer(store, name="赵一").pk)
    Customer.objects.filter(pk=made[0]).delete()
    seen, following = [row["id"] for row in first["items"]], first["next"]
    while following:
        page = dms.http.get(following, headers=dms.headers()).json()
        seen, following = seen + [row["id"] for row in page["items"]], page["next"]

    assert seen == made
    # A cursor belongs to its list and its filters.
    moved = first["next"].replace("name=%E8%B5%B5%E4%B8%80", "name=x")
    assert problem(dms.http.get(moved, headers=dms.headers())) == (400, "invalid")
    cursor = first["next"].partition("cursor=")[2]
    assert problem(dms.http.get(f"/api/v1/vehicles?cursor={cursor}", headers=dms.headers())) == (400, "invalid")


# --- The page of keys


FORM = {"name": "厂家 DMS", "scopes": ["visits.read", "customers.read"]}


def test_a_manager_issues_a_key_and_sees_it_once(store, client_as):
    browser = client_as("service_manager")

    page = browser.post("/api/keys/new/", {**FORM, "stores": [store.pk]})

    key = ApiKey.objects.get()
    secret = page.content.decode().partition('value="dms_')[2].partition('"')[0]
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    assert System(key, f"dms_{secret}").get("/visits").status_code == 200
    assert (key.name, key.scopes, key.created_by) == ("厂家 DMS", ["customers.read", "visits.read"], browser.staff.user)
    listed = browser.get("/api/keys/").content.decode()
    assert key.prefix in listed and secret not in listed


def test_a_form_that_is_not_complete_keeps_what_was_typed(store, client_as):
    page = client_as("service_manager").post(
        "/api/keys/new/", {**FORM, "stores": [store.pk], "expires_on": "2020-01-01"}
    )

    assert page.status_code == 422
    assert "厂家 DMS" in page.content.decode()
    assert not ApiKey.objects.exists()


def test_nobody_issues_a_key_for_anothers_store(store, other_store, client_as):
    page = client_as("service_manager").post("/api/keys/new/", {**FORM, "stores": [other_store.pk]})

    assert page.status_code == 422
    assert not KeyGrant._base_manager.exists()
