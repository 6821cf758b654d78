"""The components in a real browser: reachable, readable, doing what they promise, and silent in the console."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from tests import accessibility

PAGES = ["gallery", "gallery_portal", "gallery_print", "gallery_dialog", "login"]
CANVAS = "form canvas.signature-canvas"
# A refused request is logged by the browser itself; everything else in the console is a mistake of ours.
EXPECTED = re.compile(r"status of (409|422)|ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)")


@pytest.fixture
def site(live_server, settings):
    settings.DEBUG = True
    return live_server.url


@pytest.fixture
def desk(desktop_page, site):
    """The gallery on an advisor's screen."""
    return opened(desktop_page, site)


@pytest.fixture
def phone(phone_page, site):
    return opened(phone_page, site)


def click_zone(page, zone: str) -> None:
    """Click a zone of the car. The gallery moves while its polled parts come in, so a click may miss."""
    rows = page.locator("form .damage-row")
    before = rows.count()
    for _try in range(5):
        page.locator(f"form [data-zone={zone}]").click()
        if rows.count() > before:
            return


def opened(page, site, name="gallery"):
    page.said = []
    page.on("console", lambda line: page.said.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(site + reverse(name))
    if name not in ("login", "gallery_print"):
        # Selectors, not functions: waiting for a function needs eval, which the content policy forbids.
        page.locator("html[data-ready]").wait_for(state="attached")
        page.locator("[data-started]:not([data-ready])").first.wait_for(state="detached")
    return page


def mistakes(page) -> list[str]:
    return [line for line in page.said if not EXPECTED.search(line)]


class TestEveryPage:
    # Every component stands in the gallery, so the gallery is looked at in both lights at both widths.
    @pytest.mark.parametrize(("name", "scheme"), [*((name, "light") for name in PAGES), ("gallery", "dark")])
    def test_on_a_screen(self, desktop_page, site, name, scheme):
        desktop_page.emulate_media(color_scheme=scheme)
        page = opened(desktop_page, site, name)
        assert (accessibility.serious(page), mistakes(page)) == ([], [])

    @pytest.mark.parametrize(("name", "scheme"), [*((name, "dark") for name in PAGES), ("gallery", "light")])
    def test_on_a_phone(self, phone_page, site, name, scheme):
        phone_page.emulate_media(color_scheme=scheme)
        page = opened(phone_page, site, name)
        assert (accessibility.serious(page), accessibility.sideways(page), mistakes(page)) == ([], 0, [])


def test_targets_on_a_phone_are_large_enough(phone):
    small = phone.evaluate(
        """[...document.querySelectorAll('.btn:not(.btn-sm), .bottombar-link, .form-control, .form-select, .segment, .portal-choice')]
        .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44).map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


class TestSubmitting:
    def posts(self, page):
        sent = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        return sent

    def test_three_presses_are_one_request(self, desk):
        sent = self.posts(desk)
        with desk.expect_navigation(wait_until="networkidle"):
            desk.evaluate(
                "const gate = document.querySelector('button[name=gate]'); for (let n = 0; n < 3; n++) gate.form.requestSubmit(gate)"
            )
        assert len(sent) == 1
        assert desk.locator("h1").inner_text() == "操作未执行"
        assert desk.locator(".blockers li").count() == 2

    def test_a_refusal_by_htmx_is_a_notice_and_the_button_lives_again(self, desk):
        sent = self.posts(desk)
        button = desk.locator("form[data-confirm] button")
        button.click()
        desk.locator("#confirm button[value=no]").click()
        assert sent == []
        button.click()
        desk.locator("#confirm button[value=yes]").click()
        desk.locator("#toasts .toast-error").wait_for()
        assert len(sent) == 1
        assert button.is_enabled()
        assert mistakes(desk) == []

    def test_without_network_nothing_typed_is_lost(self, desk):
        desk.locator("a[hx-target='#modal-body']").click()
        desk.locator("#dialog-why").fill("客户要求")
        desk.context.set_offline(True)
        desk.locator("#modal .btn-primary").click()
        desk.locator("#modal .toast-error").wait_for()
        assert "已填写的内容都在" in desk.locator("#modal .toast-error").inner_text()
        assert desk.locator("#dialog-why").input_value() == "客户要求"
        assert desk.locator("#modal .btn-primary").is_enabled()

    def test_errors_take_the_focus_and_keep_what_was_entered(self, desk):
        desk.locator("[name=words]").fill("左前门异响")
        click_zone(desk, "hood")
        draw(desk)
        strokes = desk.locator("[name=signature_strokes]").input_value()
        with desk.expect_navigation(wait_until="networkidle"):
            desk.locator("#form button[type=submit]").click()
        desk.locator("[data-error-summary]:focus").wait_for()
        assert desk.locator("[name=words]").input_value() == "左前门异响"
        assert desk.locator("form .damage-row").count() == 1
        assert json.loads(desk.locator("[name=signature_strokes]").input_value()) == json.loads(strokes)
        assert desk.locator("[name=signature_png]").input_value().startswith("data:image/png;base64,")


class TestDialogs:
    @pytest.mark.parametrize("kind", ["modal", "drawer"])
    def test_opens_with_the_fragment_and_closes(self, desk, kind):
        desk.locator(f"a[hx-target='#{kind}-body']").click()
        dialog = desk.locator(f"#{kind}[open]")
        dialog.wait_for()
        dialog.locator("#dialog-why:focus").wait_for()
        assert dialog.locator("h2").inner_text() == "调整承诺时间"
        assert accessibility.serious(desk) == []
        dialog.locator("[data-dialog-close]").click()
        assert desk.locator(f"#{kind}[open]").count() == 0

    def test_the_same_address_is_a_page(self, desktop_page, site):
        page = opened(desktop_page, site, "gallery_dialog")
        assert page.locator("h1").inner_text() == "调整承诺时间"
        assert page.locator(".sidebar").is_visible()


def draw(page):
    canvas = page.locator(CANVAS)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 40 + 15 * step, box["y"] + 60 + (40 if step % 2 else 0))
    page.mouse.up()


def points(page) -> list[dict]:
    return json.loads(page.locator("[name=signature_strokes]").input_value())[0]["points"]


class TestSignature:
    def test_drawing_fills_the_fields_and_clearing_empties_them(self, desk):
        draw(desk)
        assert len(points(desk)) > 5
        desk.locator("[data-signature-clear]").click()
        assert desk.locator("[name=signature_strokes]").input_value() == ""
        assert desk.locator("[name=signature_png]").input_value() == ""

    def test_turning_the_tablet_keeps_the_strokes(self, desk):
        draw(desk)
        before = points(desk)
        desk.set_viewport_size({"width": 560, "height": 900})
        desk.wait_for_timeout(200)
        draw_more = desk.evaluate(
            f"""(() => {{ const c = document.querySelector('{CANVAS}'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
            let dark = 0; for (let i = 0; i < d.length; i += 4) if (d[i] < 100) dark++; return dark; }})()"""
        )
        assert draw_more > 100
        assert points(desk) == before

    def test_ink_is_dark_on_white_in_dark_mode_too(self, desktop_page, site):
        desktop_page.emulate_media(color_scheme="dark")
        page = opened(desktop_page, site)
        draw(page)
        assert (
            page.evaluate(f"getComputedStyle(document.querySelector('{CANVAS}').parentElement).backgroundColor")
            == "rgb(255, 255, 255)"
        )


class TestDamage:
    def marks(self, page):
        return json.loads(page.locator("[name=marks]").input_value() or "[]")

    def test_by_pointer(self, desk):
        click_zone(desk, "hood")
        desk.locator("form .damage-row select").select_option("dent")
        desk.locator("form .damage-row input").fill("约 3 cm")
        (mark,) = self.marks(desk)
        assert (mark["zone"], mark["kind"], mark["note"]) == ("hood", "dent", "约 3 cm")
        assert 40 < mark["x"] < 60

    def test_by_keyboard(self, desk):
        zone = desk.locator("form [data-zone=left_rear]")
        zone.focus()
        desk.keyboard.press("Enter")
        assert desk.evaluate("document.activeElement.tagName") == "SELECT"
        zone.focus()
        desk.keyboard.press("Space")
        assert [mark["zone"] for mark in self.marks(desk)] == ["left_rear", "left_rear"]
        desk.locator("form .damage-row button").first.click()
        assert len(self.marks(desk)) == 1

    def test_by_finger(self, phone):
        phone.locator("form [data-zone=wheels] rect").first.tap()
        assert [mark["zone"] for mark in self.marks(phone)] == ["wheels"]


class TestPhotos:
    def test_takes_add_up_and_can_be_taken_out(self, phone):
        picture = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}
        album = phone.locator("input[name=photos][data-photo-files]")
        camera = phone.locator(".photo-camera input[name=photos]")
        album.set_input_files([picture, {**picture, "name": "b.png"}])
        camera.set_input_files([{**picture, "name": "c.png"}])
        names = "(e) => [...e.files].map((f) => f.name)"
        assert album.evaluate(names) == ["a.png", "b.png", "c.png"]
        assert camera.evaluate(names) == []
        phone.locator(".photo-remove").nth(1).tap()
        assert album.evaluate(names) == ["a.png", "c.png"]

    def test_too_large_a_file_is_left_out_and_said_so(self, desk):
        desk.evaluate(
            """() => { const files = new DataTransfer(); files.items.add(new File([new ArrayBuffer(15 * 1024 * 1024 + 1)], 'huge.png'));
            const input = document.querySelector('input[name=photos][data-photo-files]'); input.files = files.files;
            input.dispatchEvent(new Event('change', {bubbles: true})); }"""
        )
        assert "huge.png" in desk.locator("#toasts .toast-warning").inner_text()
        assert desk.locator("input[name=photos][data-photo-files]").evaluate("(e) => e.files.length") == 0


def test_a_value_out_of_range_is_not_in_order(desk):
    value = desk.locator("[name=checks-3-value]")
    chosen = desk.locator("[name=checks-3-state]:checked")
    value.fill("1.5")
    assert chosen.get_attribute("value") == "fail"
    assert desk.locator("[name=checks-3-note]").is_visible()
    value.fill("1.6")
    assert chosen.get_attribute("value") == "ok"


class TestBoard:
    def test_asks_with_its_tag_and_is_answered_without_a_body(self, desk):
        answers = []
        desk.on("response", lambda answer: answers.append(answer.status) if "/poll/" in answer.url else None)
        for expected in (1, 2):
            desk.evaluate("htmx.trigger(document.querySelector('[data-poll]'), 'refresh')")
            desk.wait_for_timeout(300)
            assert len(answers) >= expected
        assert answers[-1] == 304

    def test_a_lost_connection_is_shown_on_the_board(self, desk):
        desk.context.set_offline(True)
        desk.evaluate("htmx.trigger(document.querySelector('[data-poll]'), 'refresh')")
        desk.locator("[data-poll].is-stale").wait_for()
        desk.context.set_offline(False)
        desk.evaluate("htmx.trigger(document.querySelector('[data-poll]'), 'refresh')")
        desk.locator("[data-poll]:not(.is-stale)").wait_for()


def test_a_promise_turns_late_before_ones_eyes(desk):
    page = desk
    page.evaluate(
        """() => { const badge = document.querySelector('[data-countdown][data-state=fine]'); badge.id = 'watched';
        badge.querySelector('time').dateTime = new Date(Date.now() - 8 * 60000).toISOString();
        document.dispatchEvent(new Event('visibilitychange')); }"""
    )
    page.evaluate("window.ui.count()")
    badge = page.locator("#watched")
    assert badge.get_attribute("data-state") == "late"
    assert "chip-bad" in badge.get_attribute("class")
    assert badge.locator(".promise-left").inner_text() == "已超 8 分钟"
    assert badge.locator("use").get_attribute("href").endswith("#alarm")


def test_theme_is_chosen_and_remembered(desk):
    desk.evaluate("chooseTheme('dark')")
    desk.reload()
    assert desk.locator("html").get_attribute("data-bs-theme") == "dark"
    desk.evaluate("chooseTheme('')")
    assert desk.locator("html").get_attribute("data-bs-theme") == "light"


def test_chart_is_drawn_and_has_its_table(desk):
    desk.locator(".chart canvas").wait_for()
    desk.locator(".chart-table summary").click()
    assert desk.locator(".chart-table tbody tr").count() == 9


class TestWithoutJavaScript:
    def test_the_customers_page_and_the_drawing_still_work(self, browser, browser_context_args, site):
        context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
        page = context.new_page()
        page.goto(site + reverse("gallery_portal"))
        assert page.locator("h1").inner_text() == "您的爱车正在维修"
        assert page.get_by_role("button", name="提交答复").is_visible()
        page.goto(site + reverse("gallery"))
        page.locator("[name=marks-zone-1]").select_option("roof")
        assert page.locator("[name=signature_typed]").is_visible()
        context.close()
