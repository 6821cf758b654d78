"""What tests need of the product: a store with its scope open, people, logged-in browsers, visits at any stage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django_scopes.state import state

from dealership.opening import open_full_store
from stores.access import in_store
from stores.models import Staff, Store
from tests import factories
from tests.visits_at_stage import Maker


class BrowserLike(Client):
    """Django's test client, without the scope of the test around it: a page has to open its own, as in real life."""

    staff: Staff | None = None

    def request(self, **request):
        token = state.set(None)
        try:
            return super().request(**request)
        finally:
            state.reset(token)


@pytest.fixture
def client() -> BrowserLike:
    """A stranger's browser."""
    return BrowserLike()


def open_store() -> Store:
    return open_full_store(
        code="north", name_zh="城北店", name_en="North", address="北京市朝阳区测试路1号", phone="01064001234"
    )


@pytest.fixture
def store(db):
    """A store with everything it works with; its scope is open for the whole test.

    It was opened once for all tests of this process, which roll back what they do to it; opening takes longer than most
    tests. Those that commit end by emptying every table: whoever comes after them opens it anew.
    """
    made = Store.objects.filter(code="north").first() or open_store()
    with in_store(made):
        yield made


@pytest.fixture
def no_store(db):
    """A database without any store, for the length of the test."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE stores_store, stores_user, journal_event CASCADE")


@pytest.fixture
def other_store(store) -> Store:
    """Another store of the group: its rows are invisible in the test's scope."""
    return factories.store("south", name_zh="城南店", name_en="South")


@pytest.fixture
def staff(store) -> Callable[..., Staff]:
    """`staff("technician", name="老王", skills=["mechanical"])`: a new person of the store; `store=` for another one."""

    def make(role: str, **fields) -> Staff:
        return factories.staff(fields.pop("store", store), role, **fields)

    return make


@pytest.fixture
def client_as(staff) -> Callable[..., BrowserLike]:
    """`client_as("advisor")`, or `client_as(person)`: a logged-in browser; the person is `.staff`."""

    def login(who: str | Staff, **fields) -> BrowserLike:
        browser = BrowserLike()
        browser.staff = who if isinstance(who, Staff) else staff(who, **fields)
        browser.force_login(browser.staff.user)
        return browser

    return login


@pytest.fixture
def make_visit(store) -> Maker:
    """`make_visit("repair", job="started")`: a visit at a stage; see `tests.visits_at_stage.Maker`."""
    return Maker(store)
