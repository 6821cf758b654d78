"""The 13 elements of the e-health record per order and day."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.clock import local_day
from guarantees import domain as guarantees
from guarantees.models import HealthFile
from guarantees.queries import ehealth
from guarantees.tasks import write_health_files
from orders.models import Settlement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(make_visit, store):
    """A settled order with two items and a part each, issued today."""
    return make_visit("closed", lines=2, settled=True, need="刹车异响")


def test_every_element_is_read_from_the_settlement_list(settled, store):
    today = local_day(store.tz, settled.settlements.get().issued_at)

    (record,) = ehealth.health_records(store, today)

    assert set(record.head) == {
        "company", "vin", "plate", "arrived_on", "mileage", "settled_on", "number", "fault"
    }  # fmt: skip
    assert (record.head["company"], record.head["vin"]) == ("城北店", settled.vehicle.vin)
    assert (record.head["mileage"], record.head["fault"]) == (23_450, "刹车异响")
    assert record.head["number"] == settled.settlements.get().number
    lines = list(settled.lines.all())
    assert [(row["item"], row["hours"]) for row in record.items] == [(line.title, "1.00") for line in lines]
    assert [row["part_number"] for row in record.parts] == [line.parts.get().number for line in lines]
    assert record.missing == ()
    assert ehealth.health_records(store, today - timedelta(days=1)) == []


def test_what_is_missing_is_named(make_visit, store):
    car = factories.vehicle(store, vin="")
    visit = make_visit("closed", vehicle=car, lines=1, need="", mileage_in=None)
    line = visit.lines.get()
    settlement = visit.settlements.get()
    content = settlement.content
    content["lines"][0] |= {"hours": "0.00", "concern": ""}
    content["lines"][0]["parts"][0]["number"] = ""
    Settlement.objects.filter(pk=settlement.pk).update(content=content)

    (record,) = ehealth.health_records(store, local_day(store.tz, settlement.issued_at))

    assert record.missing == ("车辆识别代号", "送修里程", "故障描述", "维修工时", "配件编码")
    assert line.title in record.items[0]["item"]


def test_a_corrected_list_belongs_to_the_day_of_its_correction_and_files_follow(settled, store):
    day = local_day(store.tz, settled.settlements.get().issued_at)
    first = guarantees.write_day(store, day)
    assert (first.orders, first.incomplete) == (1, 0)
    made = first.made_at
    assert guarantees.write_day(store, day).made_at == made

    Settlement.objects.update(superseded_at=clock.now())
    again = guarantees.write_day(store, day)

    assert (again.pk, again.orders, json.loads(again.content)["orders"]) == (first.pk, 0, [])


def test_the_night_writes_the_days_that_are_over(settled, store):
    Settlement.objects.update(issued_at=clock.now() - timedelta(days=1, hours=1))
    write_health_files()

    assert sum(HealthFile.objects.values_list("orders", flat=True)) == 1
    assert not HealthFile.objects.filter(day=local_day(store.tz)).exists()


def test_download_as_csv_and_json_for_managers_only(settled, store, client_as):
    day = local_day(store.tz, settled.settlements.get().issued_at)
    manager = client_as("service_manager")

    answer = manager.get(reverse("guarantees:ehealth_day", args=[day, "csv"]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (rows[0], len(rows)) == ([name for _key, name in ehealth.ELEMENTS], 5)
    assert len(rows[0]) == 13
    found = manager.get(reverse("guarantees:ehealth_day", args=[day, "json"])).json()
    assert (found["store"], len(found["orders"][0]["parts"])) == ("north", 2)
    assert manager.get(reverse("guarantees:ehealth_day", args=["heute", "csv"])).status_code == 404
    assert manager.get(reverse("guarantees:ehealth_day", args=[day, "exe"])).status_code == 404
    assert client_as("advisor").get(reverse("guarantees:ehealth")).status_code == 403


def test_a_text_that_a_spreadsheet_would_calculate_is_harmless():
    assert [ehealth._cell(text) for text in ("=1+1", "@x", "刹车", None, 5)] == ["'=1+1", "'@x", "刹车", "", "5"]
