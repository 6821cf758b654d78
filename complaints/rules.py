"""Who may work on a case: nobody judges a complaint about himself, nobody proves his own work (ISO 10002, objectivity)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from complaints.choices import MeasureKind, PlanState, VoiceKind
from complaints.models import Case, RecoveryPlan
from stores.choices import RoleCode
from stores.models import Staff

# Offers to one car within this time are summed, so that a large one does not pass as several small ones.
SPLIT_WINDOW = timedelta(days=30)
# An approved offer that the customer left unanswered for so long may be carried out all the same.
SILENCE = timedelta(hours=72)
# Tries to reach the customer, each on a day of its own, before a case may end without his word.
TRIES = 3
# domain.md 5.3: (refunds and compensation, vouchers and labour) in yuan that a role may promise without a second person; None = no
# limit. What a store starts with; its own rows (`RecoveryLimit`) go before.
DEFAULT_LIMITS: dict[str, tuple[Decimal | None, Decimal | None]] = {
    RoleCode.ADVISOR: (Decimal(0), Decimal(200)),
    RoleCode.CUSTOMER_RELATIONS: (Decimal(0), Decimal(200)),
    RoleCode.SERVICE_MANAGER: (Decimal(1000), Decimal(2000)),
    RoleCode.AFTERSALES_DIRECTOR: (Decimal(5000), Decimal(8000)),
    RoleCode.GENERAL_MANAGER: (Decimal(20000), None),
    RoleCode.GROUP_MANAGER: (None, None),
}

# domain.md 5.3: what a role without a limit of its own may give a customer on the spot, in yuan for one car in thirty days.
COMFORT_LIMIT = Decimal(100)


def complained_about(case: Case) -> set[int]:
    """Ids of the staff the case is about: whom it names, the visit's advisor, and whoever a voice in it names."""
    named = case.voices.filter(kind=VoiceKind.PROBLEM, about__isnull=False)
    people = set(named.values_list("about_id", flat=True))
    if case.about_id:
        people.add(case.about_id)
    if case.visit_id and case.visit.advisor_id:
        people.add(case.visit.advisor_id)
    return people


def may_work(staff: Staff, case: Case) -> bool:
    return staff.may("complaints.work") and staff.pk not in complained_about(case)


def worked_on(case: Case) -> set[int]:
    """Ids of those whose work a re-check proves: the owner, and who proposed or carried out anything of the plan."""
    plans = RecoveryPlan.objects.filter(case=case, state=PlanState.EXECUTED)
    people = {pk for row in plans.values_list("proposed_by_id", "measures__executed_by_id") for pk in row if pk}
    return people | ({case.owner_id} if case.owner_id else set())


def may_recheck(staff: Staff, case: Case) -> bool:
    return staff.may("complaints.recheck") and staff.pk not in complained_about(case) | worked_on(case)


def needs_acceptance(plan: RecoveryPlan) -> bool:
    """Words need nobody's consent; whatever is worth something is the customer's to take or leave."""
    return any(measure.kind not in MeasureKind.of_words() for measure in plan.measures.all())


def within(limit: tuple[Decimal | None, Decimal | None], money: Decimal, kind: Decimal) -> bool:
    """True if neither sum passes its limit; None is no limit."""
    return all(top is None or amount <= top for top, amount in zip(limit, (money, kind)))
