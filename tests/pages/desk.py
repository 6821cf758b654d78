"""Homes, board, search, the visit's page and what stands on it."""

from __future__ import annotations

from collections.abc import Callable

from core import clock
from journal.models import SetAside
from tests import factories
from tests.orders import targets as rules
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import customer, money_rule, of
from tests.visits_at_stage import Maker
from visits.models import Promise


def visit_pk(stage: str, **how) -> Callable[[Maker], Target]:
    """The same, named `pk`."""

    def make(maker: Maker) -> Target:
        target = of(maker(stage, **how))
        target.kwargs = {"pk": target.kwargs["visit_pk"]}
        return target

    return make


def need(maker: Maker) -> Target:
    visit = maker("repair")
    return Target({"pk": visit.pk, "need_pk": visit.needs.get().pk})


def untold(maker: Maker) -> Target:
    visit = maker("repair")
    row = Promise.objects.get(visit=visit)
    Promise.objects.filter(pk=row.pk).update(told_at=None, told_how="")
    return Target({"pk": visit.pk, "promise_pk": row.pk}, data={"how": "phone"})


def set_aside(maker: Maker) -> Target:
    row = SetAside.objects.create(
        store_id=maker.store.pk,
        reaction="followups.open",
        event_id=10**12 + factories.number(),
        error="ValueError: 无法处理",
        first_at=clock.now(),
        last_at=clock.now(),
    )
    return Target({"pk": row.pk})


def own_store(maker: Maker) -> Target:
    return Target(data={"store": maker.store.pk})


PAGES = [
    Page("desk:home", "advisor", heading="我今天的车辆", colleague_role=None),
    Page("desk:board", "advisor", heading="实时看板"),
    Page("desk:board_lanes", "advisor"),
    Page("desk:search", "advisor", lambda make: Target(query="?q=888"), "搜索"),
    Page("desk:say", "washer", heading="客户说……", colleague_role=None, phone=True),
    Page("desk:visit", "advisor", visit_pk("repair", job="started"), "{plate} {customer} {number}"),
    Page("desk:add_need", "advisor", visit_pk("repair"), "客户提出的需求"),
    Page("desk:settle_need", "advisor", need, "答复客户需求"),
    Page("desk:promise", "advisor", visit_pk("repair"), "承诺交车时间"),
    Page("desk:move_promise", "advisor", money_rule(rules.at_risk), post=True, status=DONE),
    Page("desk:tell_promise", "advisor", untold, post=True, status=DONE),
    Page("desk:tell_customer", "advisor", visit_pk("repair"), "向客户通报进度"),
    Page("desk:cancel", "advisor", visit_pk("reception"), "结束本次服务：未维修离店"),
    Page("desk:send_link", "advisor", visit_pk("repair"), "发送客户链接"),
    Page("desk:customer", "advisor", customer, "{customer}"),
    Page("desk:dead_letters", "service_manager", heading="搁置事项"),
    Page("desk:retry", "service_manager", set_aside, post=True, status=DONE),
    Page("desk:dismiss", "service_manager", set_aside, post=True, status=DONE),
    Page("desk:choose_store", "advisor", own_store, post=True, status=302, colleague_role=None),
]
