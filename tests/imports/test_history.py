"""Repair history from a file: whole, once, and with an answer for every row."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook

from core.actors import Actor
from core.errors import DomainError
from journal.models import Event
from journal.testing import drain
from messaging.models import Message
from orders.choices import ImportState
from orders.domain import imports
from orders.importers.history import guess
from orders.importers.reading import read_table
from orders.models import ImportRun, Line, RepairOrder
from visits.models import Visit

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "repair-orders.csv"
BY = Actor.system("import")
HEADER = "VIN,TRANSACTION_ID,CUSTOMER_VERBATIM,CORRECTION_VERBATIM,REPAIR_DATE,KM,TOTALCOST,LBRCOST\n"
GOOD = '3HCND9ED5SH144160,13027,"Strings ""loose"", he says",REPLACED WHEEL.,2024-01-16,4421.0,297.03,20.0\n'
UNKNOWN_TOTAL = "1HCFDEED3SZ308171,13027,Peeling,Replaced,2024-01-12,8678.0,,69.06\n"


def bring_in(store, text: str, **fields):
    table = read_table(text.encode())
    return imports.import_table(
        table, store=store, mapping=guess(table.columns), source="old", currency="USD", by=BY, **fields
    )


def test_a_row_becomes_a_closed_visit_with_what_the_file_says(store):
    outcome = bring_in(store, HEADER + GOOD + UNKNOWN_TOTAL)

    assert (outcome.created, outcome.known, outcome.errors) == (2, 0, [])
    first, second = Visit.objects.order_by("-opened_at")
    assert (first.stage, first.origin, first.mileage_in, first.arrived_at, first.ready_at) == (
        "closed",
        "import",
        4421,
        None,
        None,
    )
    line = Line.objects.get(visit=first)
    assert (line.concern, line.correction) == ('Strings "loose", he says', "REPLACED WHEEL.")
    assert (line.labour, line.material, line.amount) == (Decimal("20.00"), Decimal("277.03"), Decimal("297.03"))
    unknown = Line.objects.get(visit=second)
    assert (unknown.labour, unknown.material, unknown.amount) == (Decimal("69.06"), None, None)
    assert RepairOrder.objects.get(visit=first).currency == "USD"


def test_the_same_file_again_makes_nothing_twice(store):
    bring_in(store, HEADER + GOOD)
    again = bring_in(store, HEADER + GOOD + UNKNOWN_TOTAL)

    assert (again.created, again.known) == (1, 1)
    assert Visit.objects.count() == 2


def test_numbers_repeat_but_cars_and_days_tell_visits_apart(store):
    other_day = GOOD.replace("2024-01-16", "2024-02-16")
    assert bring_in(store, HEADER + GOOD + other_day + UNKNOWN_TOTAL).created == 3


def test_a_bad_row_is_named_and_harms_no_other(store):
    bad = [
        GOOD.replace("3HCND9ED5SH144160", "3HCND9ED5SH14416"),
        GOOD.replace("2024-01-16", "16.01.24"),
        GOOD.replace("297.03", "n/a"),
        GOOD.replace("4421.0", "-3"),
        GOOD.replace("2024-01-16", "2099-01-16"),
        GOOD.replace("20.0\n", "900\n"),
    ]
    outcome = bring_in(store, HEADER + "".join(bad) + UNKNOWN_TOTAL)

    assert outcome.created == 1
    assert [number for number, _text in outcome.errors] == [2, 3, 4, 5, 6, 7]
    assert Visit.objects.count() == 1


def test_a_dry_run_keeps_nothing(store):
    outcome = bring_in(store, HEADER + GOOD, dry_run=True)

    assert outcome.created == 1
    assert (Visit.objects.count(), Event.objects.count()) == (0, 0)


def test_history_sends_nothing_and_starts_no_clock(store):
    bring_in(store, HEADER + GOOD)
    drain()

    assert Message.objects.count() == 0
    assert set(Event.objects.exclude(visit_id=None).values_list("origin", flat=True)) == {"import"}
    assert not hasattr(Visit.objects.get(), "follow_up")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 no workbook",
        b"\x00\x01\x02" * 50,
        b"\xff\xfe\xff" * 9 + b"\n",
        b"only one column\n1\n",
        b"a,a\n1,2\n",
    ],
    ids=["empty", "broken zip", "binary", "no text", "one column", "columns twice"],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(data):
    with pytest.raises(DomainError) as refused:
        read_table(data)
    assert str(refused.value).endswith(("。", "."))


def test_a_workbook_reads_like_its_csv(store):
    book = Workbook()
    for row in (
        ["车架号", "单号", "维修日期", "里程", "工时费", "合计"],
        ["LSVNV2182E2100001", 7, "2024-03-01", 12000, 80, 300.5],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue())

    assert table.rows == [
        (2, dict(zip(table.columns, ["LSVNV2182E2100001", "7", "2024-03-01", "12000", "80", "300.5"], strict=True)))
    ]
    assert guess(table.columns) == {
        "vin": "车架号",
        "number": "单号",
        "on": "维修日期",
        "mileage": "里程",
        "labour": "工时费",
        "total": "合计",
    }


def test_chinese_csv_in_its_usual_encoding():
    table = read_table("车牌,日期\n沪A12345,2024年1月5日\n".encode("gb18030"))
    assert table.rows == [(2, {"车牌": "沪A12345", "日期": "2024年1月5日"})]


def test_the_page_previews_then_brings_in_and_keeps_the_mapping(client_as, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    manager = client_as("service_manager")
    upload = io.BytesIO((HEADER + GOOD + GOOD.replace("4421.0", "x")).encode())
    upload.name = "old.csv"
    taken = manager.post(reverse("orders:import"), {"source": "旧系统", "file": upload})
    run = ImportRun.objects.get()
    assert (taken.status_code, taken["Location"]) == (303, reverse("orders:import_run", args=[run.pk]))
    page = manager.get(taken["Location"])
    assert "3HCND9ED5SH144160" in page.content.decode() and Visit.objects.count() == 0

    started = manager.post(taken["Location"], {**run.mapping, "currency": "USD"})
    assert started.status_code == 303
    assert imports.carry_out_once(run.pk) is True
    run.refresh_from_db()
    assert (run.state, run.created, [row for row, _text in run.errors]) == (ImportState.DONE, 1, [3])
    assert manager.post(taken["Location"], {**run.mapping, "currency": "USD"}).status_code == 409
    again = imports.begin_import(
        store=run.store, data=(HEADER + GOOD).encode(), filename="2.csv", source="旧系统", by=manager.staff
    )
    assert (again.mapping, again.currency) == (run.mapping, "USD")


def test_a_wrong_file_keeps_what_was_typed(client_as):
    manager = client_as("service_manager")
    upload = io.BytesIO(b"\x00\x01\x02")
    upload.name = "photo.csv"
    page = manager.post(reverse("orders:import"), {"source": "旧系统", "file": upload})
    assert page.status_code == 422
    assert "旧系统" in page.content.decode()
    assert ImportRun.objects.count() == 0


@pytest.mark.skipif(not REAL.exists(), reason="the real records are not beside this checkout")
def test_the_real_file_comes_in_whole(store, capsys):
    call_command("import_history", str(REAL), "--store", store.code, "--currency", "USD")

    assert "50 brought in, 0 known already, 0 with errors." in capsys.readouterr().out
    assert Visit.objects.filter(origin="import").count() == 50
    assert Line.objects.filter(material=None).count() == 4
