"""Pages of `customers`."""

from __future__ import annotations

from tests import factories
from tests.orders import targets as rules
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import customer, money_rule
from tests.visits_at_stage import Maker


def known(maker: Maker) -> Target:
    return Target({"pk": factories.customer(maker.store).pk})


def car(maker: Maker) -> Target:
    return Target({"pk": factories.vehicle(maker.store).pk})


PAGES = [
    Page("customers:edit", "booking_desk", known, "修改客户信息"),
    Page("customers:preferences", "booking_desk", customer, "{customer} 的偏好"),
    Page("customers:add_vehicle", "booking_desk", known, "新增车辆"),
    Page("customers:consent", "booking_desk", known, "客户授权登记"),
    Page("customers:entitlements", "advisor", money_rule(rules.car), "可用权益"),
    Page("customers:void_entitlement", "service_manager", money_rule(rules.entitlement), post=True, status=DONE),
    Page("customers:edit_vehicle", "booking_desk", car, "修改车辆信息"),
]
