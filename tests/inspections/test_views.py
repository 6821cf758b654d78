"""Pages of inspection and wash: who opens them, what they do, what a mistake costs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.stages import Stage
from inspections import domain as inspections
from inspections.choices import Level, WashState
from inspections.models import Certificate, Wash
from stores.models import Bay
from tests.checklists import good_results, posted
from tests.guarded import foreign_visit, heading, statuses
from tests.pictures import jpeg
from visits.models import Photo, Visit

QUEUE = reverse("inspections:queue")
WASHES = reverse("inspections:wash_queue")


def page(visit, level=1):
    return reverse("inspections:inspect", args=[visit.pk, level])


def passed(visit, team, *levels):
    people = {1: team.worker, 2: team.other, 3: team.inspector}
    uses = {1: "self_check", 2: "cross_check", 3: "final_check"}
    for level in levels:
        inspections.inspect_filled(
            visit, level=level, results=good_results(uses[level]), verdict="pass", by=people[level]
        )


@pytest.mark.parametrize("role", ["technician", "controller", "inspector"])
def test_the_queue_opens_for_who_inspects(client_as, role):
    response = client_as(role).get(QUEUE)
    assert (response.status_code, heading(response)) == (200, "质检")


def test_guards(client_as, make_visit, team):
    visit = make_visit("inspection")
    washing = make_visit("wash")
    technician, washer = client_as(team.worker), client_as("washer")
    for url in (QUEUE, page(visit)):
        assert statuses(url, allowed=technician, refused=washer) == [200, 403, 302]
    for url in (WASHES, reverse("inspections:wash", args=[washing.pk])):
        assert statuses(url, allowed=washer, refused=technician) == [200, 403, 302]
    sheet = reverse("inspections:print_sheet", args=[visit.pk])
    assert statuses(sheet, allowed=technician, refused=client_as("gate")) == [200, 403, 302]


def test_another_stores_car_is_not_here(client_as, make_visit, team):
    foreign = foreign_visit("inspection")
    technician = client_as(team.worker)
    assert technician.get(page(foreign)).status_code == 404
    assert technician.post(page(foreign), {}).status_code == 404
    assert technician.post(reverse("inspections:begin", args=[foreign.pk, 1])).status_code == 404
    assert client_as("washer").post(reverse("inspections:start_wash", args=[foreign.pk])).status_code == 404
    assert technician.get(page(make_visit("inspection"), 4)).status_code == 404


def test_the_queue_shows_whose_turn_it_is(client_as, make_visit, team):
    first, second = make_visit("inspection"), make_visit("inspection")
    passed(second, team, 1)

    mine = client_as(team.worker).get(QUEUE).context
    other = client_as(team.other).get(QUEUE).context

    assert [turn.visit for turn in mine["mine"]] == [first]
    assert [turn.visit for turn in mine["others"]] == [second]
    assert [(turn.visit, turn.level) for turn in other["mine"]] == [(second, Level.CROSS)]
    assert team.worker.name in other["others"][0].why_not


def test_the_oldest_promise_is_on_top(client_as, make_visit, team):
    make_visit("inspection")
    urgent = make_visit("inspection")
    Visit.objects.filter(pk=urgent.pk).update(promised_at=urgent.opened_at)
    assert client_as(team.worker).get(QUEUE).context["mine"][0].visit == urgent


def test_queue_query_counts(client_as, make_visit, team, django_assert_max_num_queries, django_assert_num_queries):
    technician, washer = client_as(team.worker), client_as(team.washer)
    make_visit("inspection"), make_visit("wash")
    counts = {}
    for _rows in (1, 3):
        for name, browser, url in (("levels", technician, QUEUE), ("wash", washer, WASHES)):
            with django_assert_max_num_queries(30) as queries:
                browser.get(url)
            counts.setdefault(name, []).append(len(queries))
        make_visit("inspection"), make_visit("inspection"), make_visit("wash"), make_visit("wash")
    assert counts["levels"][0] == counts["levels"][1]
    assert counts["wash"][0] == counts["wash"][1]


def test_beginning_leads_to_the_checklist(client_as, make_visit, team):
    visit = make_visit("inspection")
    response = client_as(team.worker).post(reverse("inspections:begin", args=[visit.pk, 1]))
    assert (response.status_code, response["Location"]) == (303, page(visit))
    refused = client_as(team.other).post(reverse("inspections:begin", args=[visit.pk, 1]))
    assert refused.status_code == 403


def test_a_filled_checklist_passes_the_level(client_as, make_visit, team):
    visit = make_visit("inspection")
    response = client_as(team.worker).post(page(visit), {**posted("self_check"), "list-verdict": "pass"})
    assert (response.status_code, response["Location"]) == (303, QUEUE)
    assert visit.inspections.get().level == 1


def test_an_empty_checklist_is_not_a_pass_and_loses_nothing(client_as, make_visit, team):
    visit = make_visit("inspection")
    data = posted("self_check")
    key = next(key for key in data if key.endswith("-note"))
    data = {**data, key: "油底壳已擦净", "list-verdict": "pass"}
    del data[next(name for name in data if name.endswith("-state"))]

    response = client_as(team.worker).post(page(visit), data)

    assert response.status_code == 422
    assert "油底壳已擦净" in response.content.decode()
    assert not visit.inspections.exists()


def test_a_failed_item_cannot_be_passed(client_as, make_visit, team):
    visit = make_visit("inspection")
    response = client_as(team.worker).post(page(visit), {**posted("self_check", fail=1), "list-verdict": "pass"})
    assert response.status_code == 422
    assert not visit.inspections.exists()


def test_saving_keeps_what_is_filled_so_far(client_as, make_visit, team):
    visit = make_visit("inspection")
    browser = client_as(team.worker)
    data = dict(list(posted("self_check").items())[:4])
    response = browser.post(page(visit), {**data, "list-verdict": "save"})
    assert response.status_code == 303
    assert "checked" in browser.get(page(visit)).content.decode()
    assert not visit.inspections.exists()


def test_sending_back_with_reason_job_and_picture(client_as, make_visit, team, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    visit = make_visit("inspection")
    line = visit.lines.last()
    picture = SimpleUploadedFile("leak.jpg", jpeg(), "image/jpeg")
    data = {
        "list-checklist": posted("self_check")["list-checklist"],
        "list-verdict": "fail",
        "list-reason": "放油螺栓渗油",
        "list-line": line.pk,
        "list-photos": picture,
    }
    browser = client_as(team.worker)
    assert browser.post(page(visit), {**data, "list-reason": ""}).status_code == 422
    picture.seek(0)

    response = browser.post(page(visit), data)

    assert response.status_code == 303
    visit.refresh_from_db()
    assert (visit.stage, visit.round) == (Stage.REPAIR, 2)
    assert Photo.objects.get(visit=visit).kind == "inspection"
    assert heading(browser.get(page(visit))) == "自检"


def test_a_second_submit_is_a_conflict(client_as, make_visit, team):
    visit = make_visit("inspection")
    browser, data = client_as(team.worker), {**posted("self_check"), "list-verdict": "pass"}
    browser.post(page(visit), data)
    assert browser.post(page(visit), data).status_code == 409
    assert visit.inspections.count() == 1


def test_the_wrong_person_is_refused_readably(client_as, make_visit, team):
    visit = make_visit("inspection")
    response = client_as(team.other).post(page(visit), {**posted("self_check"), "list-verdict": "pass"})
    assert response.status_code == 403
    assert team.worker.name in response.content.decode()


def test_sheets(client_as, make_visit, team):
    visit = make_visit("inspection")
    passed(visit, team, 1)
    browser = client_as(team.advisor)
    sheet = browser.get(reverse("inspections:print_sheet", args=[visit.pk]))
    assert heading(sheet) == "质检单"
    assert team.worker.name in sheet.content.decode()
    certificate = reverse("inspections:print_certificate", args=[visit.pk])
    assert browser.get(certificate).status_code == 404
    Certificate.objects.create(
        store=visit.store, visit=visit, number="HG1", inspector=team.inspector, mileage=100, issued_at=visit.opened_at
    )
    assert browser.get(certificate).status_code == 200


# --- Wash -----------------------------------------------------------------------------------------------------------


def test_washing_from_the_queue_to_the_customers_message(client_as, make_visit, team):
    visit = make_visit("wash")
    washer, advisor = client_as(team.washer), client_as(team.advisor)
    here = reverse("inspections:wash", args=[visit.pk])
    assert heading(washer.get(WASHES)) == "洗车"
    assert washer.post(reverse("inspections:start_wash", args=[visit.pk])).status_code == 303
    assert washer.post(reverse("inspections:start_wash", args=[visit.pk])).status_code == 409
    assert washer.post(reverse("inspections:mark_washed", args=[visit.pk])).status_code == 303
    assert washer.post(here, posted("wash")).status_code == 403
    assert advisor.post(here, {}).status_code == 422

    response = advisor.post(here, posted("wash"))

    assert (response.status_code, response["Location"]) == (303, reverse("desk:visit", args=[visit.pk]))
    visit.refresh_from_db()
    assert (visit.stage, visit.wash.state) == (Stage.HANDOVER, WashState.DONE)
    assert advisor.get(here).status_code == 200


def test_a_dirty_car_goes_back_to_the_queue(client_as, make_visit, team):
    visit = make_visit("wash")
    inspections.start_wash(visit, by=team.washer)
    here = reverse("inspections:wash", args=[visit.pk])
    assert client_as(team.inspector).post(here, posted("wash", fail=1)).status_code == 303
    assert Wash.objects.get(visit=visit).rewashes == 1


def test_waiving_and_telling_by_phone(client_as, make_visit, team):
    visit = make_visit("wash")
    visit.customer.phone = ""
    visit.customer.save()
    advisor = client_as(team.advisor)
    waive = reverse("inspections:waive_wash", args=[visit.pk])
    assert advisor.get(waive).status_code == 405
    assert client_as(team.washer).post(waive, {"reason": "weather"}).status_code == 403
    assert advisor.post(waive, {"reason": "mood"}).status_code == 422
    assert advisor.post(waive, {"reason": "weather"}).status_code == 303
    visit.refresh_from_db()
    assert visit.stage == Stage.WASH

    told = reverse("inspections:tell_ready", args=[visit.pk])
    assert advisor.post(told, {"how": "pigeon"}).status_code == 422
    assert advisor.post(told, {"how": "phone"}).status_code == 303

    visit.refresh_from_db()
    assert visit.stage == Stage.HANDOVER


def test_the_queue_counts_places(client_as, make_visit, team):
    cars = [make_visit("wash") for _ in range(Bay.objects.filter(kind="wash").count() + 1)]
    for car in cars[:-1]:
        inspections.start_wash(car, by=team.washer)
    washer = client_as(team.washer)
    assert washer.get(WASHES).context["full"] is True
    assert washer.post(reverse("inspections:start_wash", args=[cars[-1].pk])).status_code == 409
