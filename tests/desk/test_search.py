"""Found by what people have at hand."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories

PLATE, VIN, PHONE, NAME = "京N73K52", "LSVAA4185E2771903", "13912340786", "欧阳志强"


@pytest.fixture
def visit(make_visit, store):
    owner = factories.customer(store, name=NAME, phone=PHONE)
    return make_visit("repair", vehicle=factories.vehicle(store, owner, plate=PLATE, vin=VIN))


@pytest.fixture
def found(client_as, visit):
    browser = client_as("advisor")

    def search(text, **more) -> list[str]:
        return [row["url"] for row in browser.get(reverse("desk:search"), {"q": text, **more}).context["results"]]

    return search


@pytest.mark.parametrize(
    "text",
    ["73K52", "京N73K52", "京n·73k52", "0786", PHONE, VIN[-6:], VIN, "欧阳", NAME, "ouyangzhiqiang", "oyzq", " oyzq "],
)
def test_a_car_is_found_by(text, found, visit):
    assert found(text) == [reverse("desk:visit", args=[visit.pk])]


@pytest.mark.parametrize("text", ["", "9", "52", "99999", "王", "' OR 1=1 --", "%", "字" * 500])
def test_nothing_is_found_by(text, found):
    assert found(text) == []


def test_one_hit_is_opened_by_enter(client_as, visit):
    answer = client_as("advisor").get(reverse("desk:search"), {"q": "73K52", "open": "1"})

    assert answer.headers["Location"] == reverse("desk:visit", args=[visit.pk])


def test_htmx_gets_the_list_alone(client_as, visit):
    answer = client_as("advisor").get(reverse("desk:search"), {"q": "73K52"}, headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert "<html" not in text
    assert reverse("desk:visit", args=[visit.pk]) in text


def test_the_phone_is_shown_masked(client_as, visit):
    text = client_as("washer").get(reverse("desk:search"), {"q": "0786"}).content.decode()

    assert PHONE not in text
    assert "139****0786" in text


def test_another_stores_cars_are_not_found(client_as, visit, other_store):
    stranger = client_as(factories.staff(other_store, "advisor"))

    assert stranger.get(reverse("desk:search"), {"q": "73K52"}).context["results"] == []
