"""A call for help from the roadside to its end."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from appointments.domain import Caller
from commitments.models import Measurement
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from journal.models import Event
from journal.testing import drain
from messaging.models import Message
from rescue import domain as rescue
from rescue import queries
from rescue.models import Rescue
from visits.models import Visit

NOW = clock.now().replace(microsecond=0) + timedelta(days=1)


@pytest.fixture
def van(store):
    return rescue.set_van(store=store, plate="京AJ8888", title="福特全顺", tows=True)


@pytest.fixture
def ask(store, staff):
    """`ask(plate=...)`: a new call taken by an advisor; (job, link)."""
    advisor = staff("advisor")

    def make(plate="京A12345", **fields):
        caller = Caller(name="王强", phone="13812340000", plate=plate)
        values = {"trouble": "battery", "place": "西直门桥东", "channel": "phone", "token": uuid4(), "by": advisor}
        return rescue.request_help(store=store, caller=caller, **{**values, **fields})

    return make


@pytest.fixture
def driver(staff):
    return staff("technician", phone="13900001111")


def brought(job, driver, van, to):
    job = rescue.accept(job, driver=driver, van=van, minutes=30, by=driver)
    if to in ("departed", "arrived"):
        job = rescue.depart(job, kit=[], by=driver)
    if to == "arrived":
        job = rescue.arrive(job, by=driver)
    return job


def test_from_the_call_to_the_towed_car(store, ask, driver, van):
    with time_machine.travel(NOW, tick=False) as time:
        job, link = ask()
        assert job.visit.stage == Stage.BOOKING and len(link) == 43
        job = rescue.accept(job, driver=driver, van=van, minutes=30, by=driver)
        kit = list(queries.kit_for("battery").values_list("pk", flat=True))
        job = rescue.depart(job, kit=kit[1:], by=driver)
        time.shift(timedelta(minutes=29))
        job = rescue.arrive(job, by=driver)
        job = rescue.finish(job, towed=True, outcome="发电机坏，拖回", by=driver)
        drain()
    names = [event.name for event in Event.objects.filter(subject_kind="rescue.rescue").order_by("id")]
    assert names == [f"rescue.{step}" for step in ("requested", "accepted", "departed", "arrived", "ended")]
    data = {event.name: event.data for event in Event.objects.filter(subject_kind="rescue.rescue")}
    assert data["rescue.departed"]["kit_missing"] == 1
    assert data["rescue.arrived"] == {"minutes": 29, "eta_kept": True}
    visit = Visit.objects.get(pk=job.visit_id)
    assert visit.stage == Stage.BOOKING and visit.due_in_at  # reception expects it
    measured = Measurement.objects.get(code="rescue_60min")
    assert (measured.state, measured.visit_id) == ("kept", visit.pk)
    templates = set(Message.objects.filter(visit_ref=visit.pk).values_list("template", flat=True))
    assert templates == {"rescue_received", "rescue_on_way"}


def test_an_hour_and_a_minute_breaks_the_promise(ask, driver, van):
    with time_machine.travel(NOW, tick=False) as time:
        job = brought(ask()[0], driver, van, "departed")
        time.shift(timedelta(minutes=61))
        rescue.arrive(job, by=driver)
        drain()
    assert Measurement.objects.get(code="rescue_60min").state == "broken"


def test_called_off_is_not_counted_and_ends_the_visit(ask, staff):
    job, _link = ask()
    rescue.call_off(job, reason="自己打着了", by=staff("booking_desk"))
    drain()
    assert Visit.objects.get(pk=job.visit_id).stage == Stage.CANCELLED
    assert Measurement.objects.get(code="rescue_60min").state == "excluded"


def test_fixed_on_the_spot_ends_the_visit_unless_the_car_comes_in(ask, driver, van):
    job = brought(ask()[0], driver, van, "arrived")
    rescue.finish(job, towed=False, outcome="搭电启动", by=driver)
    assert Visit.objects.get(pk=job.visit_id).stage == Stage.CANCELLED
    job = brought(ask("京B12345")[0], driver, van, "arrived")
    rescue.finish(job, towed=False, comes_in=True, outcome="换备胎", by=driver)
    assert Visit.objects.get(pk=job.visit_id).stage == Stage.BOOKING


def test_the_same_form_twice_is_one_call(ask):
    token = uuid4()
    first, link = ask(token=token)
    assert ask(token=token) == (first, "") and link
    assert Rescue.objects.count() == Message.objects.count() == 1


def test_driver_and_van_are_in_one_place(ask, driver, van, staff, store):
    brought(ask()[0], driver, van, "departed")
    other = ask("京B12345")[0]
    with pytest.raises(DomainError):
        rescue.accept(other, driver=driver, van=van, minutes=30, by=driver)
    with pytest.raises(DomainError, match="京AJ8888"):
        rescue.accept(other, driver=staff("technician"), van=van, minutes=30, by=driver)
    # Accepted before the other one left: the database refuses the second departure.
    second_van = rescue.set_van(store=store, plate="京AJ9999", title="皮卡", tows=False)
    late = staff("technician")
    a = rescue.accept(other, driver=late, van=second_van, minutes=30, by=driver)
    b = rescue.accept(ask("京C12345")[0], driver=late, van=second_van, minutes=60, by=driver)
    rescue.depart(a, kit=[], by=late)
    with pytest.raises(Conflict):
        rescue.depart(b, kit=[], by=late)


@pytest.mark.parametrize(
    ("act", "refused"),
    [
        (lambda job, driver, van, other: rescue.arrive(job, by=driver), Conflict),
        (lambda job, driver, van, other: rescue.finish(job, towed=False, outcome="x", by=driver), Conflict),
        (lambda job, driver, van, other: rescue.accept(job, driver=driver, van=van, minutes=0, by=driver), DomainError),
        (lambda job, driver, van, other: rescue.depart(job, kit=[], by=other), NotAllowed),
        (lambda job, driver, van, other: rescue.depart(job, kit=[], by=driver, version=1), Conflict),
    ],
)
def test_no_step_out_of_turn(ask, driver, van, staff, act, refused):
    job = rescue.accept(ask()[0], driver=driver, van=van, minutes=30, by=driver)
    with pytest.raises(refused):
        act(job, driver, van, staff("technician"))
    assert Rescue.objects.get(pk=job.pk).state == "accepted"


def test_a_van_that_cannot_tow_tows_nothing(ask, driver, store):
    van = rescue.set_van(store=store, plate="京AJ9999", title="面包车", tows=False)
    job = brought(ask()[0], driver, van, "arrived")
    with pytest.raises(DomainError, match="京AJ9999"):
        rescue.finish(job, towed=True, outcome="拖回", by=driver)


def test_a_position_is_sent_once_by_the_link_and_forgotten_at_the_end(ask, driver, van, client):
    job, link = ask()
    page = reverse("portal:rescue", args=[link])
    token = client.get(page).context["write_token"]
    sent = {"latitude": "39.940512", "longitude": "116.355611", "write_token": token}
    assert client.post(page, {**sent, "latitude": "91"}).status_code == 422
    assert client.post(page, sent).status_code == 303
    job.refresh_from_db()
    assert str(job.latitude) == "39.940512" and job.located_at
    assert client.post(page, {**sent, "latitude": "0"}).status_code == 409  # used up
    assert client.post(page, {**sent, "write_token": "x"}).status_code in (409, 410)
    rescue.finish(brought(job, driver, van, "arrived"), towed=False, outcome="搭电启动", by=driver)
    job.refresh_from_db()
    assert (job.latitude, job.longitude, job.located_at) == (None, None, None)
    assert "write_token" not in client.get(page).context
    written = " ".join(str(event.data) for event in Event.objects.all())
    assert "39.94" not in written and "西直门" not in written


def test_the_public_form_answers_the_same_to_everybody(store, ask, client):
    ask()  # this phone is known now
    page = reverse("portal:rescue_call", args=[store.code])
    data = {"place": "G6 出京 20 公里", "trouble": "tyre", "name": "王强", "phone": "13812340000", "plate": "京A12345"}
    known = client.post(page, data | {"token": uuid4()})
    unknown = client.post(page, data | {"token": uuid4(), "phone": "13700000000", "plate": "京C99999"})
    assert known.status_code == unknown.status_code == 303
    refused = client.post(page, data | {"token": uuid4(), "place": ""})
    assert refused.status_code == 422 and "13812340000" in refused.content.decode()
    answers = [client.post(page, data | {"token": uuid4()}).status_code for _ in range(6)]
    assert answers[-1] == 429


def test_whoever_is_on_duty_is_named_at_night(store, driver, client):
    at = NOW.replace(hour=18)  # 2 o'clock in the morning
    rescue.set_duty(staff=driver, start=at, end=at + timedelta(hours=6), phone="13988887777")
    with pytest.raises(Conflict):
        rescue.set_duty(staff=driver, start=at + timedelta(hours=5), end=at + timedelta(hours=9), phone="13988887777")
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        assert "13988887777" in client.get(reverse("portal:rescue_call", args=[store.code])).content.decode()
        assert queries.drivers()[0] == driver
