"""What the system could not finish by itself: seen, run again, dismissed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core import clock
from journal.models import SetAside
from tests import factories


@pytest.fixture
def aside(store):
    return SetAside.objects.create(
        store_id=store.pk,
        reaction="followups.open",
        event_id=10**12 + factories.number(),
        error="ValueError: 无法处理",
        first_at=clock.now(),
        last_at=clock.now(),
    )


@pytest.fixture
def manager(client_as):
    return client_as("service_manager")


def test_it_is_shown_with_its_error(aside, manager):
    text = manager.get(reverse("desk:dead_letters")).content.decode()

    assert "ValueError: 无法处理" in text
    assert reverse("desk:retry", args=[aside.pk]) in text


def test_it_is_run_again_soon(aside, manager):
    assert manager.post(reverse("desk:retry", args=[aside.pk])).status_code == 303

    aside.refresh_from_db()
    assert aside.next_at <= clock.now()
    assert aside.resolved_at is None


def test_it_is_dismissed_once_by_name(aside, manager):
    url = reverse("desk:dismiss", args=[aside.pk])

    assert (manager.post(url).status_code, manager.post(url).status_code) == (303, 409)
    aside.refresh_from_db()
    assert (aside.dismissed, aside.resolved_by_id) == (True, manager.staff.pk)
    assert aside.error not in manager.get(reverse("desk:dead_letters")).content.decode()


@pytest.mark.parametrize("name", ["retry", "dismiss"])
def test_only_a_post_acts(name, aside, manager):
    assert manager.get(reverse(f"desk:{name}", args=[aside.pk])).status_code == 405
