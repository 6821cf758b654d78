"""A failed final inspection and its way back, in a browser: inspector, technician and inspector again on their phones."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.urls import reverse

from core.stages import Stage
from inspections.choices import Level, Verdict
from inspections.models import Inspection
from repairs.choices import JobState
from repairs.models import Job
from tests import accessibility
from tests.pictures import jpeg

REASON = "试车时左前轮仍有异响，制动盘划伤"


@pytest.fixture
def open_as(live_server, phone_page):
    """`open_as(staff, "inspections:queue")`: the phone in another person's hand, on one of his pages."""

    def open_as(person, name, *args):
        session = SessionStore()
        session[SESSION_KEY] = str(person.user_id)
        session[BACKEND_SESSION_KEY] = "stores.access.StaffBackend"
        session[HASH_SESSION_KEY] = person.user.get_session_auth_hash()
        session.save()
        phone_page.context.clear_cookies()
        phone_page.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live_server.url}])
        phone_page.goto(live_server.url + reverse(name, args=args))
        return phone_page

    return open_as


def send(page, button) -> None:
    with page.expect_navigation():
        button.click()


def fill(page) -> None:
    """Everything in order, measured values well within their ranges."""
    for row in page.locator(".check").all():
        if (good := row.locator("input[value=ok]")).count():
            good.check(force=True)
        if (measured := row.locator(".check-value input")).count():
            measured.fill(measured.get_attribute("data-low") or measured.get_attribute("data-high") or "1")
        if (said := row.locator(".check-text")).count():
            said.fill("正常")


def fail(page, line) -> None:
    """Send the car back with the job, the reason and a picture."""
    page.locator("details summary", has_text="退回").click()
    page.locator("select[name$=line]").select_option(str(line.pk))
    page.locator("textarea[name$=reason]").fill(REASON)
    page.locator("input[type=file][name$=photos][multiple]").set_input_files(
        {"name": "disc.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    send(page, page.locator("button[name$=verdict][value=fail]"))


def test_a_failed_final_inspection_and_its_way_back(live_server, store, make_visit, team, give, open_as):
    visit = make_visit(Stage.INSPECTION, lines=2)
    line, _other = visit.lines.all()
    give(visit, Level.SELF)
    give(visit, Level.CROSS)

    # The inspector measures a torque beyond its range: the car cannot pass, with or without a note.
    page = open_as(team.inspector, "inspections:queue")
    send(page, page.locator("form[action*=begin] button").first)
    assert (accessibility.serious(page), accessibility.sideways(page)) == ([], 0)
    fill(page)
    torque = page.locator(".check-value input").first
    row = page.locator(".check", has=page.locator(".check-value")).first
    torque.fill("9")
    send(page, page.locator("button[name$=verdict][value=pass]"))
    visit.refresh_from_db()
    assert visit.stage == Stage.INSPECTION and row.locator(".check-problem").count() == 1

    assert row.locator("input[value=fail]").is_checked()  # the value itself says so
    row.locator(".check-note").fill("只有 9 N·m")
    fail(page, line)

    visit.refresh_from_db()
    assert (visit.stage, visit.round) == (Stage.REPAIR, 2)
    assert visit.photos.get(kind="inspection").caption == REASON
    failed = Inspection.objects.get(visit=visit, verdict=Verdict.FAIL)
    assert (failed.level, failed.line, failed.reason) == (Level.FINAL, line, REASON)

    # The technician's phone says why, only this job is open again, and its steps are to be filled again.
    page = open_as(team.worker, "repairs:my_jobs")
    job = Job.objects.get(line=line, round=2)
    assert REASON in page.locator("article").inner_text()
    assert Job.objects.filter(line__visit=visit, round=2).count() == 1
    send(page, page.locator("article form[action*=start] button"))
    page = open_as(team.worker, "repairs:job", job.pk)
    for step in line.operation.steps.all():
        page.locator(f"#step-{step.pk} button").first.click()
        page.locator(f"#step-{step.pk} .chip-ok").wait_for()
    if (cause := page.locator("#finish-box textarea[name=cause]")).count():
        cause.fill("制动盘划伤")
        page.locator("#finish-box textarea[name=correction]").fill("更换制动盘")
    page.locator("#finish-box button[type=submit]").click()
    page.wait_for_url(f"**{reverse('repairs:my_jobs')}")
    job.refresh_from_db()
    assert job.state == JobState.DONE
    send(page, page.locator("form[action*=inspection] button").first)
    visit.refresh_from_db()
    assert visit.stage == Stage.INSPECTION

    # All three levels again, by three people; the inspector is shown first what it failed for.
    give(visit, Level.SELF)
    give(visit, Level.CROSS)
    page = open_as(team.inspector, "inspections:queue")
    send(page, page.locator("form[action*=begin] button").first)
    assert REASON in page.locator("section", has=page.locator("#before")).inner_text()
    fill(page)
    send(page, page.locator("button[name$=verdict][value=pass]"))

    visit.refresh_from_db()
    assert (visit.stage, visit.round) == (Stage.WASH, 2)
    rounds = Inspection.objects.filter(visit=visit).order_by("round", "level").values_list("round", "level", "verdict")
    assert list(rounds) == [
        (1, 1, "pass"), (1, 2, "pass"), (1, 3, "fail"), (2, 1, "pass"), (2, 2, "pass"), (2, 3, "pass")
    ]  # fmt: skip
    page = open_as(team.inspector, "inspections:print_sheet", visit.pk)
    assert REASON in page.inner_text("main, body")


def test_the_traffic_light_on_the_phone(live_server, store, make_visit, team, open_as):
    visit = make_visit(Stage.REPAIR, lines=1)
    page = open_as(team.worker, "inspections:lights", visit.pk)
    assert (accessibility.serious(page), accessibility.sideways(page)) == ([], 0)

    pads = page.locator(".check", has_text="前制动片厚度")
    pads.locator(".check-value input").fill("2.4")
    pads.locator("input[type=file]").first.set_input_files(
        {"name": "pads.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    page.locator(".check", has_text="雨刮片").locator("input[value=warn]").check(force=True)
    send(page, page.locator("button[name=finish][value=no]"))
    assert page.locator("#found .car-card").count() == 2
    send(page, page.locator("#found .car-card-bad form button"))

    line = visit.lines.get(origin="added")
    assert (line.operation.code, line.photos.count()) == ("Z001", 1)
    assert (accessibility.serious(page), accessibility.sideways(page)) == ([], 0)
