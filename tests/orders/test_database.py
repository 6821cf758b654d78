"""A hand in the database cannot do what the customer did not allow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from orders import domain as orders


def run(sql: str, args: list) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, args)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def draft(visit, advisor):
    return orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)


def refused(sql: str, args: list, constraint: str) -> None:
    with pytest.raises(IntegrityError) as error:
        run(sql, args)
    assert error.value.__cause__.diag.constraint_name == constraint


def test_approved_without_consent(draft):
    refused(
        "UPDATE orders_line SET consent_state = 'approved' WHERE id = %s",
        [draft.pk],
        "orders_approved_has_consent",
    )


@pytest.mark.parametrize("work", ["dispatched", "started", "paused"])
def test_work_without_consent(draft, work):
    refused(
        "UPDATE orders_line SET work = %s WHERE id = %s",
        [work, draft.pk],
        "orders_work_needs_consent",
    )


def test_consent_by_phone_without_recording(draft, advisor):
    pack = orders.ask_consent(draft.visit, by=advisor)
    refused(
        "INSERT INTO orders_consent (store_id, visit_id, pack_id, method, decided_by, phone, at, evidence, evidence_sha256, taken_by_id)"
        " VALUES (%s, %s, %s, 'phone', 'x', '', now(), '', '', %s)",
        [draft.store_id, draft.visit_id, pack.pk, advisor.pk],
        "orders_consent_has_evidence",
    )


def test_two_open_questions(draft, advisor):
    pack = orders.ask_consent(draft.visit, by=advisor)
    refused(
        "INSERT INTO orders_consentpack (store_id, visit_id, version, content, sha256, created_at, created_by_id, wrong_tries)"
        " VALUES (%s, %s, %s, '{}', '', now(), %s, 0)",
        [draft.store_id, draft.visit_id, pack.version + 1, advisor.pk],
        "orders_one_open_pack",
    )


BILL = (
    "INSERT INTO orders_settlement (store_id, visit_id, number, version, content, labour, material, other, discount, total, payable,"
    " issued_at, issued_by_id) VALUES (%s, %s, 'ST-X', 1, '{}', %s, %s, %s, 0, %s, 0, now(), %s)"
)


def bill(visit, advisor, labour, material=0, other=0):
    total = labour + material + other
    return [visit.store_id, visit.pk, labour, material, other, total, advisor.pk]


def test_a_bill_for_a_draft(draft, advisor):
    refused(BILL, bill(draft.visit, advisor, draft.labour), "orders_settlement_is_approved")


def test_a_bill_for_more_than_was_agreed(make_visit, advisor):
    visit = make_visit("handover", lines=1)
    line = visit.lines.get()

    refused(
        BILL,
        bill(visit, advisor, line.labour + 1, line.material),
        "orders_settlement_is_approved",
    )
    refused(
        BILL,
        bill(visit, advisor, line.labour, line.material, 5),
        "orders_settlement_is_approved",
    )
    run(BILL, bill(visit, advisor, line.labour, line.material))


def test_a_bill_that_is_raised_afterwards(make_visit, advisor):
    visit = make_visit("handover", lines=1)
    settlement = orders.issue_settlement(visit, by=advisor)

    refused(
        "UPDATE orders_settlement SET labour = labour + 1, total = total + 1 WHERE id = %s",
        [settlement.pk],
        "orders_settlement_is_approved",
    )


def test_a_bill_that_does_not_add_up(make_visit, advisor):
    visit = make_visit("handover", lines=1)
    settlement = orders.issue_settlement(visit, by=advisor)

    refused(
        "UPDATE orders_settlement SET total = total + 1 WHERE id = %s",
        [settlement.pk],
        "orders_settlement_adds_up",
    )


def test_imported_history_bills_what_it_says(make_visit, advisor):
    visit = make_visit("closed", lines=0, settled=False, origin="import")
    visit.settlements.all().delete()

    run(BILL, bill(visit, advisor, Decimal(88)))


def test_another_stores_consent(draft, advisor, other_store, make_visit):
    agreed = make_visit("repair", lines=1).lines.get()
    run(
        "UPDATE orders_line SET consent_state = 'approved', consent_id = %s WHERE id = %s",
        [agreed.consent_id, draft.pk],
    )
    refused(
        "UPDATE orders_consent SET store_id = %s WHERE id = %s",
        [other_store.pk, agreed.consent_id],
        "orders_line_consent_same_store",
    )
