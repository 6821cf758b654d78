"""Pages of `surveys`."""

from __future__ import annotations

from collections.abc import Callable

from surveys import domain as surveys
from surveys import queries as survey_queries
from tests.pages.rows import DONE, Page, Target
from tests.visits_at_stage import Maker


def survey_answer(maker: Maker) -> Target:
    visit = maker("follow_up")
    core = survey_queries.core_items(survey_queries.items(survey_queries.in_force()))
    marks = {core["overall"].pk: 9, core["nps"].pk: 8, core["problem"].pk: False}
    caller = maker.person("customer_relations")
    row = surveys.answer(visit, answers=marks, channel="phone", by=caller, comment="还行")
    return Target({"pk": row.pk}, words={"customer": visit.customer.name})


def questionnaire(*, draft: bool = False) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        row = surveys.draft(by=maker.person("service_manager")) if draft else survey_queries.in_force()
        return Target({"pk": row.pk})

    return make


def question(**kwargs) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        row = surveys.draft(by=maker.person("service_manager"))
        return Target({"pk": survey_queries.items(row)[-1].pk, **kwargs})

    return make


PAGES = [
    Page("surveys:answers", "customer_relations", heading="客户答卷"),
    Page("surveys:answer", "customer_relations", survey_answer, "{customer}的答卷"),
    Page("surveys:questionnaire", "service_manager", heading="满意度问卷"),
    Page("surveys:begin", "service_manager", post=True, status=DONE),
    Page("surveys:version", "service_manager", questionnaire(), "满意度问卷，第 1 版"),
    Page("surveys:publish", "service_manager", questionnaire(draft=True), post=True, status=DONE),
    Page("surveys:discard", "service_manager", questionnaire(draft=True), post=True, status=DONE),
    Page("surveys:weights", "service_manager", questionnaire(draft=True), "因子权重"),
    Page("surveys:add_item", "service_manager", questionnaire(draft=True), "新增题目"),
    Page("surveys:item", "service_manager", question(), "修改题目"),
    Page("surveys:move", "service_manager", question(way="up"), post=True, status=DONE),
    Page("surveys:remove", "service_manager", question(), post=True, status=DONE),
]
