"""Pictures for staff: by key and store, never by where they lie."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from tests import factories
from visits import domain as visits


@pytest.fixture
def photo(make_visit):
    out = BytesIO()
    Image.new("RGB", (40, 30), "blue").save(out, "PNG")
    visit = make_visit("repair")
    return visits.store_photo(visit, kind="damage", upload=out.getvalue(), by=visit.advisor)


def test_staff_see_the_picture_and_its_address_tells_nothing(photo, client_as):
    answer = client_as("technician").get(reverse("visits:photo", args=[photo.pk]))

    assert answer.status_code == 200
    assert answer.content[:3] == b"\xff\xd8\xff"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert photo.image.name not in str(answer.headers)


def test_strangers_gate_and_other_stores_do_not(photo, client, client_as, other_store):
    address = reverse("visits:photo", args=[photo.pk])

    assert client.get(address)["Location"].startswith(reverse("login"))
    assert client_as("gate").get(address).status_code == 403
    assert client_as(factories.staff(other_store, "advisor")).get(address).status_code == 404


def test_a_lost_file_is_404(photo, client_as):
    photo.image.storage.delete(photo.image.name)

    assert client_as("advisor").get(reverse("visits:photo", args=[photo.pk])).status_code == 404


def test_the_raw_path_is_not_served(photo, client_as):
    assert client_as("advisor").get(photo.image.url).status_code == 404
