"""Money taken and given back, exact to the cent whoever else is at the till."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from checkout import queries
from checkout.choices import PaymentMethod
from checkout.domain.gate import withdraw_gate_pass
from checkout.domain.locking import lock_list
from checkout.events import Paid, Refunded
from checkout.models import AccountApproval, Payment
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.money import format_money, money
from journal.domain import record
from orders.models import Settlement
from stores.models import Staff
from visits.models import Visit


@transaction.atomic
def pay(
    settlement: Settlement,
    *,
    method: PaymentMethod | str,
    amount: Decimal,
    by: Staff,
    token: UUID,
    reference: str = "",
    invoice_number: str = "",
    approved_by: Staff | None = None,
) -> Payment:
    """Take one payment for a settlement list; several make up the whole.

    `token` is the form's one-time token: the same token again returns the payment it made. Every method but cash needs
    a reference. On account needs an approval of exactly this amount that a second person gave (`ask_account`,
    `decide_account`); `approved_by`, if given, must be that person.

    DomainError: nothing or too much is paid, reference or approval is missing. Conflict: nothing is owed any more.
    """
    visit, settlement = lock_list(settlement)
    if made := Payment.objects.filter(token=token).first():
        return _same(made, settlement, method, amount)
    if not by.may("checkout.take_payment"):
        raise NotAllowed(_("Your role does not take payments."))
    if method not in PaymentMethod.values:
        raise DomainError(_("Choose how it is paid."), code="method_missing")
    amount = positive(amount)
    owed = queries.balance(settlement)
    _guard_owed(amount, owed)
    approval = None
    if method == PaymentMethod.ACCOUNT:
        approval = _approval(settlement, amount, by=by, approved_by=approved_by)
        reference = reference.strip() or approval.debtor[:60]
    elif method != PaymentMethod.CASH and not reference.strip():
        raise DomainError(_("Enter the reference of the payment."), code="reference_missing")
    payment = _insert(
        Payment(
            store_id=visit.store_id,
            settlement=settlement,
            method=method,
            amount=amount,
            reference=reference.strip()[:60],
            invoice_number=invoice_number.strip()[:40],
            approval=approval,
            approved_by=approval.decided_by if approval else None,
            token=token,
            by=by,
            at=clock.now(),
        )
    )
    _record(Paid(settlement.pk, str(method), amount, owed - amount), payment, visit, by)
    return payment


def positive(amount: Decimal) -> Decimal:
    """An amount above zero with at most two decimals; DomainError otherwise."""
    try:
        amount = Decimal(amount)
    except (InvalidOperation, TypeError, ValueError):
        raise DomainError(_("Enter an amount."), code="amount") from None
    if not amount.is_finite() or amount <= 0:
        raise DomainError(_("The amount has to be above zero."), code="amount")
    if amount != money(amount):
        raise DomainError(_("Amounts have two decimals."), code="amount")
    return money(amount)


def _same(made: Payment, settlement: Settlement, method: str, amount: Decimal) -> Payment:
    if (made.settlement_id, made.method, made.amount) != (
        settlement.pk,
        str(method),
        amount,
    ):
        raise Conflict(
            _("This form was sent before with another amount; the first one counts. Reload the page."),
            code="token_used",
        )
    return made


def _guard_owed(amount: Decimal, owed: Decimal) -> None:
    if owed <= 0:
        raise Conflict(
            _("Nothing is owed any more; somebody took the payment already."),
            code="settled",
        )
    if amount > owed:
        raise DomainError(
            _("Only ¥%(owed)s is owed; ¥%(amount)s is too much.")
            % {"owed": format_money(owed), "amount": format_money(amount)},
            code="too_much",
        )


def _approval(settlement: Settlement, amount: Decimal, *, by: Staff, approved_by: Staff | None) -> AccountApproval:
    approval = (
        settlement.account_approvals.select_for_update(of=("self",))
        .select_related("decided_by")
        .filter(approved=True, payments=None, amount=amount)
        .order_by("pk")
        .first()
    )
    if approval is None:
        raise DomainError(
            _("Nobody has approved ¥%(amount)s on account; ask a manager first.") % {"amount": format_money(amount)},
            code="approval_missing",
        )
    if approval.decided_by_id == by.pk:
        raise NotAllowed(_("Somebody else has to book what you approved."))
    if approved_by and approved_by.pk != approval.decided_by_id:
        raise NotAllowed(_("%(name)s has not approved this.") % {"name": approved_by.name})
    return approval


@transaction.atomic
def refund(
    payment: Payment,
    *,
    amount: Decimal,
    reason: str,
    by: Staff,
    token: UUID,
    reference: str = "",
) -> Payment:
    """Give back all or part of a payment, the way it was paid, as a negative line with its reason.

    Only before the car has left; a gate pass that was issued loses its value, because money is owed again.
    """
    visit, settlement = lock_list(payment.settlement)
    if made := Payment.objects.filter(token=token).first():
        return _same(made, settlement, payment.method, -amount)
    if not by.may("checkout.take_payment"):
        raise NotAllowed(_("Your role does not give money back."))
    if not reason.strip():
        raise DomainError(_("Say why the money is given back."), code="reason_missing")
    payment = queries.payments(settlement).get(pk=payment.pk)
    amount = positive(amount)
    left = money(payment.left)
    if amount > left:
        raise DomainError(
            _("At most ¥%(left)s of this payment can be given back.") % {"left": format_money(max(left, Decimal(0)))},
            code="too_much",
        )
    row = _insert(
        Payment(
            store_id=visit.store_id,
            settlement=settlement,
            method=payment.method,
            amount=-amount,
            reference=(reference.strip() or payment.reference)[:60],
            refund_of=payment,
            reason=reason.strip()[:200],
            token=token,
            by=by,
            at=clock.now(),
        )
    )
    _record(Refunded(settlement.pk, payment.pk, str(payment.method), amount), row, visit, by)
    withdraw_gate_pass(visit, by=by)
    return row


def _insert(payment: Payment) -> Payment:
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError as error:
        if "checkout_payment_once" in str(error):
            raise Conflict(
                _("This form was sent twice; the first one counts. Reload the page to see it."),
                code="token_used",
            ) from error
        raise
    return payment


def _record(event, payment: Payment, visit: Visit, by: Staff) -> None:
    record(
        event,
        store_id=visit.store_id,
        subject=payment,
        visit_id=visit.pk,
        by=by,
        at=payment.at,
    )
