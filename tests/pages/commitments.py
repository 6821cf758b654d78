"""Pages of `commitments`."""

from __future__ import annotations

from tests.commitments import targets as promised
from tests.pages.rows import DONE, Page, Target
from tests.visits_at_stage import Maker


def remedy(maker: Maker) -> Target:
    return Target({"pk": promised.owed(maker).pk})


def drafted_promise(maker: Maker) -> Target:
    return Target({"pk": promised.draft(maker).pk})


def promise_in_force(maker: Maker) -> Target:
    return Target({"pk": promised.in_force("follow_up_72h").pk})


PAGES = [
    Page("commitments:list", "advisor", heading="服务承诺"),
    Page("commitments:measured", "advisor", heading="承诺记录"),
    Page("commitments:settle", "customer_relations", remedy, "承诺未兑现的补偿"),
    Page("commitments:definitions", "service_manager", heading="承诺内容"),
    Page(
        "commitments:definition",
        "service_manager",
        lambda make: Target({"code": "follow_up_72h"}),
        "离店后回访",
        keyed=False,
    ),
    Page("commitments:publish", "service_manager", drafted_promise, post=True, status=DONE),
    Page("commitments:discard", "service_manager", drafted_promise, post=True, status=DONE),
    Page("commitments:withdraw", "service_manager", promise_in_force, post=True, status=DONE),
]
