"""Pages of `symptoms`."""

from __future__ import annotations

from collections.abc import Callable

from tests.pages.rows import DONE, Page, Target
from tests.symptoms import targets as trees
from tests.visits_at_stage import Maker


def symptoms_of(make, **more) -> Callable[[Maker], Target]:
    def target(maker: Maker) -> Target:
        return Target({"pk": make(maker).pk, **more})

    return target


PAGES = [
    Page("symptoms:list", "service_manager", heading="自助问诊"),
    Page("symptoms:begin", "service_manager", post=True, status=DONE),
    Page("symptoms:agreement", "service_manager", heading="问诊准确度"),
    Page("symptoms:tree", "controller", symptoms_of(trees.draft), "自助问诊，第 2 版"),
    Page("symptoms:try", "controller", symptoms_of(trees.draft), "第 2 版客户视图"),
    Page("symptoms:publish", "service_manager", symptoms_of(trees.draft), post=True, status=DONE),
    Page("symptoms:discard", "service_manager", symptoms_of(trees.draft), post=True, status=DONE),
    Page("symptoms:add_question", "service_manager", symptoms_of(trees.draft), "新增题目"),
    Page("symptoms:add_result", "service_manager", symptoms_of(trees.draft), "新结果"),
    Page("symptoms:question", "service_manager", symptoms_of(trees.question), "修改题目"),
    Page("symptoms:remove_question", "service_manager", symptoms_of(trees.question), post=True, status=DONE),
    Page("symptoms:add_choice", "service_manager", symptoms_of(trees.question), "“什么颜色？”的新选项"),
    Page("symptoms:choice", "service_manager", symptoms_of(trees.choice), "修改选项"),
    Page("symptoms:move_choice", "service_manager", symptoms_of(trees.choice, way="up"), post=True, status=DONE),
    Page("symptoms:remove_choice", "service_manager", symptoms_of(trees.choice), post=True, status=DONE),
    Page("symptoms:result", "service_manager", symptoms_of(trees.result), "修改结果"),
    Page("symptoms:remove_result", "service_manager", symptoms_of(trees.result), post=True, status=DONE),
]
