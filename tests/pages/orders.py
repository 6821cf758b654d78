"""Pages of `orders`."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from orders import domain as orders
from orders.choices import ConsentState
from orders.domain import imports as history
from orders.models import Recommendation
from repairs import domain as repairs
from tests import factories
from tests.orders import targets as rules
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import asked, at, money_rule, of, with_drafts
from tests.visits_at_stage import Maker


def draft(maker: Maker) -> Target:
    row = maker("reception", lines=1, checked_in=True).lines.get()
    return Target({"line_pk": row.pk}, words={"item": row.title})


def added_and_asked(maker: Maker) -> Target:
    """A finding whose added item the customer was asked about."""
    visit = maker("repair", job="started")
    repairs.propose(
        visit,
        by=maker.person("technician"),
        operation=factories.operation(maker.store),
        risk="safety",
        concern="右前减震器漏油",
    )
    orders.ask_consent(visit, promised_at=clock.now() + timedelta(hours=6), by=visit.advisor)
    return of(visit)


def operation(maker: Maker) -> Target:
    return of(maker("reception", checked_in=True, lines=1), data={"operation": factories.operation(maker.store).pk})


def recommended(maker: Maker) -> Target:
    earlier = maker("closed")
    declined = factories.line(earlier, consent_state=ConsentState.DECLINED, risk="safety", pack=earlier.packs.first())
    advice = Recommendation.objects.create(
        store=maker.store, vehicle=earlier.vehicle, line=declined, risk="safety", created_at=clock.now()
    )
    visit = maker("reception", vehicle=earlier.vehicle, customer=earlier.customer)
    target = of(visit)
    target.kwargs["pk"] = advice.pk
    return target


HISTORY = "VIN,单号,日期,客户描述,金额\nLSVAA4180E2000001,881,2024-03-05,方向盘异响,320.50\n"


def import_run(maker: Maker) -> Target:
    run = history.begin_import(
        store=maker.store,
        data=HISTORY.encode(),
        filename="history.csv",
        source="old-dms",
        by=maker.person("service_manager"),
    )
    return Target({"pk": run.pk}, words={"file": run.filename})


PAGES = [
    Page("orders:import", "service_manager", heading="导入维修历史"),
    Page("orders:import_run", "service_manager", import_run, "{file}"),
    Page("orders:import_progress", "service_manager", import_run),
    Page("orders:lines", "advisor", with_drafts, "估价单"),
    Page("orders:operations", "advisor", at("reception")),
    Page("orders:add", "advisor", operation, post=True, status=DONE),
    Page("orders:add_item", "advisor", at("reception"), "新增项目"),
    Page("orders:revive", "advisor", recommended, post=True, status=DONE),
    Page("orders:terms", "advisor", at("reception", lines=1), "委托条款"),
    Page("orders:change", "advisor", draft, "{item}"),
    Page("orders:remove", "advisor", draft, post=True, status=DONE),
    Page("orders:ask", "advisor", with_drafts, "请客户确认"),
    Page("orders:redeem", "advisor", money_rule(rules.entitled), post=True, status=DONE),
    Page("orders:undo_redemption", "advisor", money_rule(rules.redeemed), post=True, status=DONE),
    Page("orders:ask_discount", "advisor", draft, "申请更大优惠"),
    Page("orders:discounts", "service_manager", money_rule(rules.discount_list), "待批优惠"),
    Page("orders:decide_discount", "service_manager", money_rule(rules.discount_asked), post=True, status=DONE),
    Page("orders:limits", "service_manager", heading="优惠权限"),
    Page("orders:take_back", "advisor", asked, post=True, status=DONE),
    Page("orders:decide_by_phone", "advisor", asked, "电话确认"),
    Page("orders:settlement", "advisor", at("checkout"), "维修结算清单"),
    Page("orders:issue", "advisor", at("handover"), post=True, status=DONE),
    Page("orders:explain", "advisor", at("handover", settled=True), post=True, status=DONE),
    Page("orders:print_order", "advisor", at("repair"), "任务委托书"),
    Page("orders:print_added", "advisor", added_and_asked, "增项确认单"),
    Page("orders:print_settlement", "advisor", at("checkout"), "机动车维修费用结算清单"),
]
