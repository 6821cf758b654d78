"""The plumbing between pages and domain: statuses, ways on and back, polling."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from core import web
from core.errors import Conflict, DomainError, GateClosed, NotAllowed
from core.forms import CrispyForm, MoneyField, PlateField

TEMPLATE = "_test_form.html"
PAGE = "{% load crispy_forms_tags %}<h1>page</h1>{% crispy form %}<ul>{% for b in blockers %}<li>{{ b }}</li>{% endfor %}</ul>"
FRAGMENT = "{% load crispy_forms_tags %}fragment{% crispy form %}"


class PlateForm(CrispyForm):
    plate = PlateField()
    amount = MoneyField(required=False)


@pytest.fixture
def templates(settings):
    pages = {TEMPLATE: PAGE, "_test_fragment.html": FRAGMENT}
    engine = settings.TEMPLATES[0]
    options = {
        **engine["OPTIONS"],
        "context_processors": ["django.template.context_processors.request"],
        "loaders": [
            ("django.template.loaders.locmem.Loader", pages),
            ("django.template.loaders.filesystem.Loader", [settings.BASE_DIR / "templates"]),
            "django.template.loaders.app_directories.Loader",
        ],
    }
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]


def request_of(method="get", path="/x/", data=None, htmx=False, **headers):
    names = {f"HTTP_{key.upper()}": value for key, value in headers.items()}
    if htmx:
        names["HTTP_HX_REQUEST"] = "true"
    request = getattr(RequestFactory(), method)(path, data or {}, **names)
    request.htmx = HtmxDetails(request)
    return request


def handle(request, act=lambda data: data, form=None, **options):
    return web.handle(request, form or PlateForm(), act, template=TEMPLATE, done="/done/", **options)


GOOD = {"plate": "沪a 12345", "amount": "1,234.50"}


@pytest.mark.usefixtures("templates")
class TestHandle:
    def test_get_shows_the_form_and_acts_on_nothing(self):
        acted = []
        response = handle(request_of(), acted.append)
        assert response.status_code == 200
        assert acted == []
        assert "error-summary" not in response.content.decode()

    def test_success_gives_the_cleaned_data_to_the_domain_and_leads_on(self):
        acted = []
        response = handle(request_of("post", data=GOOD), acted.append)
        assert (response.status_code, response["Location"]) == (303, "/done/")
        assert acted == [{"plate": "沪A12345", "amount": Decimal("1234.50")}]

    def test_a_bound_form_is_left_as_it_is(self):
        request = request_of("post", data=GOOD)
        assert handle(request, form=PlateForm(request.POST)).status_code == 303

    def test_done_may_be_a_function_of_the_result(self):
        response = web.handle(
            request_of("post", data=GOOD),
            PlateForm(),
            lambda data: 7,
            template=TEMPLATE,
            done=lambda result: f"/visits/{result}/",
        )
        assert response["Location"] == "/visits/7/"

    def test_done_may_answer_with_a_fragment(self):
        response = web.handle(
            request_of("post", data=GOOD),
            PlateForm(),
            lambda data: 7,
            template=TEMPLATE,
            done=lambda result: HttpResponse(f"row {result}"),
        )
        assert (response.status_code, response.content) == (200, b"row 7")

    def test_what_does_not_validate_comes_back_with_what_was_typed(self):
        acted = []
        response = handle(request_of("post", data={"plate": "沪A12345", "amount": "12.345"}), acted.append)
        page = response.content.decode()
        assert response.status_code == 422
        assert acted == []
        assert 'value="12.345"' in page
        assert 'value="沪A12345"' in page
        assert "data-error-summary" in page

    def test_an_empty_post_is_a_post(self):
        assert handle(request_of("post")).status_code == 422

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (DomainError("The mileage went backwards."), 422),
            (Conflict("The slot is taken."), 409),
            (NotAllowed("Only the controller may do this."), 403),
        ],
    )
    def test_a_refusal_becomes_an_error_of_the_form_with_its_status(self, error, status):
        def refuse(data):
            raise error

        response = handle(request_of("post", data=GOOD), refuse)
        page = response.content.decode()
        assert response.status_code == status
        assert str(error) in page
        assert 'value="沪a 12345"' in page

    def test_a_closed_gate_hands_its_blockers_to_the_page(self):
        def refuse(data):
            raise GateClosed(["No photo.", "No signature."])

        response = handle(request_of("post", data=GOOD), refuse)
        assert response.status_code == 409
        assert "<li>No photo.</li><li>No signature.</li>" in response.content.decode()

    def test_htmx_gets_the_fragment_and_is_led_on_by_a_header(self):
        shown = handle(request_of("post", data={}, htmx=True), fragment="_test_fragment.html")
        assert (shown.status_code, shown.content[:8]) == (422, b"fragment")
        done = handle(request_of("post", data=GOOD, htmx=True), fragment="_test_fragment.html")
        assert (done.status_code, done["HX-Redirect"]) == (200, "/done/")

    def test_other_mistakes_are_not_hidden(self):
        def broken(data):
            raise KeyError("a bug")

        with pytest.raises(KeyError):
            handle(request_of("post", data=GOOD), broken)


class TestAct:
    def test_only_by_post(self):
        acted = []
        response = web.act(request_of(), lambda: acted.append(1), done="/done/")
        assert (response.status_code, acted) == (405, [])

    def test_success_leads_on(self):
        response = web.act(request_of("post"), lambda: 7, done=lambda result: f"/{result}/")
        assert (response.status_code, response["Location"]) == (303, "/7/")

    def test_a_refusal_is_a_page_with_its_status_and_the_way_back(self):
        def refuse():
            raise Conflict("Somebody was first.")

        request = request_of("post", referer="http://testserver/visits/3/")
        response = web.act(request, refuse, done="/done/")
        page = response.content.decode()
        assert response.status_code == 409
        assert "Somebody was first." in page
        assert 'href="http://testserver/visits/3/"' in page

    def test_a_refusal_is_a_notice_for_htmx(self):
        def refuse():
            raise GateClosed(["No photo."])

        response = web.act(request_of("post", htmx=True), refuse, done="/done/")
        assert response.status_code == 409
        assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#toasts", "beforeend")
        assert "<li>No photo.</li>" in response.content.decode()


class TestPolled:
    def poll(self, header="", etag="v7", **options):
        rendered = []

        def render():
            rendered.append(1)
            return HttpResponse("board")

        request = request_of(if_none_match=header) if header else request_of()
        return web.polled(request, etag, render, **options), len(rendered)

    def test_first_answer_carries_its_tag(self):
        response, rendered = self.poll()
        assert (response.status_code, response.content, rendered) == (200, b"board", 1)
        assert response["ETag"] == '"v7-zh-hans"'
        assert response["Cache-Control"] == "private, no-cache"

    def test_unchanged_is_not_even_rendered(self):
        response, rendered = self.poll('"v7-zh-hans"')
        assert (response.status_code, response.content, rendered) == (304, b"", 0)
        assert response["ETag"] == '"v7-zh-hans"'

    def test_a_proxy_may_weaken_the_tag(self):
        assert self.poll('"old", W/"v7-zh-hans"')[0].status_code == 304

    @pytest.mark.parametrize("header", ['"v6-zh-hans"', '"v7-en"', "v7", '""'])
    def test_changed_is_sent(self, header):
        assert self.poll(header)[0].status_code == 200

    def test_the_last_answer_ends_the_polling_even_when_unchanged(self):
        response, rendered = self.poll('"v7-zh-hans"', stop=True)
        assert (response.status_code, rendered) == (286, 1)


def test_toast_survives_the_header():
    response = web.toast(HttpResponse(), "已保存", "success")
    assert json.loads(response["HX-Trigger"]) == {"toast": {"text": "已保存", "level": "success"}}


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        ("http://testserver/visits/3/", "http://testserver/visits/3/"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_back_stays_on_this_site(referer, expected):
    assert web.back_url(request_of(referer=referer)) == expected


def test_frame_is_a_dialog_for_htmx_and_a_page_otherwise():
    assert web.frame(request_of(htmx=True)) == "_components/dialog.html"
    assert web.frame(request_of()) == "_components/page_frame.html"
    assert web.frame(request_of(htmx=True, HX_History_Restore_Request="true")) == "_components/page_frame.html"


class TestRefusalMiddleware:
    def test_a_refusal_no_view_expected_is_no_server_error(self):
        middleware = web.RefusalMiddleware(lambda request: None)
        response = middleware.process_exception(request_of(), Conflict("Somebody was first."))
        assert response.status_code == 409

    def test_bugs_stay_bugs(self):
        middleware = web.RefusalMiddleware(lambda request: None)
        assert middleware.process_exception(request_of(), ValueError()) is None


class TestPageOf:
    @pytest.mark.parametrize(("number", "expected"), [("", 1), ("2", 2), ("99", 3), ("0", 3), ("x", 1)])
    def test_a_page_that_is_not_there_gives_the_nearest(self, number, expected):
        request = request_of(path=f"/x/?page={number}")
        assert web.page_of(request, list(range(55)), per_page=25).number == expected
