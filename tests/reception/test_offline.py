"""The tablet loses its connection: what was entered stays on it, survives a reload, and arrives once."""

from __future__ import annotations

import pytest

from reception import domain as reception
from reception.models import CheckIn, Delivery
from tests import accessibility, factories
from tests.appointments.test_browser import sign_in
from tests.reception.test_browser import TABLET, house, picture, tablet  # noqa: F401 - fixtures
from visits.models import Photo, Visit


@pytest.fixture
def counter(tablet, live_server, house):  # noqa: F811
    """The sheet of a car at reception, open on the tablet, which keeps its pages by now."""
    advisor = factories.staff(house, "advisor", name="王芳")
    car = factories.vehicle(house, plate="京B12345")
    visit = reception.walk_in(store=house, customer=car.owner, vehicle=car, advisor=advisor, by=advisor)
    sign_in(tablet, live_server, advisor)
    open_sheet(tablet, live_server, visit)
    tablet.wait_for_selector("html[data-kept]")
    return tablet, visit, advisor


def open_sheet(page, live_server, visit):
    page.goto(f"{live_server.url}/reception/{visit.pk}/")
    page.wait_for_selector("#sheet-form[data-ready]")


def fill(page, *, mileage="23456"):
    page.fill("#id_fault", "冷车异响")
    page.fill("#id_mileage", mileage)
    page.fill("#id_fuel_percent", "50")
    for row in page.locator(".check").all():
        if row.locator("input[value=ok]").count():
            row.locator("input[value=ok]").check(force=True)
        measured = row.locator("[data-low]")
        if measured.count():
            measured.fill(measured.get_attribute("data-low"))
    page.check("#id_valuables_reminded")


def keep(page):
    page.locator("#sheet-form button[type=submit]").click()


def photos(page, selector, *colours):
    files = [{"name": f"{c}.jpg", "mimeType": "image/jpeg", "buffer": picture(c)} for c in colours]
    page.set_input_files(selector, files)


def test_a_sheet_written_without_connection_arrives_once(counter, live_server):
    page, visit, _advisor = counter
    assert page.locator(".concern:visible").count() == 0
    page.context.set_offline(True)

    fill(page)
    assert page.locator(".concern:visible").count() > 3  # a noise: what matters for it is asked
    page.locator("[name=concern_warmth][value=cold]").check(force=True)
    page.locator("[data-zone=boot]").tap()
    photos(page, ".damage-row input[type=file]", "green")
    photos(page, "#photos-around", "red", "blue")
    page.wait_for_selector("[data-pending-photos] .photo >> nth=2")
    keep(page)
    page.wait_for_selector("[data-outbox-lost]:visible")
    page.wait_for_selector("[data-kept-note].warn-text")
    assert accessibility.serious(page) == []
    assert (CheckIn.objects.count(), Photo.objects.count()) == (0, 0)

    # The tablet is put away and woken up again, still without connection.
    page.reload()
    page.wait_for_selector("#sheet-form[data-ready]")
    assert page.input_value("#id_fault") == "冷车异响"
    assert page.input_value("#id_mileage") == "23456"
    assert page.is_checked("[name=concern_warmth][value=cold]")
    assert page.locator(".damage-row").count() == 1
    assert page.locator("[data-pending-photos] .photo").count() == 3

    page.context.set_offline(False)
    page.wait_for_url("**/orders/**")

    sheet = CheckIn.objects.get()
    mark = sheet.marks.get()
    assert (sheet.fuel_percent, sheet.concern, mark.zone) == (50, {"warmth": "cold"}, "boot")
    assert mark.photo is not None
    assert Photo.objects.filter(visit=visit).count() == 3
    assert Delivery.objects.count() == 4
    assert list(visit.needs.values_list("words", flat=True)) == ["冷车异响"]
    open_sheet(page, live_server, visit)
    assert page.locator("[data-outbox]").is_hidden()  # nothing is left on the tablet


def test_a_lost_answer_is_no_second_sheet_and_a_bad_picture_harms_nothing(counter, live_server):
    page, visit, advisor = counter
    # The server takes the sheet, the answer never arrives: the connection breaks on the way back.
    swallowed = []

    def swallow(route):
        swallowed.append(route.fetch().status)
        route.abort()

    page.route("**/send/", swallow, times=1)
    photos(page, "#photos-around", "red")
    page.wait_for_selector("#photos .photo-grid a img")
    page.set_input_files("#photos-damage", [{"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}])
    page.wait_for_selector(".pending-photos .photo-problem")
    fill(page)
    keep(page)
    page.wait_for_selector("[data-kept-note].warn-text")
    assert (swallowed, CheckIn.objects.count()) == ([200], 1)

    # Meanwhile he was signed out as well.
    page.context.clear_cookies()
    page.locator("[data-outbox-send]").click()
    page.wait_for_selector("[data-outbox-login]:visible")
    page.locator("[data-outbox-login]").click()
    page.fill("[name=username]", advisor.user.username)
    page.fill("[name=password]", factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/**")

    assert CheckIn.objects.get().run.round == 1
    assert visit.needs.count() == 1
    assert Photo.objects.filter(visit=visit).count() == 1


def test_what_a_colleague_wrote_meanwhile_is_laid_beside_it(counter, live_server, sheet):
    page, visit, advisor = counter
    page.context.set_offline(True)
    fill(page, mileage="23456")
    page.fill("#id_valuables", "墨镜一副")
    keep(page)
    page.wait_for_selector("[data-kept-note].warn-text")
    reception.check_in(visit, **sheet(by=advisor, mileage=23_460, fuel_percent=50, brought_by="李四"))

    page.context.set_offline(False)
    page.wait_for_selector("[data-conflict]:visible")
    page.wait_for_selector("#sheet-form[data-ready]")

    # His word and mine where they differ; everything else of both is in the form.
    assert next(row.split("\t")[1:3] for row in page.locator("[data-conflict] tbody tr").all_inner_texts()) == [
        "23456",
        "23460",
    ]
    assert page.input_value("#id_valuables") == "墨镜一副"
    assert page.input_value("#id_brought_by") == "李四"
    assert page.input_value("#id_fault") == "冷车异响"
    page.get_by_role("button", name="采用已存的").first.click()
    keep(page)
    page.wait_for_url("**/orders/**")

    made = CheckIn.objects.get()
    assert (Visit.objects.get().mileage_in, made.valuables, made.brought_by) == (23_460, "墨镜一副", "李四")
