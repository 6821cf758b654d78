"""What the API says about itself is what it does."""

from __future__ import annotations

import json

import yaml
from django.conf import settings
from django.urls import reverse

from api.v1 import urlpatterns
from api.views import docs

FILE = settings.BASE_DIR / "docs" / "openapi.yaml"


def test_the_file_is_the_description_that_is_served(client):
    served = client.get("/api/schema/")

    assert FILE.read_text() == served.content.decode() == docs.text()
    assert served["Content-Type"] == "application/vnd.oai.openapi; charset=utf-8"
    as_json = client.get("/api/schema/", headers={"accept": "application/json"})
    assert json.loads(as_json.content) == yaml.safe_load(FILE.read_text())
    # Whoever asks in another language reads the same.
    assert client.get("/api/schema/", headers={"accept-language": "en"}).content == served.content


def test_every_address_is_described():
    described = {(path, method.upper()) for path, methods in docs.document()["paths"].items() for method in methods}
    ours = {
        ("/api/v1/" + str(pattern.pattern).replace("<int:pk>", "{id}"), method.upper())
        for pattern in urlpatterns
        for method in ("get", "post", "patch")
        if pattern.name != "nowhere" and hasattr(pattern.callback.view_class, method)
    }

    assert described == ours


def test_every_operation_names_its_refusals_and_its_right():
    for methods in docs.document()["paths"].values():
        for method, operation in methods.items():
            needed = {"400", "401", "403", "404", "406", "429"}
            if method != "get":
                needed |= {"409", "413", "415", "422"}
                assert [p["name"] for p in operation["parameters"] if p["in"] == "header"] == ["Idempotency-Key"]
            assert needed == {status for status in operation["responses"] if status >= "400"}
            assert "Needs" in operation["description"]


def test_the_page_takes_everything_from_here(client):
    page = client.get(reverse("api:docs"))

    assert page.status_code == 200
    assert "http://" not in page.content.decode() and "https://" not in page.content.decode()
    assert "'unsafe" not in page["Content-Security-Policy"]


def test_the_page_works_under_our_policy(live_server, page):
    said = []
    page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto(f"{live_server.url}/api/docs/")
    page.locator("#operations-visits-openVisit").click()

    page.get_by_text("Idempotency-Key").first.wait_for()
    assert page.locator(".opblock").count() == sum(len(methods) for methods in docs.document()["paths"].values())
    assert said == []
