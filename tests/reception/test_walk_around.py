"""The walk-around sheet."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine

from core.errors import Conflict, DomainError
from customers.models import OdometerReading
from journal.models import Event
from orders.models import RepairOrder
from reception import domain as reception
from reception.domain import PhotoInput
from reception.models import CheckIn, DamageMark
from standards.models import ChecklistRun
from tests.reception.conftest import png_header
from visits.models import Photo, Visit

MARKS = [
    {"zone": "left_front", "kind": "scratch", "x": 19, "y": "37.126", "note": "  旧伤  "},
    {"zone": "roof", "kind": "dent", "x": None, "y": None, "note": ""},
]


def test_the_sheet_keeps_what_was_seen_and_said(arrived, sheet, at):
    with time_machine.travel(at("10:22"), tick=False):
        made = reception.check_in(
            arrived,
            **sheet(
                marks=MARKS,
                needs=[("fault", "冷车异响"), ("question", " ")],
                valuables="墨镜一副",
                wash="outside",
                waiting=True,
                covers_laid=True,
                brought_by="李四",
                brought_by_phone="139 0000 3333",
                old_parts="leave",
                version=arrived.version,
            ),
        )

    visit = Visit.objects.get()
    assert (made.fuel_percent, made.wash, made.valuables, made.covers_laid) == (50, "outside", "墨镜一副", True)
    assert (made.brought_by, made.brought_by_phone) == ("李四", "13900003333")
    assert (made.greeted_at, made.completed_at) == (visit.arrived_at, at("10:22"))
    assert list(made.marks.order_by("id").values_list("zone", "kind", "x", "y", "note")) == [
        ("left_front", "scratch", Decimal("19.00"), Decimal("37.13"), "旧伤"),
        ("roof", "dent", None, None, ""),
    ]
    assert made.run.completed_at is not None
    assert (visit.mileage_in, visit.waiting) == (23_456, True)
    assert visit.version > arrived.version
    assert list(visit.needs.values_list("kind", "words")) == [("fault", "冷车异响")]
    assert RepairOrder.objects.get().old_parts == "leave"
    assert OdometerReading.objects.get().km == 23_456
    data = Event.objects.get(name="reception.checked_in").data
    assert (data["mileage"], data["marks"], data["minutes"], data["again"]) == (23_456, 2, 12, False)


def test_a_mileage_below_the_last_one_needs_its_reason(arrived, sheet, car):
    car.mileage, car.mileage_on = 30_000, arrived.arrived_at.date()
    car.save()

    with pytest.raises(DomainError) as refused:
        reception.check_in(arrived, **sheet())
    assert refused.value.code == "backwards"
    assert "30,000" in str(refused.value)
    assert CheckIn.objects.count() == ChecklistRun.objects.count() == OdometerReading.objects.count() == 0

    reception.check_in(arrived, **sheet(mileage_reason="更换仪表"))
    assert OdometerReading.objects.get().reason == "更换仪表"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"mileage": 1_000_000}, "range"),
        ({"mileage": -1}, "range"),
        ({"fuel_percent": 101}, "fuel"),
        ({"marks": [{"zone": "moon", "kind": "dent"}]}, "mark"),
        ({"marks": [{"zone": "roof", "kind": "dent", "x": 101, "y": 5}]}, "mark"),
        ({"results": {}}, "missing"),
        ({"results": {999_999: {"state": "ok"}}}, "items_changed"),
        ({"photos": [PhotoInput(b"GIF89a not a picture")]}, "not_a_picture"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_written(arrived, sheet, wrong, code):
    with pytest.raises(DomainError) as refused:
        reception.check_in(arrived, **sheet(needs=[("fault", "异响")], **wrong))

    assert refused.value.code == code
    visit = Visit.objects.get()
    assert (visit.version, visit.mileage_in, visit.needs.count()) == (arrived.version, None, 0)
    assert [m.objects.count() for m in (CheckIn, DamageMark, Photo, OdometerReading, ChecklistRun)] == [0] * 5
    assert Event.objects.filter(name__startswith="reception.").count() == 0


def test_a_sheet_is_corrected_while_the_car_stands_at_reception(arrived, sheet):
    reception.check_in(arrived, **sheet(marks=MARKS))
    reception.check_in(arrived, **sheet(fuel_percent=75, marks=MARKS[:1]))

    made = CheckIn.objects.get()
    assert (made.fuel_percent, made.marks.count()) == (75, 1)
    assert made.run.round == 2
    assert ChecklistRun.objects.filter(completed_at=None).count() == 0
    assert OdometerReading.objects.count() == 1  # the same figure is read once
    assert [e.data["again"] for e in Event.objects.filter(name="reception.checked_in").order_by("id")] == [False, True]


def test_the_same_form_twice_is_stale_the_second_time(arrived, sheet):
    version = arrived.version
    reception.check_in(arrived, **sheet(needs=[("fault", "异响")], version=version))

    for _ in range(2):
        with pytest.raises(Conflict):
            reception.check_in(arrived, **sheet(needs=[("fault", "异响")], version=version))
    assert Visit.objects.get().needs.count() == 1


@pytest.mark.parametrize("stage", ["booking", "repair", "closed", "cancelled"])
def test_a_sheet_belongs_to_reception(make_visit, sheet, stage):
    visit = make_visit(stage)
    before = CheckIn.objects.count()

    with pytest.raises(Conflict):
        reception.check_in(visit, **sheet())
    assert CheckIn.objects.count() == before


def test_photos_are_kept_all_or_none(arrived, advisor, picture):
    good = [PhotoInput(picture()), PhotoInput(picture(), "damage", "左前门")]
    reception.add_photos(arrived, photos=good, by=advisor)
    assert list(Photo.objects.values_list("kind", "caption")) == [("walk_around", ""), ("damage", "左前门")]

    with pytest.raises(DomainError):
        reception.add_photos(arrived, photos=[PhotoInput(picture()), PhotoInput(b"%PDF-1.7")], by=advisor)
    assert Photo.objects.count() == 2


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(12_000, 9_000), (50_000, 50_000)])  # 108 megapixels and 2,500
def test_a_picture_bomb_is_refused(arrived, advisor, size):
    with pytest.raises(DomainError) as refused:
        reception.add_photos(arrived, photos=[PhotoInput(png_header(*size))], by=advisor)

    assert refused.value.code == "not_a_picture"
    assert Photo.objects.count() == 0
