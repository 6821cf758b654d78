"""The traffic-light inspection: colours from limits, and one tap to the added item."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from inspections import domain as inspections
from inspections import queries, rules
from inspections.models import Light
from orders import domain as orders
from orders.choices import ConsentState, LineOrigin, Risk
from standards import queries as standards
from standards.choices import ChecklistUse, ItemKind
from standards.models import ChecklistItem
from tests import factories
from tests.pictures import jpeg

pytestmark = pytest.mark.django_db


def item(zh: str) -> ChecklistItem:
    return standards.in_force(ChecklistUse.LIGHTS).items.get(name_zh=zh)


@pytest.mark.parametrize(
    ("name", "value", "colour"),
    [
        ("前制动片厚度", "5", "ok"),  # the limit itself is inside
        ("前制动片厚度", "4.9", "warn"),
        ("前制动片厚度", "3", "warn"),
        ("前制动片厚度", "2.9", "fail"),
        ("左前胎纹深度", "1.6", "warn"),
        ("左前胎纹深度", "1.5", "fail"),
        ("制动液含水量", "2", "ok"),
        ("制动液含水量", "2.5", "warn"),
        ("制动液含水量", "3.1", "fail"),
        ("冷却液冰点", "-30", "ok"),
        ("冷却液冰点", "-20", "warn"),
        ("冷却液冰点", "-10", "fail"),
    ],
)
def test_a_measured_value_has_its_own_colour(store, name, value, colour):
    assert rules.light_of(item(name), Decimal(value)) == colour


def test_what_is_filled_is_kept_coloured_and_cannot_be_called_better(store, make_visit, staff):
    visit, technician = make_visit(Stage.REPAIR), staff("technician")
    pads, wipers = item("前制动片厚度"), item("雨刮片")

    run = inspections.save_lights(
        visit,
        results={pads.pk: {"value": Decimal("2.5")}, wipers.pk: {"state": "warn", "note": "有水痕"}},
        by=technician,
    )

    assert queries.light_counts(run) == {"ok": 0, "warn": 1, "fail": 1}
    assert [(row.item.name_zh, row.state, row.value) for row in queries.lights(run)] == [
        ("前制动片厚度", "fail", Decimal("2.50")),
        ("雨刮片", "warn", None),
    ]
    with pytest.raises(DomainError):
        inspections.save_lights(visit, results={pads.pk: {"value": Decimal("4"), "state": "ok"}}, by=technician)
    with pytest.raises(DomainError, match=r"后制动片厚度|Rear"):
        inspections.save_lights(visit, results={}, by=technician, finish=True)
    with pytest.raises(NotAllowed):
        inspections.save_lights(visit, results={}, by=staff("washer"))


def test_one_tap_proposes_the_operation_with_value_and_picture_once(store, make_visit, staff):
    visit, technician = make_visit(Stage.REPAIR, lines=1), staff("technician")
    pads = item("前制动片厚度")
    run = inspections.save_lights(
        visit, results={pads.pk: {"value": Decimal("2.5")}}, photos={pads.pk: jpeg()}, by=technician
    )
    result = run.results.get(item=pads)

    line = inspections.propose_light(result, by=technician)

    assert (line.operation.code, line.risk, line.origin) == ("Z001", Risk.SAFETY, LineOrigin.ADDED)
    assert line.consent_state == ConsentState.DRAFT and "2.5 mm" in line.concern and "≥ 3" in line.concern
    assert (line.measured, line.measured_unit, line.measured_low, line.in_range) == (Decimal("2.5"), "mm", 5, False)
    assert line.replace_reason == ""
    assert line.photos.get().photo == Light.objects.get().photo
    assert inspections.propose_light(result, by=technician) == line
    assert visit.lines.count() == 2
    # What the customer is told does not change behind his back.
    inspections.save_lights(visit, results={pads.pk: {"value": Decimal("9")}}, by=technician)
    result.refresh_from_db()
    assert result.value == Decimal("2.50")


def test_what_is_called_worse_than_it_reads_needs_a_reason_before_the_customer_is_asked(store, make_visit, staff):
    technician, pads = staff("technician"), item("前制动片厚度")
    pads.operation.parts.create(part=factories.part(store), quantity=1, store=store)

    def proposed(note):
        visit = make_visit(Stage.REPAIR, lines=1)
        results = {pads.pk: {"value": Decimal("6"), "state": "warn", "note": note}}
        run = inspections.save_lights(visit, results=results, by=technician)
        return inspections.propose_light(run.results.get(), by=technician)

    bare, told = proposed(""), proposed("偏磨，内侧已到铆钉")

    assert (bare.in_range, bare.replace_reason) == (True, "")
    assert told.replace_reason == "偏磨，内侧已到铆钉"
    with pytest.raises(DomainError):
        orders.ask_by_link(bare.visit, by=bare.visit.advisor)
    orders.ask_by_link(told.visit, by=told.visit.advisor)


def test_green_is_not_proposed_and_a_car_that_left_the_workshop_is_not_looked_at(store, make_visit, staff):
    visit, technician = make_visit(Stage.REPAIR, lines=1), staff("technician")
    tyre = item("左前胎纹深度")
    run = inspections.save_lights(visit, results={tyre.pk: {"value": Decimal("6")}}, by=technician)
    with pytest.raises(DomainError):
        inspections.propose_light(run.results.get(), by=technician)
    for stage in (Stage.WASH, Stage.BOOKING):
        with pytest.raises(Conflict):
            inspections.save_lights(make_visit(stage), results={}, by=technician)


def test_the_page_measures_finishes_and_proposes(store, make_visit, client_as):
    visit, browser = make_visit(Stage.REPAIR, lines=1), client_as("technician")
    url = reverse("inspections:lights", args=[visit.pk])
    checklist = standards.in_force(ChecklistUse.LIGHTS)
    data = {"list-checklist": checklist.pk, "finish": "yes"}
    for row in checklist.items.filter(required=True):
        name = f"list-checks-{row.pk}"
        data |= {f"{name}-value": "2.0"} if row.kind == ItemKind.VALUE else {f"{name}-state": "ok"}
    voltage = checklist.items.get(unit="V")
    refused = browser.post(url, {**data, f"list-checks-{voltage.pk}-value": "viel"})
    assert refused.status_code == 422

    answer = browser.post(url, {**data, f"list-checks-{voltage.pk}-value": "12.6"})

    assert (answer.status_code, answer["Location"]) == (303, f"{url}#found")
    page = browser.get(url)
    # 2 mm: pads red, tread yellow.
    assert page.context["counts"] == {"ok": 2, "warn": 4, "fail": 2}
    assert browser.post(url, data).status_code == 409
    result = page.context["found"][0]
    tapped = browser.post(reverse("inspections:propose_light", args=[result.pk]))
    assert tapped.status_code == 303
    assert visit.lines.get(origin="added").operation.code == "Z001"
