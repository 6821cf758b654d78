"""Complaints of another system: history without clocks, errors by row, nothing twice."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from complaints import tasks
from complaints.domain import imports
from complaints.importers import history
from complaints.models import Case, CaseImport
from core.actors import Actor
from core.errors import DomainError
from journal.models import Event
from journal.testing import drain
from messaging.models import Message
from orders.importers.reading import read_table
from tests import factories

HEAD = "id,brand,series,model,summary,problem_codes,filed_on,status\n"
GOOD = [
    "1,甲牌,乙系,1.5L,变速箱顿挫,B84,2020/6/5,处理反馈",
    "2,甲牌,乙系,1.5L,维修收费不透明,A9 K200 I3,2020-06-08,信息审核",
    "3,丙牌,丁系,,态度恶劣,I295,2021-02-19,",
]
BAD = [
    "4,甲牌,乙系,1.5L,,B84,2020/6/5,处理反馈",
    "5,甲牌,乙系,1.5L,刹车异响,E62,2020/13/5,处理反馈",
    "6,甲牌,乙系,1.5L,刹车异响,E62,2999-01-01,处理反馈",
]


@pytest.fixture
def write(tmp_path):
    def make(*rows, encoding="utf-8-sig"):
        path = tmp_path / "complaints.csv"
        path.write_bytes((HEAD + "\n".join(rows)).encode(encoding))
        return path

    return make


def bring_in(path, *more):
    call_command("import_complaints", str(path), "--store", "north", *more)


def test_rows_become_closed_cases_without_clocks(store, write, capsys):
    bring_in(write(*GOOD))

    assert "3 brought in, 0 known already, 0 with errors." in capsys.readouterr().out
    first, second, third = Case.objects.order_by("opened_at", "pk")
    assert (first.words, first.state, first.close_kind, first.origin) == ("变速箱顿挫", "closed", "import", "import")
    assert (first.category, second.category, third.category) == ("product", "repair_price", "attitude")
    assert (first.imported_car, first.imported_codes, first.owner) == ("甲牌 乙系 1.5L", "B84", None)
    assert (first.first_response_due_at, first.resolution_due_at, first.next_notice_at) == (None, None, None)
    assert first.opened_at.astimezone(store.tz).isoformat() == "2020-06-05T00:00:00+08:00"
    assert "处理反馈" in first.closing_note
    drain()
    assert not Message.objects.exists()
    names = Event.objects.filter(origin="import").order_by("id").values_list("name", flat=True)
    assert list(names) == ["complaints.case_opened", "complaints.case_closed"] * 3


def test_a_second_run_makes_nothing_twice_and_brings_what_is_new(store, write, capsys):
    bring_in(write(*GOOD[:2]))
    bring_in(write(*GOOD))
    assert "1 brought in, 2 known already" in capsys.readouterr().out
    assert Case.objects.count() == 3
    bring_in(write(*GOOD), "--source", "another")
    assert Case.objects.count() == 6


def test_every_bad_row_is_named_and_harms_no_other(store, write, capsys):
    bring_in(write(GOOD[0], *BAD, GOOD[1], GOOD[1], encoding="gb18030"))
    out = capsys.readouterr().out
    for number in (3, 4, 5):
        assert f"row {number}: " in out
    assert "2 brought in, 1 known already, 3 with errors." in out


def test_a_dry_run_keeps_nothing(store, write, capsys):
    bring_in(write(*GOOD, *BAD), "--dry-run")
    assert "3 would come in, 0 known already, 3 with errors." in capsys.readouterr().out
    assert not Case.objects.exists() and not Event.objects.exists()


@pytest.mark.parametrize("how", [["--store", "nowhere"], ["--store", "north", "--map", "words=nothing"]])
def test_what_cannot_be_read_is_said(store, write, how):
    with pytest.raises(CommandError):
        call_command("import_complaints", str(write(*GOOD)), *how)
    assert not Case.objects.exists()


def test_rows_without_a_number_are_known_by_what_they_say(store):
    table = read_table("投诉日期,车牌,投诉内容,投诉类别\n2024-05-01,京A12345,没洗干净,洗车\n".encode())
    car = factories.vehicle(store, plate="京A12345")
    mapping = history.guess(table.columns)
    for created in (1, 0):
        outcome = imports.import_table(table, store=store, mapping=mapping, source="旧表", by=Actor.system("import"))
        assert outcome.created == created
    case = Case.objects.get()
    assert (case.vehicle, case.customer) == (car, car.owner)


@pytest.mark.parametrize(
    ("codes", "category"),
    [("B84", "product"), ("H1 L313", "promise_broken"), ("repair_time", "repair_time"), ("", ""), ("其它什么", "")],
)
def test_codes_become_our_categories(codes, category):
    assert history.category_of(codes) == category


def test_the_page_previews_and_the_task_brings_it_in(client_as, store):
    manager = client_as("service_manager")
    address = reverse("complaints:import")

    def upload(data):
        file = SimpleUploadedFile("c.csv", data, "text/csv")
        return manager.post(address, {"source": "平台", "file": file})

    assert upload(b"\x00\x01\x02").status_code == 422
    response = upload((HEAD + "\n".join([*GOOD, *BAD])).encode())
    run = CaseImport.objects.get()
    assert response["Location"] == reverse("complaints:import_run", args=[run.pk])
    page = manager.get(response["Location"])
    assert (page.context["total"], len(page.context["errors"])) == (6, 3)
    assert not Case.objects.exists()

    wrong = {**run.mapping, "words": ""}
    assert manager.post(response["Location"], wrong).status_code == 422
    assert manager.post(response["Location"], {**run.mapping, "look": "1"}).status_code == 200
    assert manager.post(response["Location"], run.mapping).status_code == 303
    assert manager.post(response["Location"], run.mapping).status_code == 409
    tasks.carry_out_imports()
    tasks.carry_out_imports()
    run.refresh_from_db()
    assert (run.state, run.created, run.known, len(run.errors)) == ("done", 3, 0, 3)
    assert Case.objects.count() == 3
    assert "3" in manager.get(response["Location"]).content.decode()
    with pytest.raises(DomainError):
        imports.start_import(run, mapping=run.mapping)
