"""From an empty database to a store people sign in to, under a role that can only write rows."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import ProgrammingError

from journal.models import Event
from stores.models import Staff, Store
from visits import domain as visits

ROLE = "aftersale_product_test"


def run(name: str, *args, **options) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def role(db, monkeypatch):
    monkeypatch.setenv("APP_DATABASE_URL", f"postgres://{ROLE}:secret-0123456789@host/any")
    run("grant_role")
    run("grant_role")  # after each migration again


def under_the_role(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        try:
            cursor.execute(statement)
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT before")


def test_the_product_works_under_its_role(make_visit, role):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    visit = make_visit("repair", job="started")

    visits.tell_customer(visit, text="在换刹车片", how="phone", by=visit.advisor)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (ROLE,)
        cursor.execute("RESET ROLE")
    assert Event.objects.filter(visit_id=visit.pk, name="visits.customer_told").exists()


def test_the_products_role_changes_no_table_and_no_history(role):
    for statement in (
        "UPDATE journal_event SET name = 'x'",
        "DELETE FROM journal_event",
        "TRUNCATE journal_event",
        "TRUNCATE visits_visit CASCADE",
        "DROP TABLE visits_visit",
        "ALTER TABLE journal_event DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            under_the_role(statement)


@pytest.mark.parametrize("url", ["", "postgres://host/any", "postgres://somebody@host/any"])
def test_a_role_without_name_or_password_is_refused(db, monkeypatch, url):
    monkeypatch.setenv("APP_DATABASE_URL", url)

    with pytest.raises(CommandError):
        run("grant_role")


def test_the_owner_is_not_taken_for_the_product(db, monkeypatch):
    monkeypatch.setenv("APP_DATABASE_URL", f"postgres://{connection.settings_dict['USER']}:x@host/any")

    with pytest.raises(CommandError, match="owns the tables"):
        run("grant_role")


def test_a_store_opens_and_its_manager_signs_in(no_store, client, monkeypatch):
    monkeypatch.setenv("HIRE_PASSWORD", "kai-dian-2026-x")
    run("open_store", "north", "城北店", phone="021-1")
    run("hire", "shen", "沈志强", store="north")

    assert Store.objects.get(code="north").name_zh == "城北店"
    assert client.login(username="shen", password="kai-dian-2026-x")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("code", ["城北", "a b", "x" * 21])
def test_a_bad_code_is_refused(db, code):
    with pytest.raises(CommandError):
        run("open_store", code, "城北店")


def test_taken_or_unknown_is_refused_and_nothing_half_done(store, monkeypatch):
    monkeypatch.setenv("HIRE_PASSWORD", "kai-dian-2026-x")
    with pytest.raises(CommandError):
        run("open_store", store.code, "又一家")
    with pytest.raises(CommandError, match="no store nowhere"):
        run("hire", "li", "李", store="nowhere")
    monkeypatch.setenv("HIRE_PASSWORD", "12345678")
    with pytest.raises(CommandError):
        run("hire", "li", "李", store=store.code)

    assert Store.objects.count() == 1
    assert not Staff.objects.filter(name="李").exists()
