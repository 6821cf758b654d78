"""The browser of the tests shows what the product serves, and runs nothing inline."""

from django.core.signals import request_finished
from django.db import close_old_connections

from tests.browser import DESKTOP, PHONE


def test_pages_open_in_chinese_at_desk_and_phone_width(live_server, desktop_page, phone_page):
    for page, size in ((desktop_page, DESKTOP), (phone_page, PHONE)):
        page.goto(f"{live_server.url}/login/")

        assert page.evaluate("[document.documentElement.lang, window.innerWidth]") == ["zh-hans", size["width"]]


def test_the_content_policy_stops_an_inline_script(live_server, page):
    page.goto(f"{live_server.url}/login/")

    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.body.append(s)"
    )

    assert page.evaluate("window.ran === undefined")


def test_static_files_are_served(client):
    response = client.get("/static/vendor/base.css")
    # Closing a response also looks after the database's connection, which this test does not have.
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)

    assert (response.status_code, response["Content-Type"]) == (200, 'text/css; charset="utf-8"')
