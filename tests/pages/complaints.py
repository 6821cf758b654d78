"""Pages of `complaints`."""

from __future__ import annotations

from collections.abc import Callable

from complaints import domain as complaints
from tests.complaints import targets as cases
from tests.pages.rows import DONE, Page, Target
from tests.visits_at_stage import Maker


def comforted(maker: Maker) -> Target:
    return Target(query=f"?plate={maker('repair').vehicle.plate}")


def case(make=cases.opened, who: str = "customer_relations", **data) -> Callable[[Maker], Target]:
    def target(maker: Maker) -> Target:
        row = make(maker)
        return Target({"pk": row.pk}, data=data, who=maker.person(who), words={"number": row.number})

    return target


def plan(key: str, make=cases.planned, who: str = "customer_relations", **data) -> Callable[[Maker], Target]:
    """A plan of a case, named in the address as `key`; `{n}` in what is posted is its number."""

    def target(maker: Maker) -> Target:
        row = make(maker)
        posted = {name.replace("{n}", str(row.pk)): value for name, value in data.items()}
        return Target({key: row.pk}, data=posted, who=maker.person(who))

    return target


def to_carry_out(maker: Maker) -> Target:
    row = cases.planned(maker, "apology", 0).measures.get()
    who = maker.person("customer_relations")
    return Target({"measure_pk": row.pk}, data={f"m{row.pk}-proof": "当面致歉"}, who=who)


def above_limit(maker: Maker):
    return cases.planned(maker, "cash", 500)


def closed_case(maker: Maker):
    return complaints.close_case(cases.closable(maker), note="客户满意", by=maker.person("customer_relations"))


def told_sales(**data) -> Callable[[Maker], Target]:
    def target(maker: Maker) -> Target:
        row = cases.told(maker)
        posted = {name.replace("{n}", str(row.pk)): value for name, value in data.items()}
        return Target({"pk": row.pk}, data=posted, who=maker.person("sales_liaison"))

    return target


def case_file(maker: Maker) -> Target:
    return Target({"pk": cases.file(maker).pk})


PAGES = [
    Page("complaints:inbox", "customer_relations", heading="投诉单"),
    Page("complaints:comfort", "technician", comforted, "当场致意", colleague_role="sales_liaison", keyed=False),
    Page("complaints:praise", "washer", colleague_role=None),
    Page("complaints:case", "customer_relations", case(), "投诉单 {number}"),
    Page("complaints:respond", "customer_relations", case(**{"respond-text": "已致电道歉"}), post=True, status=DONE),
    Page("complaints:note", "customer_relations", case(**{"note-text": "等客户回电"}), post=True, status=DONE),
    Page("complaints:take", "customer_relations", case(), post=True, status=DONE),
    Page(
        "complaints:grade",
        "customer_relations",
        case(**{"grade-severity": "L2", "grade-category": "wash"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:plan",
        "customer_relations",
        case(**{"plan-text": "免费检查", "plan-kind1": "apology"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:approve", "service_manager", plan("plan_pk", above_limit, "service_manager"), post=True, status=DONE
    ),
    Page(
        "complaints:refuse", "customer_relations", plan("plan_pk", **{"refuse-text": "换一个"}), post=True, status=DONE
    ),
    Page(
        "complaints:offer_answer",
        "customer_relations",
        plan("plan_pk", **{"offer-answer": "accepted", "offer-channel": "phone"}),
        post=True,
        status=DONE,
    ),
    Page("complaints:measure_done", "customer_relations", to_carry_out, post=True, status=DONE),
    Page(
        "complaints:recheck",
        "service_manager",
        case(cases.executed, "service_manager", **{"recheck-outcome": "satisfied", "recheck-words": "好了"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:cause",
        "customer_relations",
        case(**{"cause-cause": "people", "cause-responsible": "workshop", "cause-prevention": "培训"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:tell_sales",
        "customer_relations",
        case(cases.understood, **{"sales-text": "请致电"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:close",
        "customer_relations",
        case(cases.closable, **{"close-text": "客户满意"}),
        post=True,
        status=DONE,
    ),
    Page("complaints:approvals", "service_manager", heading="待审批方案", phone=True),
    Page(
        "complaints:decide",
        "service_manager",
        plan("pk", above_limit, "service_manager", **{"p{n}-decision": "approve"}),
        post=True,
        status=DONE,
    ),
    Page("complaints:limits", "service_manager", heading="补偿审批权限"),
    Page(
        "complaints:set_limit",
        "general_manager",
        lambda maker: Target({"role": "advisor"}, data={"advisor-cash": "0", "advisor-equivalent": "300"}),
        post=True,
        status=DONE,
        keyed=False,
    ),
    Page("complaints:sales", "sales_liaison", heading="投诉反馈销售"),
    Page("complaints:sales_read", "sales_liaison", told_sales(), post=True, status=DONE),
    Page("complaints:sales_answer", "sales_liaison", told_sales(**{"f{n}-text": "已致电"}), post=True, status=DONE),
    Page("complaints:import", "service_manager", heading="导入投诉"),
    Page("complaints:import_run", "service_manager", case_file, "cases.csv"),
    Page("complaints:import_progress", "service_manager", case_file),
]
