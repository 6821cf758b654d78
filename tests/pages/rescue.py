"""Help on the road."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from appointments.domain import Caller
from core import clock
from rescue import domain as rescue
from rescue.models import Rescue
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import of
from tests.visits_at_stage import Maker


def call_for_help(maker: Maker, to: str = "requested") -> Rescue:
    """A call for help, brought as far as `to`."""
    car = maker("closed").vehicle
    caller = Caller(name=car.owner.name, phone=car.owner.phone, plate=car.plate)
    asked = {"trouble": "tyre", "place": "京港澳高速 K58", "channel": "phone", "token": uuid4()}
    job, _link = rescue.request_help(store=maker.store, caller=caller, by=maker.person("advisor"), **asked)
    driver = maker.person("technician")
    if to != "requested":
        van = rescue.set_van(store=maker.store, plate="京AJ8888", title="福特全顺", tows=True)
        job = rescue.accept(job, driver=driver, van=van, minutes=30, by=driver)
    if to in ("departed", "arrived"):
        job = rescue.depart(job, kit=[], by=driver)
    if to == "arrived":
        job = rescue.arrive(job, by=driver)
    return job


def help_at(to: str, **data) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        job = call_for_help(maker, to)
        return Target({"pk": job.pk}, data={"version": job.version, **data}, words=of(job.visit).words)

    return make


def to_be_accepted(maker: Maker) -> Target:
    target = help_at("requested", minutes=30)(maker)
    van = rescue.set_van(store=maker.store, plate="京AJ8888", title="福特全顺", tows=True)
    return replace(target, data=target.data | {"driver": maker.person("technician").pk, "van": van.pk})


def duty(maker: Maker) -> Target:
    now = clock.now()
    row = rescue.set_duty(
        staff=maker.person("technician"), start=now, end=now + timedelta(hours=8), phone="13800000000"
    )
    return Target({"pk": row.pk})


PAGES = [
    Page("rescue:jobs", "technician", heading="道路救援", colleague_role="washer", phone=True),
    Page("rescue:take", "advisor", heading="救援来电", colleague_role="washer"),
    Page("rescue:job", "technician", help_at("accepted"), "{plate} 救援", colleague_role="washer", phone=True),
    Page("rescue:accept", "controller", to_be_accepted, post=True, status=DONE, colleague_role="washer"),
    Page("rescue:depart", "advisor", help_at("accepted"), post=True, status=DONE, colleague_role="washer"),
    Page("rescue:arrive", "advisor", help_at("departed"), post=True, status=DONE, colleague_role="washer"),
    Page(
        "rescue:finish", "advisor", help_at("arrived", outcome="补胎"), post=True, status=DONE, colleague_role="washer"
    ),
    Page(
        "rescue:call_off",
        "advisor",
        help_at("requested", reason="自己修好了"),
        post=True,
        status=DONE,
        colleague_role="washer",
    ),
    Page("rescue:roster", "service_manager", heading="值班表与救援车"),
    Page("rescue:end_duty", "service_manager", duty, post=True, status=DONE),
    Page(
        "rescue:set_van",
        "service_manager",
        lambda maker: Target(data={"plate": "京AJ8888", "title": "福特全顺"}),
        post=True,
        status=DONE,
    ),
]
