"""Things to open the pages of cases on; rows of `tests.pages` name them."""

from __future__ import annotations

from decimal import Decimal

from complaints import domain as complaints
from complaints.domain import MeasureInput, imports
from complaints.models import Case, RecoveryPlan
from tests.visits_at_stage import Maker

CSV = "id,filed_on,summary,problem_codes\n1,2024-05-01,空调不冷,H15\n2,2024-05-02,多收工时费,K200\n".encode()


def opened(maker: Maker, **how) -> Case:
    return complaints.open_case(
        store=maker.store,
        words="空调不冷，来了三次",
        source="phone",
        by=maker.person("cashier"),
        visit=maker("follow_up"),
        **how,
    )


def planned(maker: Maker, kind: str = "voucher", amount: int = 100) -> RecoveryPlan:
    """A plan that relations proposed: approved where it is within their limit."""
    return complaints.propose_plan(
        opened(maker),
        text="免费检查空调",
        measures=[MeasureInput(kind, Decimal(amount))],
        by=maker.person("customer_relations"),
    )


def executed(maker: Maker) -> Case:
    relations = maker.person("customer_relations")
    plan = planned(maker, "apology", 0)
    complaints.execute_measure(plan.measures.get(), proof="当面致歉", by=relations)
    complaints.respond(plan.case, text="已致电客户", by=relations)
    return Case.objects.get(pk=plan.case_id)


def understood(maker: Maker) -> Case:
    case = executed(maker)
    complaints.find_cause(
        case, cause="method", responsible="workshop", prevention="加测", by=maker.person("customer_relations")
    )
    return case


def told(maker: Maker):
    """Sales was told about a case."""
    return complaints.tell_sales(understood(maker), text="请致电", by=maker.person("customer_relations"))


def closable(maker: Maker) -> Case:
    feedback = told(maker)
    complaints.sales_answer(feedback, answer="已致电", by=maker.person("sales_liaison"))
    complaints.recheck(feedback.case, outcome="satisfied", words="好了", by=maker.person("service_manager"))
    return Case.objects.get(pk=feedback.case_id)


def file(maker: Maker):
    return imports.begin_import(
        store=maker.store, data=CSV, filename="cases.csv", source="平台", by=maker.person("service_manager")
    )
