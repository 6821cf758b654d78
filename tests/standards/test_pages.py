"""The service standard's pages: a manager makes the next version of a checklist."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from standards import domain as standards
from standards import queries
from standards.domain import ItemInput
from standards.models import Checklist, ChecklistItem

LIST = reverse("standards:list")
WASH = reverse("standards:edit", args=["wash"])


@pytest.fixture
def manager(client_as):
    return client_as("service_manager")


@pytest.fixture
def draft(manager):
    return standards.draft(use="wash", by=manager.staff)


def names(checklist):
    return [item.name_zh for item in queries.items(checklist)]


def every_page(draft):
    item = draft.items.first()
    return [
        LIST,
        WASH,
        reverse("standards:version", args=[draft.pk]),
        reverse("standards:rename", args=[draft.pk]),
        reverse("standards:add_item", args=[draft.pk]),
        reverse("standards:item", args=[item.pk]),
    ]


def test_managers_only(manager, draft, client_as, client):
    advisor = client_as("advisor")
    for url in every_page(draft):
        assert (manager.get(url).status_code, url) == (200, url)
        assert "<h1>" in manager.get(url).content.decode()
        assert (advisor.get(url).status_code, url) == (403, url)
        assert (client.get(url).status_code, url) == (302, url)


def test_list_shows_what_is_in_force_and_what_is_worked_on(manager, draft):
    page = manager.get(LIST)

    rows = {row["use"].value: row for row in page.context["rows"]}
    assert len(rows) == 7
    assert (rows["wash"]["current"].version, rows["wash"]["draft"]) == (1, draft)
    assert rows["handover"]["draft"] is None


def test_the_list_in_force_is_only_read_until_a_version_is_begun(manager, store):
    page = manager.get(WASH)
    assert page.context["draft"] is None
    assert reverse("standards:begin", args=["wash"]) in page.content.decode()

    answer = manager.post(reverse("standards:begin", args=["wash"]))

    assert (answer.status_code, answer["Location"]) == (303, WASH)
    assert queries.draft_of("wash").version == 2
    assert "standards/items" in manager.get(WASH).content.decode()


def test_an_item_is_added_changed_moved_and_taken_out(manager, draft):
    before = names(draft)
    data = {
        "name_zh": "雨刮抬起",
        "name_en": "Wipers lifted",
        "group_zh": "外洗",
        "group_en": "Outside",
        "kind": "check",
    }
    assert manager.post(reverse("standards:add_item", args=[draft.pk]), data).status_code == 303
    added = draft.items.get(name_zh="雨刮抬起")
    assert names(draft) == [*before[:3], "雨刮抬起", *before[3:]]
    assert added.required is False  # the box was not ticked

    change = {**data, "name_zh": "雨刮归位", "required": "on", "kind": "value", "unit": "次", "low": "0", "high": "2"}
    assert manager.post(reverse("standards:item", args=[added.pk]), change).status_code == 303
    assert manager.post(reverse("standards:move", args=[added.pk, "up"])).status_code == 303
    assert names(draft) == [*before[:2], "雨刮归位", *before[2:]]
    added.refresh_from_db()
    assert (added.required, added.kind, added.high) == (True, "value", 2)

    assert manager.post(reverse("standards:remove", args=[added.pk])).status_code == 303
    assert names(draft) == before


def test_bad_input_keeps_what_was_typed(manager, draft):
    url = reverse("standards:add_item", args=[draft.pk])
    answer = manager.post(url, {"name_zh": "胎压", "kind": "value", "unit": "kPa", "low": "3", "high": "2"})

    assert answer.status_code == 422
    assert 'value="胎压"' in answer.content.decode()
    assert draft.items.filter(name_zh="胎压").count() == 0

    answer = manager.post(url, {"name_zh": "胎压", "kind": "check", "unit": "kPa"})
    assert (answer.status_code, "kind" in answer.context["form"].errors) == (422, True)


def test_renamed(manager, draft):
    manager.post(reverse("standards:rename", args=[draft.pk]), {"name_zh": "洗车单（新）", "name_en": "Wash, new"})

    draft.refresh_from_db()
    assert (draft.name_zh, draft.name_en) == ("洗车单（新）", "Wash, new")


def test_published_and_from_then_on_filled(manager, draft):
    standards.add_item(draft, item=ItemInput("雨刮抬起"), by=manager.staff)

    answer = manager.post(reverse("standards:publish", args=[draft.pk]))

    assert (answer.status_code, answer["Location"]) == (303, LIST)
    assert "雨刮抬起" in names(queries.in_force("wash"))
    page = manager.get(LIST)
    assert [c.version for row in page.context["rows"] if row["use"] == "wash" for c in row["earlier"]] == [1]


def test_stale_pages_are_conflicts(manager, draft):
    item = draft.items.first()
    standards.publish(draft, by=manager.staff)
    data = {"name_zh": "新", "kind": "check"}

    assert manager.post(reverse("standards:publish", args=[draft.pk])).status_code == 409
    assert manager.post(reverse("standards:item", args=[item.pk]), data).status_code == 409
    assert manager.post(reverse("standards:add_item", args=[draft.pk]), data).status_code == 409
    assert manager.post(reverse("standards:remove", args=[item.pk])).status_code == 409
    assert ChecklistItem.objects.filter(pk=item.pk).exists()


def test_thrown_away(manager, draft):
    assert manager.post(reverse("standards:discard", args=[draft.pk])).status_code == 303
    assert queries.draft_of("wash") is None


def test_a_teammate_changes_nothing(client_as, draft):
    advisor = client_as("advisor")
    before = names(draft)

    for url in (
        reverse("standards:publish", args=[draft.pk]),
        reverse("standards:discard", args=[draft.pk]),
        reverse("standards:remove", args=[draft.items.first().pk]),
        reverse("standards:begin", args=["handover"]),
    ):
        assert advisor.post(url).status_code == 403
    assert (names(draft), queries.in_force("wash").version, queries.draft_of("handover")) == (before, 1, None)


def test_another_stores_list_and_unknown_uses_are_not_there(manager, other_store):
    foreign = Checklist._base_manager.create(store=other_store, use="wash", version=1, name_zh="洗车")

    assert manager.get(reverse("standards:version", args=[foreign.pk])).status_code == 404
    assert manager.post(reverse("standards:publish", args=[foreign.pk])).status_code == 404
    assert manager.get(reverse("standards:edit", args=["nonsense"])).status_code == 404


def test_queries_do_not_grow_with_versions_or_items(manager, draft):
    counts = []
    for extra in (1, 3):
        for n in range(extra):
            standards.add_item(draft, item=ItemInput(f"项目{extra}-{n}"), by=manager.staff)
        with CaptureQueriesContext(connection) as listed:
            manager.get(LIST)
        with CaptureQueriesContext(connection) as edited:
            manager.get(WASH)
        counts.append((len(listed), len(edited)))
        standards.publish(draft, by=manager.staff)
        draft = standards.draft(use="wash", by=manager.staff)
    assert counts[0] == counts[1]
