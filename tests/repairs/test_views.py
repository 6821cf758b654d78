"""The workshop's pages: who may open them, what they do, what they refuse, and that lists cost the same for any length."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue.models import Part
from core import clock
from orders.choices import ConsentState, Risk
from repairs import domain as repairs
from repairs.choices import JobState, PartRequestStatus
from repairs.models import Job, PartRequest
from stores.access import in_store
from stores.choices import Skill
from tests import factories
from tests.pictures import jpeg

HTMX = {"HX-Request": "true"}


def url(name, *args):
    return reverse(f"repairs:{name}", args=args)


def heading(response) -> str:
    text = response.content.decode()
    return text.split("<h1>")[1].split("</h1>")[0]


def queries(client, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.fixture
def request_(job, technician):
    return repairs.request_parts(job, by=technician)[0]


@pytest.fixture
def pages(visit, line, job, request_):
    """Every page that opens by GET: name, arguments, a role that may, a role that may not."""
    issued = PartRequest.objects.create(
        store=visit.store,
        line_part=visit.lines.last().parts.get(),
        job=job,
        quantity=1,
        status=PartRequestStatus.ISSUED,
        requested_by=job.technician,
        requested_at=clock.now(),
        issued_by=job.technician,
        issued_at=clock.now(),
    )
    undispatched = visit.lines.last()
    return [
        ("board", [], "controller", "technician"),
        ("board_live", [], "controller", "technician"),
        ("dispatch", [undispatched.pk], "controller", "technician"),
        ("move", [job.pk], "controller", "parts_clerk"),
        ("withdraw", [job.pk], "controller", "parts_clerk"),
        ("my_jobs", [], "technician", "controller"),
        ("my_jobs_live", [], "technician", "controller"),
        ("job", [job.pk], "controller", "cashier"),
        ("print_job", [job.pk], "controller", "cashier"),
        ("propose", [visit.pk], "technician", "cashier"),
        ("parts", [], "parts_clerk", "technician"),
        ("parts_live", [], "parts_clerk", "technician"),
        ("issue", [request_.pk], "parts_clerk", "technician"),
        ("order", [request_.pk], "parts_clerk", "technician"),
        ("arrived", [request_.pk], "parts_clerk", "technician"),
        ("return", [issued.pk], "parts_clerk", "technician"),
        ("cancel", [request_.pk], "parts_clerk", "technician"),
        ("receive", [request_.line_part.part_id], "parts_clerk", "technician"),
    ]


def test_every_page_opens_for_its_role_with_a_heading(pages, client_as):
    clients = {role: client_as(role) for role in {role for _n, _a, role, _o in pages}}
    for name, args, role, _other in pages:
        response = clients[role].get(url(name, *args))
        assert response.status_code == 200, name
        if not name.endswith("_live"):
            assert heading(response), name


def test_a_colleague_without_the_right_is_refused_and_a_stranger_signs_in(pages, client_as, client):
    clients = {role: client_as(role) for role in {role for _n, _a, _r, role in pages}}
    for name, args, _role, other in pages:
        assert clients[other].get(url(name, *args)).status_code == 403, name
        assert client.get(url(name, *args)).status_code == 302, name


def test_another_stores_rows_do_not_exist(pages, other_store, client_as):
    clients = {}
    for name, args, role, _other in pages:
        if role not in clients:
            with in_store(other_store):
                clients[role] = client_as(factories.staff(other_store, role))
        if args:
            assert clients[role].get(url(name, *args)).status_code == 404, name


def test_a_technician_does_not_open_a_colleagues_job(job, client_as, technician):
    assert client_as(technician).get(url("job", job.pk)).status_code == 200
    assert client_as("technician").get(url("job", job.pk)).status_code == 403


POSTS = ["start", "pause", "resume", "finish", "request_parts"]


@pytest.mark.parametrize("name", POSTS)
def test_actions_are_posts_of_the_jobs_technician(job, client_as, client, technician, name):
    assert client_as("cashier").post(url(name, job.pk)).status_code == 403
    assert client.post(url(name, job.pk)).status_code == 302
    if name != "finish":
        assert client_as(technician).get(url(name, job.pk)).status_code == 405
    job.refresh_from_db()
    assert job.state == JobState.DISPATCHED


# --- Board and dispatch ---------------------------------------------------------------------------------------------


def test_the_board_shows_what_waits_and_who_has_what(visit, job, client_as):
    text = client_as("controller").get(url("board")).content.decode()

    assert all(line.title in text for line in visit.lines.all())
    assert url("dispatch", visit.lines.last().pk) in text
    assert url("move", job.pk) in text


@pytest.fixture
def still():
    """The clock stands: no minute ends between two looks."""
    with time_machine.travel(clock.now(), tick=False):
        yield


def test_the_polled_board_answers_304_until_something_changes(visit, job, client_as, technician, still):
    client = client_as("controller")
    etag = client.get(url("board_live"))["ETag"]
    assert client.get(url("board_live"), headers={"If-None-Match": etag}).status_code == 304

    repairs.start(job, by=technician)

    assert client.get(url("board_live"), headers={"If-None-Match": etag}).status_code == 200


def test_page_and_fragment_show_the_same_board(visit, job, make_visit, client_as, still):
    make_visit("repair", lines=1, job="done")
    client = client_as("controller")
    tokens = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')

    fragment = tokens.sub("", client.get(url("board_live"), headers=HTMX).content.decode()).strip()
    page = tokens.sub("", client.get(url("board")).content.decode())

    assert fragment
    assert fragment in page


def test_every_looker_gets_his_own_token_in_the_shared_board(make_visit, client_as):
    done = make_visit("repair", lines=1, job="done")
    clients = [client_as("controller"), client_as("service_manager")]
    texts = [client.get(url("board")).content.decode() for client in clients]

    assert all("put-the-csrf-token-here" not in text for text in texts)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clients[1].staff.user)
    text = strict.get(url("board")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text.split(url("to_inspection", done.pk))[1])[1]
    assert strict.post(url("to_inspection", done.pk), {"csrfmiddlewaretoken": token}).status_code == 303


@pytest.mark.parametrize("query", ["?day=2026-13-45", "?day=yesterday", "?lanes=moon", "?lanes=bay", "?day=2027-02-01"])
def test_odd_addresses_still_show_a_board(store, client_as, query):
    assert client_as("controller").get(url("board") + query).status_code == 200


def test_the_dispatch_form_ranks_people_and_says_why(visit, client_as, staff, store):
    line = factories.line(
        visit, operation=factories.operation(store, skill=Skill.HIGH_VOLTAGE), consent=factories.consent(visit)
    )
    able, expired = (
        staff("technician", name="孙能", skills=["high_voltage"]),
        staff("technician", name="李过期", skills=["high_voltage"]),
    )
    expired.qualifications.update(valid_until=clock.now().date() - timedelta(days=1))

    response = client_as("controller").get(url("dispatch", line.pk))

    choices = [key for key, _label in response.context["form"].fields["technician"].choices]
    assert choices == [able.pk]
    assert any("李过期" in s.problem for s in response.context["refused"])


def plan(technician, start, bay="", hours=1, **more):
    zone = technician.store.tz
    times = {"start": start, "end": start + timedelta(hours=hours)}
    return {
        "technician": technician.pk,
        "bay": bay and bay.pk,
        **{key: f"{at.astimezone(zone):%Y-%m-%dT%H:%M}" for key, at in times.items()},
        **more,
    }


def test_dispatching_by_form(line, client_as, technician, bay, start):
    client = client_as("controller")

    response = client.post(url("dispatch", line.pk), plan(technician, start, bay, note="钥匙在前台"))

    assert (response.status_code, response["Location"].startswith(url("board"))) == (303, True)
    job = Job.objects.get()
    assert (job.technician, job.bay, job.planned.lower, job.note, job.dispatched_by) == (
        technician,
        bay,
        start,
        "钥匙在前台",
        client.staff,
    )


def test_in_the_drawer_a_success_redirects_and_a_refusal_stays(line, visit, client_as, technician, start, give):
    client = client_as("controller")
    refused = client.post(url("dispatch", line.pk), {"technician": technician.pk, "start": "", "end": ""}, headers=HTMX)
    assert (refused.status_code, "<html" in refused.content.decode()) == (422, False)

    response = client.post(url("dispatch", line.pk), plan(technician, start), headers=HTMX)
    assert response["HX-Redirect"].startswith(url("board"))


def test_a_taken_bay_comes_back_with_what_was_typed(visit, make_visit, client_as, technician, staff, bay, start, give):
    give(visit.lines.first(), bay=bay)
    other = make_visit("repair", lines=1).lines.get()

    response = client_as("controller").post(
        url("dispatch", other.pk), plan(staff("technician"), start, bay, note="尽快")
    )

    text = response.content.decode()
    assert response.status_code == 409
    assert all(word in text for word in ("王强", "尽快", visit.vehicle.plate))
    assert Job.objects.count() == 1


def test_an_uncertified_technician_is_refused_with_the_reason(visit, client_as, staff, store, start):
    line = factories.line(
        visit, operation=factories.operation(store, skill=Skill.HIGH_VOLTAGE), consent=factories.consent(visit)
    )

    response = client_as("controller").post(url("dispatch", line.pk), plan(staff("technician", name="李没证"), start))

    assert (response.status_code, "李没证" in response.content.decode()) == (422, True)


def test_another_stores_technician_in_the_field_is_no_choice(line, client_as, other_store, start):
    with in_store(other_store):
        stranger = factories.staff(other_store, "technician")

    response = client_as("controller").post(url("dispatch", line.pk), plan(stranger, start))

    assert response.status_code == 422
    assert Job.objects.count() == 0


def test_the_preview_follows_the_chosen_technician_and_start(visit, line, client_as, technician, give, start):
    give(visit.lines.last())
    zone = technician.store.tz
    typed = f"{start.astimezone(zone) + timedelta(days=1):%Y-%m-%dT%H:%M}"

    response = client_as("controller").get(
        url("dispatch", line.pk), {"preview": "start", "technician": technician.pk, "start": typed}
    )

    text = response.content.decode()
    assert (response.status_code, "<html" in text, typed in text) == (200, False, True)
    assert response.context["form"].initial["end"] > response.context["form"].initial["start"]


def test_a_stale_move_is_told(job, client_as, technician, start):
    client = client_as("controller")
    seen = job.version
    assert (
        client.post(url("move", job.pk), plan(technician, start + timedelta(hours=1), version=seen)).status_code == 303
    )

    response = client.post(url("move", job.pk), plan(technician, start + timedelta(hours=3), version=seen))

    assert response.status_code == 409
    assert Job.objects.get().planned.lower == start + timedelta(hours=1)


def test_withdrawing_asks_for_the_reason(job, client_as):
    client = client_as("controller")
    assert client.post(url("withdraw", job.pk), {"reason": "", "version": job.version}).status_code == 422

    assert client.post(url("withdraw", job.pk), {"reason": "技师请假", "version": job.version}).status_code == 303
    job.refresh_from_db()
    assert job.state == JobState.WITHDRAWN


def test_to_inspection_moves_the_car_or_says_what_is_missing(make_visit, visit, client_as):
    client, done = client_as("controller"), make_visit("repair", lines=1, job="done")

    assert client.post(url("to_inspection", done.pk)).status_code == 303
    refused = client.post(url("to_inspection", visit.pk))

    done.refresh_from_db()
    assert (done.stage, refused.status_code) == ("inspection", 409)
    assert visit.lines.first().title in refused.content.decode()


# --- The technician -------------------------------------------------------------------------------------------------


def test_my_jobs_shows_mine_in_order_and_nobody_elses(visit, make_visit, give, client_as, technician, staff):
    later, sooner = give(visit.lines.first(), after=2), give(visit.lines.last(), after=0)
    strange = give(make_visit("repair", lines=1).lines.get(), to=staff("technician"))

    text = client_as(technician).get(url("my_jobs")).content.decode()

    assert text.index(f'id="job-{sooner.pk}"') < text.index(f'id="job-{later.pk}"')
    assert f'id="job-{strange.pk}"' not in text


def test_the_whole_way_from_start_to_finish(job, client_as, technician):
    client, line = client_as(technician), job.line
    assert client.post(url("start", job.pk))["Location"] == url("job", job.pk)
    for step in line.operation.steps.all():
        assert client.post(url("step", job.pk, step.pk), {"reason": ""}).status_code == 303
    assert client.post(url("pause", job.pk), {"reason": "break"}).status_code == 303
    assert client.post(url("resume", job.pk)).status_code == 303

    response = client.post(url("finish", job.pk), {"cause": "", "correction": "已更换"})

    assert response["Location"] == url("my_jobs")
    job.refresh_from_db()
    line.refresh_from_db()
    assert (job.state, line.work, line.correction) == (JobState.DONE, "done", "已更换")


def test_finishing_too_early_names_the_steps_and_keeps_what_was_typed(started, client_as, technician):
    response = client_as(technician).post(url("finish", started.pk), {"cause": "皮带老化", "correction": "已更换皮带"})

    text = response.content.decode()
    assert response.status_code == 422
    assert all(word in text for word in ("皮带老化", "已更换皮带", started.line.operation.steps.first().name))
    started.refresh_from_db()
    assert started.state == JobState.STARTED


def test_a_fault_the_customer_told_of_needs_cause_and_correction(started, client_as, technician):
    type(started.line).objects.filter(pk=started.line_id).update(concern="刹车吱吱响")

    response = client_as(technician).post(url("finish", started.pk), {"cause": "", "correction": ""})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"cause", "correction"}


def test_a_second_clock_is_refused_with_the_name_of_the_first(visit, started, give, client_as, technician):
    second = give(visit.lines.last(), after=1)

    response = client_as(technician).post(url("start", second.pk))

    assert (response.status_code, started.line.title in response.content.decode()) == (409, True)


def test_a_step_by_htmx_comes_back_alone_with_the_finish_box(started, client_as, technician):
    step = started.line.operation.steps.first()

    response = client_as(technician).post(url("step", started.pk, step.pk), {"reason": ""}, headers=HTMX)

    text = response.content.decode()
    assert (response.status_code, "<html" in text, 'id="finish-box"' in text) == (200, False, True)
    assert started.steps.count() == 1


def test_a_value_out_of_range_stays_in_its_form(started, client_as, technician):
    operation = started.line.operation
    step = operation.steps.create(
        store=operation.store, position=9, kind="value", name_zh="扭矩", unit="N·m", low=25, high=35
    )
    client = client_as(technician)

    refused = client.post(url("step", started.pk, step.pk), {"value": "40", "reason": ""}, headers=HTMX)
    assert (refused.status_code, 'value="40"' in refused.content.decode()) == (422, True)
    bad = client.post(url("step", started.pk, step.pk), {"value": "很紧", "reason": ""})
    assert (bad.status_code, "很紧" in bad.content.decode()) == (422, True)

    assert client.post(url("step", started.pk, step.pk), {"value": "40", "reason": "螺栓加粗件"}).status_code == 303


def test_asking_for_parts_by_button(job, client_as, technician):
    client = client_as(technician)
    assert client.post(url("request_parts", job.pk)).status_code == 303
    assert client.post(url("request_parts", job.pk)).status_code == 303
    assert PartRequest.objects.count() == 1


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("finding.jpg", jpeg(), "image/jpeg")


def test_proposing_with_a_photo(visit, job, client_as, technician):
    part = factories.part(visit.store)
    data = {
        "title": "更换右前减震器",
        "risk": Risk.SAFETY,
        "concern": "右前减震器漏油",
        "photos": picture(),
        "part_1": part.number.lower(),
        "quantity_1": "2",
        "part_2": "防尘套",
        "quantity_2": "1",
        "token": uuid4(),
    }

    response = client_as(technician).post(url("propose", visit.pk) + f"?job={job.pk}", data)

    assert response["Location"] == url("job", job.pk)
    line = visit.lines.get(title="更换右前减震器")
    assert (line.consent_state, line.found_by, line.photos.count()) == (ConsentState.DRAFT, technician, 1)
    assert list(line.parts.order_by("id").values_list("name", "quantity", "part")) == [
        (part.name, 2, part.pk),
        ("防尘套", 1, None),
    ]


def test_a_proposal_that_says_nothing_keeps_what_was_typed(visit, client_as, technician):
    response = client_as(technician).post(url("propose", visit.pk), {"concern": "漏油", "token": uuid4()})

    assert (response.status_code, "漏油" in response.content.decode()) == (422, True)
    assert set(response.context["form"].errors) == {"title", "risk"}


def test_a_file_that_is_no_picture_is_said_in_the_form(visit, client_as, technician):
    data = {"title": "换轮胎", "risk": "later", "concern": "磨损", "token": uuid4()}

    response = client_as(technician).post(
        url("propose", visit.pk), {**data, "photos": SimpleUploadedFile("x.jpg", b"hello", "image/jpeg")}
    )

    assert (response.status_code, "磨损" in response.content.decode()) == (422, True)
    assert not visit.lines.filter(title="换轮胎").exists()


# --- The parts counter ----------------------------------------------------------------------------------------------


def test_issuing_with_one_tap(request_, client_as, clerk):
    assert client_as(clerk).post(url("issue", request_.pk)).status_code == 303

    request_.refresh_from_db()
    assert (request_.status, request_.issued_by) == (PartRequestStatus.ISSUED, clerk)


def test_an_empty_shelf_is_said(request_, client_as, clerk):
    Part.objects.update(stock=0)

    response = client_as(clerk).post(url("issue", request_.pk))

    assert (response.status_code, request_.line_part.name in response.content.decode()) == (409, True)


def test_ordering_arriving_returning_and_cancelling(request_, client_as, clerk):
    client = client_as(clerk)
    today = clock.now().astimezone(clerk.store.tz).date()
    assert client.post(url("order", request_.pk), {"expected_on": f"{today - timedelta(days=1)}"}).status_code == 422
    assert client.post(url("order", request_.pk), {"expected_on": f"{today}"}).status_code == 303
    assert client.post(url("arrived", request_.pk), {"quantity": "1"}).status_code == 303
    assert client.post(url("issue", request_.pk)).status_code == 303
    assert client.post(url("return", request_.pk), {"quantity": "5", "reason": "多领"}).status_code == 422
    assert client.post(url("return", request_.pk), {"quantity": "1", "reason": "多领"}).status_code == 303
    assert client.post(url("cancel", request_.pk), {"reason": "不要了"}).status_code == 409
    assert sorted(PartRequest.objects.values_list("status", flat=True)) == ["issued", "returned"]


def test_goods_received(request_, client_as, clerk):
    part = request_.line_part.part
    before = part.stock

    assert client_as(clerk).post(url("receive", part.pk), {"quantity": "-3"}).status_code == 422
    assert client_as(clerk).post(url("receive", part.pk), {"quantity": "3"}).status_code == 303
    part.refresh_from_db()
    assert part.stock == before + 3


def test_the_polled_requests_answer_304_until_something_changes(request_, client_as, clerk, still):
    client = client_as(clerk)
    etag = client.get(url("parts_live"))["ETag"]
    assert client.get(url("parts_live"), headers={"If-None-Match": etag}).status_code == 304

    repairs.issue_parts(request_, by=clerk)

    assert client.get(url("parts_live"), headers={"If-None-Match": etag}).status_code == 200


def test_the_stock_is_searched(store, client_as):
    wanted, other = factories.part(store, name_zh="机油滤清器"), factories.part(store, name_zh="雨刮片")

    text = client_as("parts_clerk").get(url("parts") + "?tab=stock&q=机油滤").content.decode()

    assert (wanted.number in text, other.number in text) == (True, False)


# --- Lists cost the same whatever their length ------------------------------------------------------------------------


def one_more(make_visit, staff, give, technician, n):
    """Another car with everything a list can show: a job, a request, an issued part, a line to dispatch."""
    visit = make_visit("repair", lines=3)
    first, second, _third = visit.lines.all()
    job = give(first, after=2 * n)
    other = give(second, to=staff("technician"), after=2 * n)
    repairs.request_parts(job, by=technician)
    return other


@pytest.mark.parametrize(
    ("name", "query", "role"),
    [
        ("board", "", "controller"),
        ("board", "?lanes=bay", "controller"),
        ("my_jobs", "", "technician"),
        ("parts", "", "parts_clerk"),
        ("parts", "?tab=stock", "parts_clerk"),
    ],
)
def test_a_list_costs_the_same_for_one_row_and_for_three(
    make_visit, staff, give, technician, client_as, name, query, role
):
    client = client_as(technician if role == "technician" else role)
    one_more(make_visit, staff, give, technician, 0)
    client.get("/healthz")  # the session is read once; the page itself is rendered afresh both times
    one = queries(client, url(name) + query)

    for n in (1, 2):
        one_more(make_visit, staff, give, technician, n)

    assert queries(client, url(name) + query) == one


def test_the_list_of_issued_parts_costs_the_same(make_visit, give, technician, clerk, client_as):
    client, counts = client_as(clerk), []
    for n in range(3):
        visit = make_visit("repair", lines=1)
        repairs.issue_parts(repairs.request_parts(give(visit.lines.get(), after=n), by=technician)[0], by=clerk)
        client.get(url("parts") + "?tab=issued")
        counts.append(queries(client, url("parts") + "?tab=issued"))

    assert counts[0] == counts[2]
