"""What a tablet sends: once, however often it arrives, whatever its clock says."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import clock
from core.errors import Conflict, DomainError
from journal.models import Event
from reception import domain as reception
from reception import rules
from reception.domain import Parcel, PhotoInput
from reception.models import CheckIn, DamageMark, Delivery
from visits.models import Photo, Visit

MARK = {"zone": "boot", "kind": "scratch", "x": 50, "y": 79, "note": ""}


@pytest.fixture
def counter(client_as, advisor):
    return client_as(advisor)


def send(counter, visit, upload, token, **more):
    data = {"kind": "damage", "photos": upload, "token": token, **more}
    return counter.post(reverse("reception:send_photo", args=[visit.pk]), data)


def test_the_same_parcel_writes_one_sheet(arrived, sheet):
    parcel = Parcel(uuid4(), digest="a")
    made = reception.check_in(arrived, **sheet(parcel=parcel, needs=[("fault", "异响")], version=arrived.version))
    version = Visit.objects.get().version

    again = reception.check_in(arrived, **sheet(parcel=parcel, needs=[("fault", "异响")], version=arrived.version))

    assert (again, Visit.objects.get().version, arrived.needs.count()) == (made, version, 1)
    assert Event.objects.filter(name="reception.checked_in").count() == 1


def test_another_sheet_under_the_same_number_is_not_swallowed(arrived, sheet):
    token = uuid4()
    reception.check_in(arrived, **sheet(parcel=Parcel(token, digest="a")))

    with pytest.raises(Conflict):
        reception.check_in(arrived, **sheet(parcel=Parcel(token, digest="b"), mileage=30_000))
    assert Visit.objects.get().mileage_in == 23_456


@pytest.mark.parametrize(("kept", "minutes"), [(0, 30), (600, 20), (10**9, 0), (-50, 30)])
def test_a_sheet_was_written_when_it_was_written_whatever_the_tablets_clock_says(arrived, sheet, kept, minutes):
    with time_machine.travel(arrived.arrived_at + timedelta(minutes=30), tick=False):
        made = reception.check_in(arrived, **sheet(parcel=Parcel(uuid4(), kept_seconds=kept)))

    assert made.completed_at - arrived.arrived_at == timedelta(minutes=minutes)


@pytest.mark.parametrize("said", ["", "-5", "1e9", "12:30", "9" * 40])
def test_a_tablet_that_says_nonsense_about_time_is_served(counter, arrived, picture, said):
    answer = send(counter, arrived, picture(), uuid4(), kept_seconds=said)

    assert (answer.status_code, answer.json()["state"]) == (200, "kept")


def test_a_picture_sent_twice_is_one_picture_and_finds_its_mark_before_or_after_the_sheet(
    counter, arrived, sheet, picture
):
    first, second = uuid4(), uuid4()
    answers = [send(counter, arrived, picture(), first).json() for _ in range(2)]
    reception.check_in(arrived, **sheet(marks=[{**MARK, "photo": first}, {**MARK, "zone": "roof", "photo": second}]))
    late = send(counter, arrived, picture(), second).json()

    assert answers[0] == answers[1]
    photos = dict(Delivery.objects.values_list("token", "photo_id"))
    assert dict(DamageMark.objects.values_list("zone", "photo_id")) == {"boot": photos[first], "roof": photos[second]}
    assert (late["state"], Photo.objects.count()) == ("kept", 2)


def test_what_is_no_picture_or_too_large_is_refused_with_a_sentence(counter, arrived):
    no_picture = SimpleUploadedFile("x.jpg", b"%PDF-1.4", content_type="image/jpeg")
    huge = SimpleUploadedFile("50mb.jpg", b"\xff\xd8" + b"0" * (50 * 1024 * 1024), content_type="image/jpeg")

    answers = [send(counter, arrived, upload, uuid4()) for upload in (no_picture, huge)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert [answer.json()["state"] for answer in answers] == ["invalid", "invalid"]
    assert "50mb.jpg" in answers[1].json()["text"]
    assert (Photo.objects.count(), Delivery.objects.count()) == (0, 0)


def test_a_picture_that_waited_on_the_tablet_is_taken_while_the_car_is_here(make_visit, advisor, picture):
    visit = make_visit("repair")
    with pytest.raises(Conflict):
        reception.add_photos(visit, photos=[PhotoInput(picture(), parcel=Parcel(uuid4()))], by=advisor)

    parcel = Parcel(uuid4(), kept_seconds=1200)
    [photo] = reception.add_photos(visit, photos=[PhotoInput(picture(), parcel=parcel)], by=advisor)

    assert Event.objects.get(name="reception.photo_came_late").data == {"photo_id": photo.pk, "kept_minutes": 20}
    gone = make_visit("closed")
    with pytest.raises(Conflict):
        reception.add_photos(gone, photos=[PhotoInput(picture(), parcel=Parcel(uuid4(), kept_seconds=9))], by=advisor)


def test_a_parcel_belongs_to_one_store_and_needs_the_right(arrived, client_as, client, other_store, picture):
    url = reverse("reception:send_photo", args=[arrived.pk])
    assert client.post(url).status_code == 302
    assert client_as("technician").post(url).status_code == 403


@pytest.mark.parametrize(
    ("powertrain", "fields"),
    [
        ("petrol", {"fuel_percent": "油量（%）"}),
        ("electric", {"fuel_percent": "电量（%）", "high_voltage_warning": "仪表显示高压或绝缘报警"}),
        (
            "plug_in",
            {
                "fuel_percent": "油量（%）",
                "charge_percent": "电量（%）",
                "high_voltage_warning": "仪表显示高压或绝缘报警",
            },
        ),
    ],
)
def test_the_sheet_asks_what_the_car_has(powertrain, fields):
    from reception.forms import CheckInForm

    form = CheckInForm(powertrain=powertrain)
    asked = {name for name in ("fuel_percent", "charge_percent", "high_voltage_warning") if name in form.fields}
    assert {name: str(form.fields[name].label) for name in asked} == fields


def test_only_questions_that_matter_are_asked():
    codes = {q.code for q in rules.questions_for("空调不冷")}
    assert codes == {"since", "often", "warmth", "weather", "repaired"}
    assert {q.code for q in rules.questions_for("想保养")} == {"since", "often", "repaired"}
    assert "charger" in {q.code for q in rules.questions_for("快充充不进电")}


def test_answers_are_kept_and_read_out_and_unknown_ones_refused(arrived, sheet):
    made = reception.check_in(arrived, **sheet(concern={"warmth": "cold", "speed": ""}))
    assert rules.said(CheckIn.objects.get(pk=made.pk).concern) == [("冷车还是热车", "冷车")]
    with pytest.raises(DomainError):
        reception.check_in(arrived, **sheet(concern={"warmth": "blue"}))


def test_work_under_guarantee_that_sounds_like_his_words_is_a_suspected_comeback(make_visit, arrived):
    from reception import queries
    from tests import factories
    from visits import domain as visits

    earlier = make_visit("closed", vehicle=arrived.vehicle, customer=arrived.customer, lines=0)
    earlier.released_at = clock.now() - timedelta(days=5)
    earlier.save(update_fields=["released_at"])
    factories.order(earlier)
    done = {"origin": "import", "consent_state": "approved", "work": "done", "work_done_at": earlier.released_at}
    brakes = factories.line(earlier, title="更换制动摩擦片", **done)
    factories.line(earlier, title="更换空调滤芯", **done)
    visits.add_need(arrived, kind="fault", words="刹车又响了", by=arrived.advisor)

    about = queries.about(arrived)

    assert ([line.pk for line in about.comebacks], len(about.under_guarantee)) == ([brakes.pk], 2)
    type(earlier).objects.filter(pk=earlier.pk).update(released_at=clock.now() - timedelta(days=11))
    assert queries.about(arrived).under_guarantee == []
