"""The CSI page: its states, its rules of publication, and the way down to the answers."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.urls import reverse

from core import clock
from journal.testing import drain
from tests.reports.answers import Town

PAGE = "reports:csi"


@pytest.fixture
def town(store):
    return Town(store, Random(5))


def fill(town: Town, answers: int, *, advisor=None, mood: float = 8.5, days: int = 60, **how) -> None:
    now = clock.now()
    for number in range(answers):
        visit = town.release(now - timedelta(days=2 + number % days), advisor=advisor)
        town.invite(visit)
        town.answer(visit, mood=mood, **how)


def test_full_page(town, client_as):
    fill(town, 40, advisor=town.advisors[0])
    fill(town, 12, advisor=town.advisors[1])
    fill(town, 3, advisor=town.advisors[2])
    drain()
    r = client_as("service_manager").get(reverse(PAGE))
    assert r.status_code == 200
    print(r.content.decode()[:200])
