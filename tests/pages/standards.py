"""Pages of `standards`."""

from __future__ import annotations

from collections.abc import Callable

from standards import domain as standards
from standards import queries as lists
from tests.pages.rows import DONE, Page, Target
from tests.visits_at_stage import Maker


def version(*, draft: bool) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        manager = maker.person("service_manager")
        row = standards.draft(use="wash", by=manager) if draft else lists.in_force("wash")
        return Target({"pk": row.pk}, words={"list": row.name})

    return make


def check_item(**more) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        row = standards.draft(use="wash", by=maker.person("service_manager"))
        return Target({"pk": lists.items(row)[1].pk, **more})

    return make


def slug(maker: Maker) -> Target:
    return Target({"use": "wash"}, words={"list": lists.in_force("wash").name})


PAGES = [
    Page("standards:list", "service_manager", heading="服务标准"),
    Page("standards:edit", "service_manager", slug, "洗车", keyed=False),
    Page("standards:begin", "service_manager", slug, post=True, status=DONE, keyed=False),
    Page("standards:version", "service_manager", version(draft=False), "{list}，第 1 版"),
    Page("standards:publish", "service_manager", version(draft=True), post=True, status=DONE),
    Page("standards:discard", "service_manager", version(draft=True), post=True, status=DONE),
    Page("standards:rename", "service_manager", version(draft=True), "检查单名称"),
    Page("standards:add_item", "service_manager", version(draft=True), "新增检查项"),
    Page("standards:item", "service_manager", check_item(), "修改检查项"),
    Page("standards:move", "service_manager", check_item(way="up"), post=True, status=DONE),
    Page("standards:remove", "service_manager", check_item(), post=True, status=DONE),
]
