"""Signing in, the pages for mistakes, and the gallery: open to builders only, clean for the content policy."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views import defaults

from core import gallery as samples
from core import looks

PAGES = ["gallery", "gallery_portal", "gallery_print", "gallery_dialog", "gallery_poll"]
INLINE = re.compile(r"""<style|\sstyle=|\son[a-z]+=["']|<script(?![^>]*\ssrc=)(?![^>]*application/json)|javascript:""")
TEMPLATES = sorted((django_settings.BASE_DIR / "templates").rglob("*.html"))
SPRITE = django_settings.BASE_DIR / "static" / "vendor" / "icons.svg"
ICON = re.compile(r"""\{% icon ["']([^"']+)["']|\bicon=["']([a-z0-9-]+)["']""")


@pytest.fixture
def developing(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("name", [*PAGES, "gallery_refused"])
class TestWhoMaySeeIt:
    def test_no_stranger(self, db, client, name):
        assert client.get(reverse(name)).status_code == 404

    def test_no_ordinary_staff(self, client_as, name):
        assert client_as("service_manager").get(reverse(name)).status_code == 404

    def test_a_superuser(self, client_as, name):
        browser = client_as("service_manager")
        browser.staff.user.is_superuser = True
        browser.staff.user.save(update_fields=["is_superuser"])
        assert browser.get(reverse(name)).status_code == (405 if name == "gallery_refused" else 200)


@pytest.mark.usefixtures("developing", "db")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_carry_nothing_the_content_policy_would_stop(client, name, language):
    response = client.get(reverse(name), headers={"accept-language": language})
    assert response.status_code == 200
    assert INLINE.findall(response.content.decode()) == []


@pytest.mark.usefixtures("developing", "db")
class TestSampleForm:
    GOOD = {
        "plate": "沪A12345",
        "phone": "13812348000",
        "kind": "dent",
        "wash": "no",
        "version": "3",
        "signature_typed": "陈静",
    } | {f"checks-{key}-state": "na" for key in (1, 2, 3, 4)}

    def post(self, client, **changes):
        return client.post(reverse("gallery"), {**self.GOOD, **changes})

    def test_success(self, client):
        response = self.post(client)
        assert (response.status_code, response["Location"]) == (303, reverse("gallery"))

    def test_mistake(self, client):
        assert self.post(client, phone="1").status_code == 422

    def test_refusal(self, client):
        response = self.post(client, plate="沪A00000")
        assert response.status_code == 409
        assert 'value="沪A00000"' in response.content.decode()


class TestSignIn:
    def test_the_right_password_leads_where_one_wanted_to_go(self, client, staff):
        user = staff("advisor").user
        user.set_password("right")
        user.save()
        page = client.get("/login/?next=/_gallery/")
        assert 'name="next" value="/_gallery/"' in page.content.decode()
        response = client.post("/login/", {"username": user.username, "password": "right", "next": "/_gallery/"})
        assert (response.status_code, response["Location"]) == (302, "/_gallery/")

    def test_a_wrong_one_is_a_mistake_with_the_name_kept(self, client, staff):
        response = client.post("/login/", {"username": "wang", "password": "wrong"})
        assert response.status_code == 422
        assert 'value="wang"' in response.content.decode()

    def test_no_way_to_another_site(self, client, staff):
        user = staff("advisor").user
        user.set_password("right")
        user.save()
        data = {"username": user.username, "password": "right", "next": "https://elsewhere.example/"}
        assert client.post("/login/", data)["Location"] == "/"


class TestMistakePages:
    """They say what happened, what was kept and where to go on; 400 and 500 without request and database."""

    @pytest.mark.parametrize(
        ("view", "arguments", "status"),
        [
            (defaults.bad_request, [ValueError()], 400),
            (defaults.permission_denied, [PermissionError("stores.manage")], 403),
            (defaults.page_not_found, [ValueError()], 404),
            (defaults.server_error, [], 500),
        ],
    )
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_page(self, view, arguments, status, language):
        with translation.override(language):
            response = view(RequestFactory().get("/x/"), *arguments)
        page = response.content.decode()
        assert response.status_code == status
        assert page.count("<h1>") == 1
        assert INLINE.findall(page) == []
        assert f'<html lang="{language}">' in page

    def test_expired_form(self, db):
        response = Client(enforce_csrf_checks=True).post("/login/", {})
        assert response.status_code == 403
        assert "solo-code" in response.content.decode()


def test_no_template_carries_anything_inline():
    found = {path.name: INLINE.findall(path.read_text()) for path in TEMPLATES}
    assert {name: inline for name, inline in found.items() if inline} == {}


def test_every_icon_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
    named = {first or second for path in TEMPLATES for first, second in ICON.findall(path.read_text())}
    shown = {look.icon for table in (looks.PROMISE, looks.STAGES, looks.STATES) for look in table.values()}
    shown |= {entry["icon"] for entry in samples.nav("/")}
    assert sorted((named | shown) - sprite) == []
