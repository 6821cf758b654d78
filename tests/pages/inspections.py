"""Pages of `inspections`."""

from __future__ import annotations

from core import clock
from inspections import domain as inspections
from inspections.models import Certificate
from standards import queries as lists
from tests import factories
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import at, of, read
from tests.visits_at_stage import Maker


def level(maker: Maker) -> Target:
    visit = maker("inspection")
    return Target({"visit_pk": visit.pk, "level": 1}, who=maker.person("technician"), words={"plate": read(visit)})


def certified(maker: Maker) -> Target:
    visit = maker("wash")
    Certificate.objects.create(
        store=maker.store,
        visit=visit,
        number=f"HG{factories.number()}",
        inspector=maker.person("inspector"),
        mileage=23_456,
        issued_at=clock.now(),
    )
    return of(visit)


def washing(maker: Maker) -> Target:
    visit = maker("wash")
    inspections.start_wash(visit, by=maker.person("washer"))
    return of(visit)


def washed_untold(maker: Maker) -> Target:
    """Washed and checked, but no message reaches the customer."""
    visit = maker("wash", customer=factories.customer(maker.store, phone=""))
    inspections.waive_wash(visit, reason="customer", by=visit.advisor)
    return of(visit, data={"how": "phone"})


def red_light(maker: Maker) -> Target:
    visit = maker("repair", lines=1)
    pads = lists.in_force("lights").items.get(name_zh="前制动片厚度")
    run = inspections.save_lights(visit, results={pads.pk: {"value": 2}}, by=maker.person("technician"))
    return Target({"pk": run.results.get().pk})


PAGES = [
    Page("inspections:queue", "inspector", heading="质检", phone=True),
    Page("inspections:inspect", "technician", level, "自检", phone=True),
    Page("inspections:begin", "technician", level, post=True, status=DONE),
    Page("inspections:lights", "technician", at("repair"), "红绿灯检查", phone=True),
    Page("inspections:propose_light", "technician", red_light, post=True, status=DONE),
    Page("inspections:print_sheet", "inspector", at("wash"), "质检单"),
    Page("inspections:print_certificate", "inspector", certified, "机动车维修竣工出厂合格证"),
    Page("inspections:wash_queue", "washer", heading="洗车", phone=True),
    Page("inspections:wash", "washer", at("wash"), "{plate} 洗车", phone=True),
    Page("inspections:start_wash", "washer", at("wash"), post=True, status=DONE),
    Page("inspections:mark_washed", "washer", washing, post=True, status=DONE),
    Page(
        "inspections:waive_wash",
        "advisor",
        lambda make: of(make("wash"), data={"reason": "customer"}),
        post=True,
        status=DONE,
    ),
    Page("inspections:tell_ready", "advisor", washed_untold, post=True, status=DONE),
]
