"""What each role sees first when the day begins."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

import pytest
from django.core.cache import caches
from django.template import engines
from django.urls import reverse

from complaints import domain as complaints
from core import clock
from stores.choices import RoleCode
from stores.models import Role, Staff
from tests import factories
from tests.appointments import free

PAGE_OF = {
    "controller": "repairs:board",
    "technician": "repairs:my_jobs",
    "inspector": "inspections:queue",
    "washer": "inspections:wash_queue",
    "cashier": "checkout:queue",
    "gate": "checkout:gate",
    "parts_clerk": "repairs:parts",
}
TITLE_OF = {
    "advisor": "我今天的车辆",
    "booking_desk": "预约",
    "customer_relations": "回访与投诉",
    "service_manager": "门店今日",
    "aftersales_director": "门店今日",
    "general_manager": "门店今日",
    "group_manager": "门店对比",
}


@pytest.mark.parametrize("role", [role.value for role in RoleCode])
def test_every_role_has_a_home(role, store, client_as):
    answer = client_as(role).get(reverse("desk:home"), follow=True)

    assert answer.status_code == 200
    assert [url for url, _status in answer.redirect_chain] == ([reverse(PAGE_OF[role])] if role in PAGE_OF else [])


@pytest.mark.parametrize("role", TITLE_OF)
def test_the_home_says_whose_it_is(role, store, client_as):
    assert client_as(role).get("/").context["title"] == TITLE_OF[role]


@pytest.mark.parametrize("role", [role.value for role in RoleCode])
def test_whatever_stands_in_the_menu_opens(role, store, client_as):
    browser = client_as(role)
    entries = browser.get("/", follow=True).context["nav"]

    assert entries
    assert {entry["url"]: browser.get(entry["url"], follow=True).status_code for entry in entries} == {
        entry["url"]: 200 for entry in entries
    }


def test_an_advisor_sees_his_own_cars_by_urgency(store, make_visit, client_as):
    mine = make_visit.person("advisor")
    late = make_visit("repair", promised_at=clock.now() - timedelta(hours=1))
    ready = make_visit("handover")
    make_visit("repair", advisor=factories.staff(store, "advisor"))

    sections = {section["key"]: section["rows"] for section in client_as(mine).get("/").context["sections"]}

    assert (sections["at_risk"], sections["handover"]) == ([late], [ready])
    assert set(sections["all"]) == {late, ready}


def test_a_manager_counts_the_store(store, make_visit, client_as):
    make_visit("repair", promised_at=clock.now() - timedelta(minutes=5))
    make_visit("wash", promised_at=clock.now() + timedelta(minutes=10))

    context = client_as("service_manager").get("/").context

    assert [len(section["rows"]) for section in context["sections"] if section["key"] == "late"] == [2]
    values = [figure["value"] for figure in context["figures"]]
    assert (values[0], values[3], values[4]) == (2, 1, 1)  # in the store, late, at risk


def test_a_group_manager_opens_another_store(store, other_store, make_visit, client_as, staff):
    boss = staff("group_manager")
    make_visit("repair")
    role = Role._base_manager.get(store=other_store, code="group_manager")
    Staff._base_manager.create(store=other_store, user=boss.user, role=role, name=boss.name, employee_no="G1")
    browser = client_as(boss)

    rows = browser.get("/").context["stores"]
    assert [(row["store"], row["today"]["in_store"]) for row in rows] == [(store, 1), (other_store, 0)]

    browser.post(reverse("desk:choose_store"), {"store": other_store.pk})
    assert browser.get("/").wsgi_request.staff.store == other_store


def test_nobody_chooses_a_store_he_does_not_work_in(store, other_store, client_as):
    browser = client_as("advisor")

    assert browser.post(reverse("desk:choose_store"), {"store": other_store.pk}).status_code == 404


def test_a_long_menu_stands_under_headings_and_a_phone_keeps_four(store, client_as):
    context = client_as("service_manager").get("/").context
    groups = [group for group, _rows in groupby(context["nav"], key=lambda row: row["group"])]

    assert groups == ["今天", "客户", "管理", "设置"]
    assert [row["name"] for row in context["bar"]] == ["desk:home", "desk:board", "complaints:inbox", "reports:csi"]
    assert sorted(row["url"] for row in [*context["bar"], *context["more"]]) == sorted(
        row["url"] for row in context["nav"]
    )


@pytest.mark.parametrize("role", [role.value for role in RoleCode])
def test_icons_tell_entries_of_a_menu_apart(role, store, client_as):
    icons = [entry["icon"] for entry in client_as(role).get("/", follow=True).context["nav"]]

    assert len(set(icons)) == len(icons)


def test_two_roles_with_the_same_rights_keep_different_entries_in_reach(store, client_as):
    everything = Role.objects.get(code="service_manager").permissions
    Role.objects.filter(code="aftersales_director").update(permissions=everything)
    manager, director = client_as("service_manager").get("/"), client_as("aftersales_director").get("/")

    assert manager.context["nav_key"] != director.context["nav_key"]
    assert [row["name"] for row in manager.context["bar"]] != [row["name"] for row in director.context["bar"]]


def test_managers_see_how_the_store_stands_and_what_it_rests_on(store, make_visit, client_as):
    for name in ("service_manager", "aftersales_director"):
        known = client_as(name).get("/").context["known"]
        # Nobody has answered yet: no figure, and why.
        assert [(row["value"], row.get("hint")) for row in known[:2]] == [("", "满 10 份起显示")] * 2
        assert known[-1]["value"] == 0
    assert "known" not in client_as("booking_desk").get("/").context


def test_a_director_has_the_store_of_today_in_five_figures(store, make_visit, client_as):
    make_visit("repair", promised_at=clock.now() - timedelta(minutes=5))

    figures = client_as("aftersales_director").get("/").context["figures"]

    # In the store, late, first promises kept, open cases, remedies owed.
    assert [row["value"] for row in figures] == [1, 1, "—", 0, 0]
    assert [row["url"] for row in figures[-2:]] == ["#cases", reverse("commitments:list")]


def test_the_booking_desk_sees_what_can_still_be_given_away(store, client_as):
    factories.staff(store, "advisor")
    figures = {row["label"]: row for row in client_as("booking_desk").get("/").context["figures"]}

    tomorrow = clock.local_day(store.tz) + timedelta(days=1)
    sheet = figures["明日可约时段"]["url"]
    assert sheet.endswith(f"?day={tomorrow:%Y-%m-%d}")
    assert figures["明日可约时段"]["value"] == len(free.on(store, tomorrow)) > 0
    assert figures["待拨招揽电话"]["value"] == 0


def test_cases_stand_by_the_clock_that_runs_next(store, client_as, staff):
    """Whoever has heard nothing yet on top; an answered one shows what it owes next, not that all is well."""
    relations, manager = staff("customer_relations"), staff("service_manager")
    answered = complaints.open_case(store=store, words="多收了钱", source="phone", by=manager, severity="L2")
    complaints.respond(answered, text="已致电", by=manager)
    silent = complaints.open_case(store=store, words="空调不冷", source="phone", by=manager, severity="L2")

    page = client_as(relations).get(reverse("desk:home"))

    rows = next(section["rows"] for section in page.context["sections"] if section["key"] == "cases")
    assert rows == [silent, answered]
    text = page.content.decode()
    assert text.index("首次答复") < text.index("补救方案")


def test_the_menu_leaves_the_names_of_a_page_alone(store, client_as):
    caches["pieces"].clear()
    request = client_as("service_manager").get("/").wsgi_request
    page = engines["django"].from_string(
        '{% extends "base.html" %}{% block content %}<p>{{ group }} {{ groups }} {{ entry }}</p>{% endblock %}'
    )
    own = {"group": "my group", "groups": "my groups", "entry": "my entry"}

    caches["pieces"].clear()
    assert [("<p>my group my groups my entry</p>" in page.render(own, request)) for _cold in (True, False)] == [
        True
    ] * 2


def test_whoever_sets_the_rules_of_reminders_reads_what_came_of_them(store, client_as):
    director = client_as("aftersales_director")

    assert reverse("outreach:results") in [entry["url"] for entry in director.get("/").context["nav"]]
    assert f'href="{reverse("outreach:calls")}"' not in director.get(reverse("outreach:results")).content.decode()
