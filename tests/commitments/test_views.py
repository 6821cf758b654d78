"""The pages of promises: staff's list, a remedy, the definitions, and what everybody reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from commitments.models import Commitment
from core import clock
from portal import promises_page
from tests.commitments import targets
from tests.guarded import heading

LIST = reverse("commitments:list")


def test_the_list_shows_what_is_in_danger_and_owed(store, make_visit, client_as):
    running = targets.measurement(make_visit)
    remedy = targets.owed(make_visit)
    targets.history(make_visit, "greeted_3min", kept=19, broken=1)

    answer = client_as("customer_relations").get(LIST)
    page = answer.content.decode()

    assert (list(answer.context["at_risk"]), list(answer.context["owed"])) == ([running], [remedy])
    assert reverse("commitments:settle", args=[remedy.pk]) in page
    assert ("95.0%" in page, "76.4%–99.1%" in page) == (True, True)
    assert "修改承诺" not in page  # only managers change what is promised
    assert reverse("commitments:settle", args=[remedy.pk]) not in client_as("controller").get(LIST).content.decode()


def test_a_remedy_is_settled_on_its_page(store, make_visit, client_as):
    remedy = targets.owed(make_visit)
    url = reverse("commitments:settle", args=[remedy.pk])
    browser = client_as("advisor")

    empty = browser.post(url, {"outcome": "declined", "note": ""})
    refused = browser.post(url, {"outcome": "waived", "note": "不值得"})
    kept = browser.post(url, {"outcome": "given", "note": "券号 12"})
    again = browser.post(url, {"outcome": "given", "note": "券号 13"})

    assert [answer.status_code for answer in (empty, refused, kept, again)] == [422, 422, 303, 409]
    remedy.refresh_from_db()
    assert (remedy.state, remedy.note) == ("given", "券号 12")
    assert "券号 12" in browser.get(url).content.decode()


def test_a_promise_is_changed_and_published(store, client_as):
    browser = client_as("service_manager")
    url = reverse("commitments:definition", args=["follow_up_72h"])
    terms = {
        "text_zh": "{time}内回访",
        "text_en": "",
        "minutes": "2880",
        "remedy": "",
        "remedy_value": "",
        "public": "on",
    }

    wrong = browser.post(url, {**terms, "text_zh": "两天内回访"})
    assert (wrong.status_code, "两天内回访" in wrong.content.decode()) == (422, True)
    assert browser.post(url, terms)["Location"] == url
    draft = Commitment.objects.get(published_at=None)
    assert "48 小时内回访" in browser.get(url).content.decode()
    browser.post(reverse("commitments:publish", args=[draft.pk]))

    current = targets.in_force("follow_up_72h")
    assert (current.version, current.text, current.remedy) == (2, "48 小时内回访", "")
    assert browser.get(reverse("commitments:definition", args=["no_such"])).status_code == 404


def test_the_list_behind_a_figure_is_filtered(store, make_visit, client_as):
    targets.measurement(make_visit)
    remedy = targets.owed(make_visit)
    url = reverse("commitments:measured")

    rows = client_as("advisor").get(f"{url}?code=ready_by_first_promise&state=broken").context["page"].object_list

    assert list(rows) == [remedy.measurement]


def test_the_visit_page_says_how_our_promises_went(store, make_visit, client_as):
    remedy = targets.owed(make_visit)
    url = reverse("desk:visit", args=[remedy.measurement.visit_id])
    browser = client_as("advisor")

    page = browser.get(url).content.decode()
    assert ("按首次承诺交车" in page, "工时费优惠 10%" in page) == (True, True)

    # The verdict changes without a word in the journal, and the page with it.
    before = browser.get(url).content.decode()
    type(remedy.measurement).objects.update(state="kept", met_at=remedy.measurement.due_at)
    assert browser.get(url).content.decode() != before


@pytest.mark.parametrize("role", ["advisor", "service_manager"])
def test_homes_count_danger_and_debts(store, make_visit, client_as, role):
    targets.measurement(make_visit)
    targets.owed(make_visit)

    figures = {
        figure["label"]: figure["value"] for figure in client_as(make_visit.person(role)).get("/").context["figures"]
    }

    assert (figures["公开承诺即将超时"], figures["待补偿"]) == (1, 1)


# --- What everybody reads ------------------------------------------------------------------------------------------------


def public(store) -> str:
    return reverse("portal:promises", args=[store.code])


def test_everybody_reads_rate_number_and_interval(store, make_visit, client):
    targets.history(make_visit, "greeted_3min", kept=27, broken=3)
    targets.history(make_visit, "follow_up_72h", kept=9, broken=0)
    old = clock.now() - timedelta(days=366)
    targets.history(make_visit, "complaint_1h", kept=0, broken=0)
    targets.history(make_visit, "greeted_3min", kept=0, broken=1, at=old)

    answer = client.get(public(store))
    page = answer.content.decode()

    assert (answer.status_code, heading(answer)) == (200, "我们的服务承诺")
    # 27 of 30: domain.md 3.5.
    assert all(words in page for words in ("90.0%", "30 次中做到 27 次", "74.4%", "96.5%", "免费洗车一次"))
    assert page.count("目前不足 10 次") == 6
    assert "100.0%" not in page


def test_what_is_hidden_or_withdrawn_is_not_shown(store, client):
    Commitment.objects.filter(code="greeted_3min").update(public=False)
    Commitment.objects.filter(code="confirm_10min").update(retired_at=clock.now())

    page = client.get(public(store)).content.decode()

    assert ("到店后" in page, "预约后" in page, "回访您一次" in page) == (False, False, True)


def test_other_stores_and_who_asks_too_often(store, other_store, make_visit, client, monkeypatch):
    targets.history(make_visit, "greeted_3min", kept=12, broken=0)
    assert "12 次" not in client.get(public(other_store)).content.decode()
    assert client.get("/c/promises/nowhere/").status_code == 404
    assert client.post(public(store)).status_code == 405

    monkeypatch.setattr(promises_page, "LOOKS", 1)
    assert client.get(public(store)).status_code == 429
