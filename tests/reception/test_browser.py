"""The counter's tablet: taken in with a tap, photographed, walked around, signed with a finger."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.stages import Stage
from orders import domain as orders
from reception import domain as reception
from reception.models import CheckIn
from tests import accessibility, factories
from tests.appointments.test_browser import sign_in
from visits.models import Photo, Signature

TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}


@pytest.fixture
def house(live_server, store):
    """The store, committed where the server sees it."""
    return store


@pytest.fixture
def tablet(browser, browser_context_args):
    context = browser.new_context(**{**browser_context_args, **TABLET})
    yield context.new_page()
    context.close()


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(out, "JPEG")
    return out.getvalue()


def test_a_car_is_walked_around_and_signed_for(tablet, live_server, house):
    page = tablet
    advisor = factories.staff(house, "advisor", name="王芳")
    car = factories.vehicle(house)
    visit = reception.walk_in(store=house, customer=car.owner, vehicle=car, advisor=advisor, by=advisor)
    sign_in(page, live_server, advisor)

    page.goto(f"{live_server.url}/reception/{visit.pk}/")
    assert accessibility.serious(page) == []
    page.fill("#id_fault", "冷车异响")
    files = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture(c)} for n, c in enumerate(("red", "blue"))
    ]
    page.set_input_files("#photos-around", files)
    page.wait_for_selector("#photos .photo-grid a img >> nth=1")
    assert Photo.objects.filter(visit=visit).count() == 2
    assert page.input_value("#id_fault") == "冷车异响"  # photos come and go beside the sheet
    page.set_input_files("#photos-damage", [{"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}])
    page.wait_for_selector(".photo-problem")
    assert Photo.objects.filter(visit=visit).count() == 2

    page.locator("[data-zone=boot]").tap()
    page.locator("[data-zone=hood]").press("Enter")
    page.fill("#id_mileage", "23456")
    page.fill("#id_fuel_percent", "50")
    for row in page.locator(".check").all():
        if row.locator("input[value=ok]").count():
            row.locator("input[value=ok]").check(force=True)
        measured = row.locator("[data-low]")
        if measured.count():
            measured.fill(measured.get_attribute("data-low"))
    page.check("#id_valuables_reminded")
    page.get_by_role("button", name="保存接车单").tap()
    page.wait_for_url("**/orders/**")
    sheet = CheckIn.objects.get()
    assert {mark.zone for mark in sheet.marks.all()} == {"boot", "hood"}

    orders.add_line(visit, by=advisor, title="更换机油", hours=1, hour_rate=180)
    page.goto(f"{live_server.url}/reception/{visit.pk}/sign/")
    assert accessibility.serious(page) == []
    page.locator(".signature-canvas").scroll_into_view_if_needed()
    box = page.locator(".signature-canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 40 + 20 * step, box["y"] + 40 + (30 if step % 2 else 0))
    page.mouse.up()
    page.get_by_role("button", name="同意并签字").tap()
    page.wait_for_selector(".steps")  # the visit's page

    visit.refresh_from_db()
    signature = Signature.objects.get()
    assert visit.stage == Stage.REPAIR
    assert signature.strokes
    assert signature.image
    assert visit.promised_at is not None
