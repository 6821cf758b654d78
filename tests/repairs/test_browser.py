"""The workshop in a real browser: the controller by keyboard, the technician on the phone, the counter."""

import re
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db.models import Sum
from django.urls import reverse

from appointments.models import Claim
from catalogue.models import WorkStep
from core.clock import local_day
from journal.testing import drain
from orders import domain as orders
from repairs import domain as repairs
from repairs.choices import JobState, PartRequestStatus
from repairs.models import Job, PartRequest, StepResult
from stores.choices import DayKind, Skill
from stores.models import CalendarDay
from tests import accessibility, factories
from tests.pictures import jpeg
from visits import domain as visits

# A refused request is logged by the browser itself; everything else in the console is a mistake of ours.
EXPECTED = re.compile(r"status of (409|422)|htmx:afterRequest")


@pytest.fixture
def open_as(live_server):
    """`open_as(page, staff, "board")`: signed in, on a page of the workshop, its console listened to."""

    def open_as(page, staff, name, *args):
        session = SessionStore()
        session[SESSION_KEY] = str(staff.user_id)
        session[BACKEND_SESSION_KEY] = "stores.access.StaffBackend"
        session[HASH_SESSION_KEY] = staff.user.get_session_auth_hash()
        session.save()
        page.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live_server.url}])
        page.said = []
        page.on("console", lambda line: page.said.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(live_server.url + reverse(f"repairs:{name}", args=args))
        return page

    return open_as


def trouble(page) -> tuple:
    """Findings of axe, mistakes in the console."""
    return accessibility.serious(page), [line for line in page.said if not EXPECTED.search(line)]


def test_the_controller_dispatches_by_keyboard(
    live_server, store, make_visit, staff, controller, desktop_page, open_as
):
    make_visit("repair", lines=1)
    staff("technician", name="王强")
    page = open_as(desktop_page, controller, "board")
    page.locator(".wait-card a.btn-primary").focus()
    page.keyboard.press("Enter")
    page.locator("#drawer input[name=technician]").first.wait_for()
    assert trouble(page) == ([], [])

    page.locator("#drawer input[name=note]").fill("钥匙在前台")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    job = Job.objects.get()
    assert (job.state, job.note) == (JobState.DISPATCHED, "钥匙在前台")
    page.locator("[data-block]").wait_for()
    assert trouble(page) == ([], [])


def test_another_technician_brings_another_time_and_keeps_the_note(
    live_server, store, make_visit, staff, controller, give, technician, desktop_page, open_as
):
    give(make_visit("repair", lines=1).lines.get())
    make_visit("repair", lines=1)
    staff("technician", name="刘洋")
    page = open_as(desktop_page, controller, "board")
    page.locator(".wait-card a.btn-primary").click()
    page.locator("#drawer input[name=note]").fill("尽快")
    before = page.locator("#drawer input[name=start]").input_value()
    other = page.locator("#drawer input[name=technician]:not(:checked)").last

    with page.expect_response(re.compile("preview=technician")):
        other.check()

    page.wait_for_function("document.querySelector('#drawer input[name=note]').value === '尽快'")
    assert page.locator("#drawer input[name=technician]").nth(1).is_checked() or before
    assert trouble(page) == ([], [])


def test_arrow_keys_lead_from_job_to_job(
    live_server, store, make_visit, staff, controller, give, technician, desktop_page, open_as
):
    first, second = make_visit("repair", lines=2).lines.all()
    one, two = give(first), give(second, after=1)
    # The board of the day the jobs are planned for, whatever the hour is now.
    page = open_as(desktop_page, controller, "board")
    page.goto(page.url + f"?day={one.planned.lower.astimezone(store.tz):%Y-%m-%d}")
    page.locator(f"#block-{one.pk}").focus()

    page.keyboard.press("ArrowRight")

    assert page.evaluate("document.activeElement.id") == f"block-{two.pk}"


@pytest.fixture
def tomorrow(store):
    """A working day that lies wholly ahead, so that any time of it can be planned."""
    day = local_day(store.zone) + timedelta(days=1)
    CalendarDay.objects.create(store=store, day=day, kind=DayKind.SPECIAL, opens=time(8), closes=time(18))
    return day


def test_a_line_is_placed_and_moved_on_the_board_by_keyboard(
    live_server, store, make_visit, controller, technician, desktop_page, open_as, tomorrow
):
    line = make_visit("repair", lines=1).lines.get()
    page = open_as(desktop_page, controller, "board")
    page.goto(page.url + f"?day={tomorrow:%Y-%m-%d}")
    page.locator("html[data-ready]").wait_for()
    page.locator(".wait-card a.btn-primary").focus()

    page.keyboard.press("m")
    page.locator(".lane-ghost").wait_for()
    assert technician.name in page.locator("#board-says").inner_text()
    for _quarter in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator("[data-block]:focus").wait_for()

    job = Job.objects.get()
    first = job.planned.lower.astimezone(store.tz)
    assert (job.line, job.technician, first.date()) == (line, technician, tomorrow)
    assert (job.planned.upper - job.planned.lower, job.bay.code) == (timedelta(hours=1), "J1")
    assert trouble(page) == ([], [])

    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert page.locator(".lane-ghost").count() == 0
    page.keyboard.press("m")
    page.keyboard.press("ArrowLeft")
    with page.expect_response(re.compile("place/")):
        page.keyboard.press("Enter")
    page.locator("[data-block]:focus").wait_for()

    job.refresh_from_db()
    assert job.planned.lower == first - timedelta(minutes=15)
    assert trouble(page) == ([], [])


def test_a_job_is_dragged_to_another_lane_and_what_cannot_be_is_said(
    live_server, store, make_visit, staff, controller, technician, desktop_page, open_as, tomorrow
):
    begin = datetime.combine(tomorrow, time(9), tzinfo=store.tz)
    painter = staff("technician", name="周喷", skills=(Skill.PAINT,))
    other = staff("technician", name="刘洋")
    line = make_visit("repair", lines=1).lines.get()
    job = repairs.dispatch(line, technician=technician, start=begin, end=begin + timedelta(hours=1), by=controller)
    page = open_as(desktop_page, controller, "board")
    page.goto(page.url + f"?day={tomorrow:%Y-%m-%d}")
    page.locator("html[data-ready]").wait_for()
    block = page.locator(f"#block-{job.pk}")

    with page.expect_response(re.compile("place/")) as refused:
        block.drag_to(page.locator(f"[data-lane=technician-{painter.pk}] [data-track]"))
    assert refused.value.status == 422
    page.locator("#toasts").get_by_text("周喷").wait_for()

    with page.expect_response(re.compile("place/")) as moved:
        block.drag_to(page.locator(f"[data-lane=technician-{other.pk}] [data-track]"))
    assert moved.value.status == 200

    job.refresh_from_db()
    assert (job.technician, job.version) == (other, 2)
    assert trouble(page) == ([], [])


def test_an_added_item_is_agreed_to_on_a_phone_while_the_technician_waits(
    live_server, store, visit, started, technician, controller, staff, phone_page, desktop_page, open_as
):
    line = repairs.propose(
        visit, by=technician, risk="safety", title="更换前制动片", hours=Decimal("1.00"), job=started
    )
    repairs.pause(started, reason="customer", by=technician)
    visit.refresh_from_db()
    orders.ask_by_link(visit, by=visit.advisor)
    bench = open_as(desktop_page, technician, "job", started.pk)
    assert bench.locator("section[aria-labelledby=added] .chip").inner_text() == "待客户确认"

    phone_page.goto(live_server.url + f"/c/{visits.make_link(visit)}/")
    phone_page.locator(f"input[name=line-{line.pk}][value=yes]").check()
    phone_page.get_by_role("button", name="下一步").click()
    phone_page.get_by_label("您的手机号后四位").fill(visit.customer.phone[-4:])
    phone_page.get_by_role("button", name="180.00").click()
    phone_page.locator("#answered").wait_for()

    bench.reload()
    assert bench.locator("section[aria-labelledby=added] .chip").inner_text() == "已同意"
    drain()
    claimed = Claim.objects.filter(visit=visit, bucket__resource="technician")
    assert claimed.aggregate(minutes=Sum("amount"))["minutes"] >= 120
    bench.locator(".acts .btn-primary").click()
    bench.locator(".task-started").wait_for()
    board = open_as(bench, controller, "board")
    assert board.locator(f"[data-line='{line.pk}']").count() == 1


def test_the_technicians_day_on_the_phone(live_server, store, make_visit, give, technician, phone_page, open_as):
    visit = make_visit("repair", lines=0)
    operation = factories.operation(store, steps=1)
    WorkStep.objects.create(
        store=store, operation=operation, position=2, kind="value", name_zh="扭矩", unit="N·m", low=25, high=35
    )
    WorkStep.objects.create(store=store, operation=operation, position=3, kind="photo", name_zh="液位照片")
    job = give(factories.line(visit, operation=operation, consent=factories.consent(visit)))
    page = open_as(phone_page, technician, "my_jobs")
    assert (trouble(page), accessibility.sideways(page)) == (([], []), 0)

    page.locator("article .btn-primary").click()
    page.wait_for_url(f"**{reverse('repairs:job', args=[job.pk])}")
    assert (trouble(page), accessibility.sideways(page)) == (([], []), 0)

    tick, value, photo = operation.steps.all()
    page.locator(f"#step-{tick.pk} button").first.click()
    page.locator(f"#step-{tick.pk} .chip-ok").wait_for()
    page.locator(f"#step-{value.pk} input[name=value]").fill("40")
    page.locator(f"#step-{value.pk} button").first.click()
    page.locator(f"#step-{value.pk} .error-summary").wait_for()
    assert page.locator(f"#step-{value.pk} input[name=value]").input_value() == "40"
    page.locator(f"#step-{value.pk} input[name=value]").fill("30")
    page.locator(f"#step-{value.pk} button").first.click()
    page.locator(f"#step-{value.pk} .chip-ok").wait_for()
    page.locator(f"#step-{photo.pk} input[type=file]").first.set_input_files(
        {"name": "level.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    page.locator(f"#step-{photo.pk} button[type=submit]").first.click()
    page.locator(f"#step-{photo.pk} img.step-photo").wait_for()
    assert trouble(page) == ([], [])

    page.locator("#finish-box button[type=submit]").click()
    page.wait_for_url(f"**{reverse('repairs:my_jobs')}")

    job.refresh_from_db()
    assert (job.state, StepResult.objects.count()) == (JobState.DONE, 3)
    assert page.locator("main .btn-primary").count() == 1  # on to inspection
    assert (trouble(page), accessibility.sideways(page)) == (([], []), 0)


def test_pausing_with_a_reason_on_the_phone(live_server, store, started, technician, phone_page, open_as):
    page = open_as(phone_page, technician, "my_jobs")

    page.locator("article details summary").click()
    assert accessibility.sideways(page) == 0
    page.locator("button[name=reason][value=parts]").click()
    page.locator(".task-paused").wait_for()

    started.refresh_from_db()
    assert (started.state, started.pause_reason) == (JobState.PAUSED, "parts")


def test_found_something_on_the_phone(live_server, store, visit, started, technician, phone_page, open_as):
    page = open_as(phone_page, technician, "propose", visit.pk)
    assert (trouble(page), accessibility.sideways(page)) == (([], []), 0)

    page.locator("input[name=title]").fill("更换右前减震器")
    page.locator("input[name=risk][value=safety]").check()
    page.locator("textarea[name=concern]").fill("漏油")
    page.locator("main button.btn-primary").click()
    page.wait_for_url(f"**{reverse('repairs:my_jobs')}")

    assert visit.lines.filter(title="更换右前减震器").count() == 1


def test_the_counter_issues_orders_and_takes_back(
    live_server, store, job, technician, clerk, make_visit, give, desktop_page, open_as
):
    here = repairs.request_parts(job, by=technician)[0]
    part = factories.part(store, stock=0)
    other = make_visit("repair", lines=0)
    away = repairs.request_parts(
        give(factories.line(other, parts=[part], consent=factories.consent(other)), after=1), by=technician
    )[0]
    page = open_as(desktop_page, clerk, "parts")
    assert trouble(page) == ([], [])

    page.locator(f"form[action='{reverse('repairs:issue', args=[here.pk])}'] button").click()
    page.locator(".toast-note").wait_for()
    page.locator(f"a[href='{reverse('repairs:order', args=[away.pk])}']").first.click()
    page.locator("#drawer input[name=expected_on]").fill("2099-01-02")
    with page.expect_navigation():
        page.locator("#drawer button.btn-primary").click()

    states = dict(PartRequest.objects.values_list("pk", "status"))
    assert states == {here.pk: PartRequestStatus.ISSUED, away.pk: PartRequestStatus.ORDERED}
    assert trouble(page) == ([], [])
