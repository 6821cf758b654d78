"""What every staff page owes: its own heading to who may open it, 403 to a colleague, the login to a stranger, 404 for
another store's row."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from dealership.opening import open_full_store
from stores.access import in_store
from stores.models import Store
from tests.visits_at_stage import Maker
from visits.models import Visit


def heading(response) -> str:
    """Text of the page's one <h1>."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    assert len(found) == 1, f"{len(found)} headings"
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def statuses(url: str, *, allowed: Client, refused: Client) -> list[int]:
    """What the page answers to who may open it, to a colleague who may not, and to a stranger."""
    stranger = Client().get(url)
    assert stranger["Location"].startswith(reverse("login"))
    return [allowed.get(url).status_code, refused.get(url).status_code, stranger.status_code]


def foreign_visit(stage: str, **fields) -> Visit:
    """A visit of a second store, which no page of the first one may show or change."""
    store: Store = open_full_store(code="south", name_zh="城南店")
    with in_store(store):
        return Maker(store)(stage, **fields)
