"""Money: exact, once, with its reference; on account only with a second person's word."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout import domain as checkout
from checkout import queries
from checkout.models import AccountApproval, Payment
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from journal.models import Event


def test_several_payments_make_up_the_whole(till, take):
    whole = till.list.payable
    take(100)
    take(Decimal("0.01"), method="wechat", reference="WX1")
    take(method="card", reference="POS 7", invoice_number="FP-1")

    assert queries.balance(till.list) == Decimal("0.00")
    assert sum(Payment.objects.values_list("amount", flat=True)) == whole
    assert Event.objects.filter(name="checkout.paid").count() == 3


@pytest.mark.parametrize("amount", ["0", "-5", "1.005", "NaN", "Infinity", "abc"])
def test_amounts_that_are_none(till, take, amount):
    with pytest.raises(DomainError) as refused:
        checkout.pay(till.list, method="cash", amount=amount, by=till.cashier, token=uuid4())
    assert refused.value.code == "amount"
    assert not Payment.objects.exists()


def test_nobody_pays_too_much(till, take):
    with pytest.raises(DomainError) as refused:
        take(till.list.payable + Decimal("0.01"))
    assert refused.value.code == "too_much"
    take()
    with pytest.raises(Conflict) as settled:
        take(Decimal("0.01"))
    assert settled.value.code == "settled"


def test_every_way_but_cash_needs_its_reference(take):
    for method in ("card", "wechat", "alipay", "transfer"):
        with pytest.raises(DomainError) as refused:
            take(10, method=method, reference="  ")
        assert refused.value.code == "reference_missing"
    with pytest.raises(DomainError):
        take(10, method="shells")
    assert not Payment.objects.exists()


def test_the_same_form_counts_once(till, take):
    token = uuid4()
    first = take(50, token=token)

    assert take(50, token=token) == first
    with pytest.raises(Conflict):
        take(60, token=token)

    assert Payment.objects.count() == 1


def test_only_cashiers_take_money_and_only_at_checkout(till, take, make_visit):
    with pytest.raises(NotAllowed):
        take(10, by=till.manager)
    elsewhere = make_visit("handover", settled=True)
    with pytest.raises(Conflict):
        take(10, settlement=queries.settlement_of(elsewhere))


def test_a_replaced_list_takes_no_money(till, take):
    till.list.superseded_at = clock.now()
    till.list.save()
    with pytest.raises(Conflict) as refused:
        take(10)
    assert refused.value.code == "superseded"


# --- On account -----------------------------------------------------------------------------------------------------


@pytest.fixture
def approved(till):
    approval = checkout.ask_account(till.list, amount=Decimal(200), debtor="顺风物流，月底", by=till.cashier)
    return checkout.decide_account(approval, approve=True, by=till.manager)


def test_on_account_needs_an_approval_of_exactly_this_amount(till, take, approved):
    with pytest.raises(DomainError) as refused:
        take(199, method="account")
    assert refused.value.code == "approval_missing"

    payment = take(200, method="account")

    assert (payment.approved_by, payment.approval) == (till.manager, approved)
    assert payment.reference == "顺风物流，月底"
    with pytest.raises(DomainError):
        take(200, method="account")


def test_a_chosen_name_is_no_approval(till, take, staff):
    with pytest.raises(DomainError):
        take(200, method="account", approved_by=till.manager)
    approval = checkout.ask_account(till.list, amount=Decimal(200), debtor="顺风物流", by=till.cashier)
    with pytest.raises(DomainError):
        take(200, method="account")
    checkout.decide_account(approval, approve=True, by=till.manager)
    with pytest.raises(NotAllowed):
        take(200, method="account", approved_by=staff("general_manager"))


def test_nobody_approves_his_own_question(till, staff):
    role = till.manager.role
    role.permissions = [*role.permissions, "checkout.take_payment"]
    role.save()
    both = staff("service_manager")
    approval = checkout.ask_account(till.list, amount=Decimal(10), debtor="某公司", by=both)

    with pytest.raises(NotAllowed):
        checkout.decide_account(approval, approve=True, by=both)
    with pytest.raises(NotAllowed):
        checkout.decide_account(approval, approve=True, by=till.cashier)
    checkout.decide_account(approval, approve=True, by=till.manager)

    with pytest.raises(Conflict):
        checkout.decide_account(approval, approve=False, reason="x", by=till.manager)


def test_the_approver_does_not_book_it_himself(till, take, approved):
    role = till.manager.role
    role.permissions = [*role.permissions, "checkout.take_payment"]
    role.save()
    till.manager.refresh_from_db()
    with pytest.raises(NotAllowed):
        take(200, method="account", by=till.manager)


def test_a_refusal_says_why_and_a_new_question_may_follow(till):
    approval = checkout.ask_account(till.list, amount=Decimal(10), debtor="某公司", by=till.cashier)
    with pytest.raises(Conflict):
        checkout.ask_account(till.list, amount=Decimal(20), debtor="某公司", by=till.cashier)
    with pytest.raises(DomainError):
        checkout.decide_account(approval, approve=False, by=till.manager)
    checkout.decide_account(approval, approve=False, reason="欠款太多", by=till.manager)

    checkout.ask_account(till.list, amount=Decimal(20), debtor="某公司", by=till.cashier)
    assert list(queries.approvals_waiting()) == [AccountApproval.objects.get(amount=20)]


@pytest.mark.parametrize("amount", ["0", "-1", "99999999"])
def test_one_asks_for_what_is_owed(till, amount):
    with pytest.raises(DomainError):
        checkout.ask_account(till.list, amount=Decimal(amount), debtor="某公司", by=till.cashier)


def test_the_database_wants_the_second_person_too(till):
    with pytest.raises(IntegrityError, match="checkout_account_approved"), transaction.atomic():
        Payment.objects.create(
            store=till.list.store,
            settlement=till.list,
            method="account",
            amount=10,
            reference="x",
            token=uuid4(),
            by=till.cashier,
            approved_by=till.cashier,
            at=clock.now(),
        )


# --- Giving back ----------------------------------------------------------------------------------------------------


def test_a_refund_is_a_negative_line_with_its_reason(till, take):
    payment = take(100, method="wechat", reference="WX1")
    row = checkout.refund(payment, amount=Decimal(30), reason="多收", by=till.cashier, token=uuid4())

    assert (row.amount, row.method, row.reference, row.refund_of) == (Decimal(-30), "wechat", "WX1", payment)
    assert queries.balance(till.list) == till.list.payable - 70
    with pytest.raises(DomainError) as refused:
        checkout.refund(payment, amount=Decimal("70.01"), reason="多收", by=till.cashier, token=uuid4())
    assert refused.value.code == "too_much"
    checkout.refund(payment, amount=Decimal(70), reason="多收", by=till.cashier, token=uuid4())
    assert queries.balance(till.list) == till.list.payable


def test_a_refund_without_reason_or_twice(till, take):
    payment, token = take(100), uuid4()
    with pytest.raises(DomainError):
        checkout.refund(payment, amount=Decimal(5), reason=" ", by=till.cashier, token=uuid4())
    row = checkout.refund(payment, amount=Decimal(5), reason="多收", by=till.cashier, token=token)

    assert checkout.refund(payment, amount=Decimal(5), reason="多收", by=till.cashier, token=token) == row
    assert queries.paid(till.list) == 95


def test_a_refund_makes_the_gate_pass_worthless(till, take):
    payment = take()
    gate_pass = checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)
    checkout.refund(payment, amount=Decimal(1), reason="换支付方式", by=till.cashier, token=uuid4())

    with pytest.raises(DomainError):
        checkout.release(till.visit.vehicle.plate, by=till.gate)
    take()
    renewed = checkout.issue_gate_pass(till.visit, by=till.cashier, content=True)

    assert renewed.pk == gate_pass.pk
    assert renewed.number != gate_pass.number
    checkout.release(till.visit.vehicle.plate, by=till.gate)


CENTS = st.integers(min_value=-20_000, max_value=60_000).map(lambda cents: Decimal(cents) / 100)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(CENTS, min_size=1, max_size=8))
def test_whatever_is_paid_and_given_back_the_balance_is_exact(till, make_visit, amounts):
    visit = make_visit("checkout", booked=False)
    settlement = queries.settlement_of(visit)
    expected = settlement.payable
    taken = []
    for amount in amounts:
        try:
            if amount > 0:
                taken.append(checkout.pay(settlement, method="cash", amount=amount, by=till.cashier, token=uuid4()))
            elif taken:
                checkout.refund(taken[-1], amount=-amount, reason="试", by=till.cashier, token=uuid4())
            else:
                continue
        except DomainError:
            continue
        expected -= amount
    assert queries.balance(settlement) == expected
    assert 0 <= expected <= settlement.payable
