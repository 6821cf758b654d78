"""Making it good: propose, let a second person agree, offer it to the customer, carry it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import queries, rules
from complaints.choices import (
    AnswerChannel,
    CaseState,
    EntryKind,
    MeasureKind,
    PlanAnswer,
    PlanState,
)
from complaints.domain import clocks
from complaints.domain.links import link_address
from complaints.domain.locking import entry, journal, lock_for, lock_open, said, seconds
from complaints.events import PlanAnswered, PlanApproved, PlanExecuted, PlanProposed, PlanRefused
from complaints.gates import plan_of_round
from complaints.models import Case, Measure, RecoveryLimit, RecoveryPlan
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError, NotAllowed
from core.money import format_money, money
from customers.models import Vehicle
from messaging import domain as messaging
from stores.models import Staff, Store

# These may be promised without a figure: what they are worth shows only when they are done.
WITHOUT_AMOUNT = {MeasureKind.FREE_REWORK, MeasureKind.COURTESY_CAR, MeasureKind.PICKUP}


@dataclass(frozen=True)
class MeasureInput:
    """One thing to do; `amount` in yuan, what it is worth."""

    kind: MeasureKind | str
    amount: Decimal = Decimal(0)
    note: str = ""


@transaction.atomic
def propose_plan(case: Case, *, text: str, measures: Iterable[MeasureInput], by: Staff) -> RecoveryPlan:
    """Propose how to make it good. Within the proposer's own limit it counts at once and is offered to the customer;
    above it a second person decides.

    The limit is compared with everything the car was promised within thirty days, this plan included, so that a large
    promise does not pass as several small ones. Conflict while another plan of the case is open.
    """
    case = lock_for(case, by=by)
    if case.state != CaseState.OPEN:
        raise Conflict(_("The plan was carried out already; now the customer is asked whether it is good."))
    if plan_of_round(case):
        raise Conflict(_("The case has a plan already; withdraw it before you propose another one."))
    text = said(text, _("Write what we offer."))
    measures = _checked(list(measures))
    _lock_car(case)
    cash, kind = _sums(measures)
    spent = queries.promised(case)
    exposure = (spent[0] + cash, spent[1] + kind)
    second = not rules.within(queries.limit_of(case.store, by.role_code), *exposure)
    now = clock.now()
    plan = RecoveryPlan.objects.create(
        store_id=case.store_id,
        case=case,
        vehicle_id=case.vehicle_id,
        text=text,
        money=cash,
        kind=kind,
        needs_second=second,
        proposed_by=by,
        proposed_at=now,
    )
    Measure.objects.bulk_create(
        Measure(store_id=case.store_id, plan=plan, kind=m.kind, amount=money(m.amount), note=m.note.strip()[:300])
        for m in measures
    )
    journal(case, PlanProposed(case.number, plan.total, cash, kind, sum(exposure)), by=by, at=now)
    if not second:
        _approve(case, plan, by=by, approver=None)
    return plan


def _checked(measures: list[MeasureInput]) -> list[MeasureInput]:
    if not measures:
        raise DomainError(_("A plan needs at least one measure; an apology is one."), code="no_measure")
    for measure in measures:
        if measure.kind not in MeasureKind.values:
            raise DomainError(_("Choose what is done."), code="measure")
        label, amount = MeasureKind(measure.kind).label, money(measure.amount)
        if amount < 0:
            raise DomainError(_("%(what)s: the amount is negative.") % {"what": label}, code="amount")
        words = measure.kind in MeasureKind.of_words()
        if words and amount:
            raise DomainError(_("%(what)s costs nothing; leave the amount empty.") % {"what": label}, code="amount")
        if not (words or amount or measure.kind in WITHOUT_AMOUNT):
            raise DomainError(_("%(what)s: say what it is worth.") % {"what": label}, code="amount")
    return measures


def _sums(measures: list[MeasureInput]) -> tuple[Decimal, Decimal]:
    cash = sum((money(m.amount) for m in measures if m.kind in MeasureKind.in_money()), Decimal(0))
    return cash, sum((money(m.amount) for m in measures), Decimal(0)) - cash


def _lock_car(case: Case) -> None:
    # Two cases of one car at the same moment: the second one sees what the first one promised.
    if case.vehicle_id:
        Vehicle.objects.select_for_update(of=("self",), no_key=True).get(pk=case.vehicle_id)


@transaction.atomic
def approve_plan(plan: RecoveryPlan, *, by: Staff) -> RecoveryPlan:
    """A second person agrees: not the proposer, not whom the case is about, and with a limit that covers what the car was
    promised within thirty days."""
    case, plan = _lock(plan, by=by, permission="complaints.approve")
    if plan.state != PlanState.WAITING:
        raise Conflict(_("This plan was decided already."))
    if plan.proposed_by_id == by.pk:
        raise NotAllowed(_("You proposed this plan yourself; somebody else has to approve it."), code="own_plan")
    _lock_car(case)
    spent = queries.promised(case)
    if not rules.within(queries.limit_of(case.store, by.role_code), *spent):
        raise NotAllowed(
            _("%(sum)s yuan within thirty days are above your limit; somebody with a higher one has to approve.")
            % {"sum": format_money(sum(spent))},
            code="above_limit",
        )
    return _approve(case, plan, by=by, approver=by)


def _approve(case: Case, plan: RecoveryPlan, *, by: Staff, approver: Staff | None) -> RecoveryPlan:
    now = clock.now()
    plan.state, plan.approved_at, plan.approved_by = PlanState.APPROVED, now, approver
    plan.save(update_fields=["state", "approved_at", "approved_by"])
    if case.planned_at is None:
        case.planned_at = now
        case.next_notice_at = clocks.next_notice(case)
        case.save(update_fields=["planned_at", "next_notice_at"])
    journal(case, PlanApproved(case.number, plan.needs_second, plan.pk), by=by, at=now)
    if case.customer_id and rules.needs_acceptance(plan):
        messaging.send(
            store=case.store,
            template="case_offer",
            customer=case.customer,
            params={"number": case.number, "link": link_address(case)},
            dedupe_key=f"case_offer:{plan.pk}",
            visit_id=case.visit_id,
            by=by,
        )
    return plan


@transaction.atomic
def refuse_plan(plan: RecoveryPlan, *, reason: str, by: Staff) -> RecoveryPlan:
    """A second person says no, or the proposer takes it back; the case needs another plan. Never once the customer agreed."""
    permission = "complaints.work" if plan.proposed_by_id == by.pk else "complaints.approve"
    case, plan = _lock(plan, by=by, permission=permission)
    if plan.state not in PlanState.live():
        raise Conflict(_("This plan was decided already."))
    if plan.customer_answer:
        raise Conflict(_("The customer has accepted this offer; it is carried out."))
    if plan.measures.filter(executed_at__isnull=False).exists():
        raise Conflict(_("A part of this plan was carried out already."))
    plan.refusal = said(reason, _("Write why, so that the next plan is a better one."))
    plan.state, plan.refused_by, plan.refused_at = PlanState.REFUSED, by, clock.now()
    plan.save(update_fields=["state", "refusal", "refused_by", "refused_at"])
    journal(case, PlanRefused(case.number, plan.pk), by=by)
    return plan


@transaction.atomic
def answer_plan(
    plan: RecoveryPlan,
    *,
    answer: PlanAnswer | str,
    channel: AnswerChannel | str,
    by: Actor | HasActor,
    words: str = "",
) -> RecoveryPlan:
    """The customer accepts the offer or declines it, by link or through somebody who writes it down.

    Accepting waives nothing the law gives him. A declined offer needs his words, and the case another plan.
    """
    if isinstance(by, Staff):
        case, plan = _lock(plan, by=by, permission="complaints.work")
    else:
        case = lock_open(plan.case)
        plan = _again(plan)
    if plan.state != PlanState.APPROVED or plan.customer_answer:
        raise Conflict(_("This offer was answered already, or another one took its place."), code="answered")
    if answer not in PlanAnswer.values:
        raise DomainError(_("Choose whether the offer is accepted."), code="answer")
    plan.customer_answer, plan.answered_by, plan.answered_at = answer, channel, clock.now()
    plan.customer_words = words.strip()
    if answer == PlanAnswer.DECLINED:
        plan.customer_words = said(words, _("What would be right instead? Please say it in a few words."))
        plan.state = PlanState.REFUSED
    plan.save(update_fields=["customer_answer", "answered_by", "answered_at", "customer_words", "state"])
    if plan.customer_words:
        entry(case, EntryKind.CUSTOMER, plan.customer_words, by if isinstance(by, Staff) else None)
    journal(case, PlanAnswered(case.number, answer, str(channel)), by=by, at=plan.answered_at)
    return plan


@transaction.atomic
def execute_measure(measure: Measure, *, proof: str, by: Staff) -> Measure:
    """One measure is done, with what proves it. After the last one the case waits for its re-check."""
    case, plan = _lock(measure.plan, by=by, permission="complaints.work")
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    if plan.state != PlanState.APPROVED or measure.executed_at:
        raise Conflict(_("This was carried out already, or the plan does not stand any more."))
    if not may_carry_out(plan):
        raise DomainError(_("The customer has not answered the offer yet."), code="not_accepted")
    measure.proof = said(proof, _("Write how one sees that it was done: a receipt, a voucher, an order."))[:300]
    measure.executed_at, measure.executed_by = clock.now(), by
    measure.save(update_fields=["proof", "executed_at", "executed_by"])
    if not plan.measures.filter(executed_at=None).exists():
        _executed(case, plan, by=by)
    return measure


def may_carry_out(plan: RecoveryPlan) -> bool:
    """Accepted, or nothing to accept, or offered so long ago that silence counts."""
    if plan.state != PlanState.APPROVED:
        return False
    silent = plan.approved_at + rules.SILENCE <= clock.now()
    return plan.customer_answer == PlanAnswer.ACCEPTED or silent or not rules.needs_acceptance(plan)


def _executed(case: Case, plan: RecoveryPlan, *, by: Staff) -> None:
    now = clock.now()
    plan.state, plan.executed_at = PlanState.EXECUTED, now
    plan.save(update_fields=["state", "executed_at"])
    case.state, case.resolved_at, case.next_notice_at = CaseState.EXECUTED, now, None
    case.save(update_fields=["state", "resolved_at", "next_notice_at"])
    kept = case.resolution_due_at is None or now <= case.resolution_due_at
    journal(case, PlanExecuted(case.number, plan.total, seconds(case, now), kept), by=by, at=now)


def _lock(plan: RecoveryPlan, *, by: Staff, permission: str) -> tuple[Case, RecoveryPlan]:
    return lock_for(plan.case, by=by, permission=permission), _again(plan)


def _again(plan: RecoveryPlan) -> RecoveryPlan:
    return RecoveryPlan.objects.select_for_update(of=("self",)).prefetch_related("measures").get(pk=plan.pk)


def seed_limits(store: Store) -> None:
    """Give a new store the limits of the house; what it has already stays."""
    RecoveryLimit.objects.bulk_create(
        [
            RecoveryLimit(store=store, role=role, cash_limit=cash, equivalent_limit=kind)
            for role, (cash, kind) in rules.DEFAULT_LIMITS.items()
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def set_limit(*, store: Store, role: str, cash: Decimal | None, equivalent: Decimal | None, by: Staff) -> RecoveryLimit:
    """What a role may promise alone; None is no limit. Set by somebody above it: nobody widens his own."""
    ladder = list(rules.DEFAULT_LIMITS)
    if by.role_code not in ladder or ladder.index(by.role_code) <= ladder.index(role):
        raise NotAllowed(_("The limit of a role is set by somebody above it."))
    row, _made = RecoveryLimit.objects.update_or_create(
        store=store, role=role, defaults={"cash_limit": cash, "equivalent_limit": equivalent}
    )
    return row
