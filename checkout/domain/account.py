"""Payment on account (挂账): a cashier asks, a second person answers from his own page."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from checkout import queries
from checkout.domain.locking import lock_list
from checkout.events import AccountAsked, AccountDecided
from checkout.models import AccountApproval
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.money import format_money, money
from journal.domain import record
from orders.models import Settlement
from stores.models import Staff


@transaction.atomic
def ask_account(settlement: Settlement, *, amount: Decimal, debtor: str, by: Staff) -> AccountApproval:
    """Ask whether `amount` may go on account; `debtor` says who will pay, and when. One question at a time per list."""
    visit, settlement = lock_list(settlement)
    if not by.may("checkout.take_payment"):
        raise NotAllowed(_("Your role does not take payments."))
    if not debtor.strip():
        raise DomainError(_("Say who will pay, and when."), code="debtor_missing")
    owed = queries.balance(settlement)
    if not 0 < money(amount) <= owed:
        raise DomainError(
            _("¥%(owed)s is owed; ask for an amount up to that.") % {"owed": format_money(owed)},
            code="too_much",
        )
    try:
        with transaction.atomic():
            approval = AccountApproval.objects.create(
                store_id=visit.store_id,
                settlement=settlement,
                amount=money(amount),
                debtor=debtor.strip()[:120],
                asked_by=by,
                asked_at=clock.now(),
            )
    except IntegrityError as error:
        if "checkout_one_open_question" in str(error):
            raise Conflict(_("A manager has been asked already; wait for the answer.")) from error
        raise
    record(
        AccountAsked(settlement.pk, approval.amount),
        store_id=visit.store_id,
        subject=approval,
        visit_id=visit.pk,
        by=by,
        at=approval.asked_at,
    )
    return approval


@transaction.atomic
def decide_account(approval: AccountApproval, *, approve: bool, by: Staff, reason: str = "") -> AccountApproval:
    """Answer the cashier. A refusal needs its reason; nobody approves what he asked for himself."""
    visit, _settlement = lock_list(approval.settlement)
    approval = AccountApproval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    if approval.decided_at:
        raise Conflict(_("Somebody has answered this already."))
    if not by.may("checkout.on_account"):
        raise NotAllowed(_("Your role does not approve payment on account."))
    if by.pk == approval.asked_by_id:
        raise NotAllowed(_("Somebody else has to approve what you asked for."))
    if not approve and not reason.strip():
        raise DomainError(_("Say why not."), code="reason_missing")
    approval.approved, approval.reason = approve, reason.strip()[:200]
    approval.decided_by, approval.decided_at = by, clock.now()
    approval.save(update_fields=["approved", "reason", "decided_by", "decided_at"])
    record(
        AccountDecided(approval.settlement_id, approval.amount, approve),
        store_id=visit.store_id,
        subject=approval,
        visit_id=visit.pk,
        by=by,
        at=approval.decided_at,
    )
    return approval
