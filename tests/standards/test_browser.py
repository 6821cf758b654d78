"""The pages of the service layer in a real browser: readable for everybody, nothing in the console, no sideways scroll."""

import os

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.urls import reverse

from messaging import domain as messaging
from messaging.models import Message
from standards import domain as standards
from standards import queries
from tests import accessibility, factories

SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def manager(transactional_db, staff):
    return staff("service_manager", name="周敏")


@pytest.fixture
def open_page(live_server, desktop_page, manager):
    session = SessionStore()
    session[SESSION_KEY] = str(manager.user_id)
    session[BACKEND_SESSION_KEY] = "stores.access.StaffBackend"
    session[HASH_SESSION_KEY] = manager.user.get_session_auth_hash()
    session.save()
    page = desktop_page
    page.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live_server.url}])
    page.said = []
    page.on("console", lambda line: page.said.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))

    def go(url):
        page.goto(live_server.url + url)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{url.strip('/').replace('/', '-') or 'home'}.png", full_page=True)
        return page

    return go


def test_every_page_is_fit_for_everybody(open_page, store, manager):
    customer = factories.customer(store, name="王芳", gender="female")
    car = factories.vehicle(store, owner=customer)
    for n, fields in enumerate(
        [{}, {"status": "failed", "last_error": "ConnectError", "attempts": 8}, {"status": "unknown"}]
    ):
        message = messaging.send(
            store=store, template="car_ready", customer=customer, params={"plate": car.plate}, dedupe_key=f"m:{n}"
        )
        messaging.relay_due()
        Message.objects.filter(pk=message.pk).update(**fields)
    draft = standards.draft(use="final_check", by=manager)
    urls = [
        reverse("messaging:list"),
        reverse("messaging:list") + "?status=failed",
        reverse("standards:list"),
        reverse("standards:edit", args=["final_check"]),
        reverse("standards:edit", args=["wash"]),
        reverse("standards:add_item", args=[draft.pk]),
        reverse("standards:version", args=[queries.in_force("wash").pk]),
        reverse("appointments:hours"),
        reverse("appointments:set_day"),
        reverse("customers:edit", args=[customer.pk]),
        reverse("customers:edit_vehicle", args=[car.pk]),
        reverse("customers:consent", args=[customer.pk]),
    ]
    for url in urls:
        page = open_page(url)
        page.set_viewport_size({"width": 1024, "height": 800})
        assert (url, accessibility.serious(page), page.said, accessibility.sideways(page)) == (url, [], [], 0)
        page.set_viewport_size({"width": 1440, "height": 900})


def test_a_new_version_by_mouse(open_page, store, manager):
    page = open_page(reverse("standards:edit", args=["wash"]))
    page.get_by_role("button", name="制作新版本").click()
    page.get_by_role("link", name="新增检查项").click()
    page.get_by_label("名称（中文）").fill("雨刮抬起清洁")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="发布").click()
    page.locator("dialog[open], .modal, [role=dialog]").get_by_role("button", name="发布").click()
    page.wait_for_url("**" + reverse("standards:list"))

    assert queries.in_force("wash").version == 2
    assert "雨刮抬起清洁" in [item.name for item in queries.items(queries.in_force("wash"))]
    assert page.said == []
