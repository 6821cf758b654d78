"""The cashier's queue, and one car's list to be paid."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checkout import domain as checkout
from checkout import queries
from checkout.choices import PaymentMethod
from checkout.forms import AccountForm, BookAccountForm, LeavingForm, PaymentForm, RefundForm
from core import clock, web
from core.money import money
from core.qr import qr_svg
from core.stages import Stage
from orders.models import Settlement
from stores.access import requires
from visits.models import Visit

PAGE = "checkout/pay.html"
CASHIER = "checkout.take_payment"


@requires(CASHIER)
def queue(request):
    """Cars to settle, the longest waiting first."""
    return render(request, "checkout/queue.html", {"rows": queries.queue()})


@requires(CASHIER)
def pay(request, visit_pk):
    """One car's settlement list with its payments; posting takes a payment."""
    visit, settlement = car(visit_pk)
    context = pay_context(request, visit, settlement)
    if settlement is None or (request.method != "POST" and not context["open"]):
        return render(request, PAGE, context)
    form = PaymentForm(request.POST or None, owed=context["owed"])
    return web.handle(
        request,
        form,
        lambda data: checkout.pay(settlement, by=request.staff, **data),
        template=PAGE,
        context=context,
        done=lambda payment: _after(request, visit, settlement),
    )


def _after(request, visit: Visit, settlement: Settlement) -> str:
    if owed := queries.balance(settlement):
        text = _("Taken. ¥%(owed)s is still owed.") % {"owed": f"{owed:,.2f}"}
    else:
        text = _("Paid in full. Issue the gate pass.")
    messages.success(request, text)
    return reverse("checkout:pay", args=[visit.pk])


@requires(CASHIER)
@require_POST
def ask_account(request, visit_pk):
    """Ask a manager whether an amount may go on account."""
    visit, settlement = _listed(visit_pk)
    form = AccountForm(request.POST, owed=queries.balance(settlement))

    def done(_approval):
        messages.success(request, _("A manager sees your question now; this page shows the answer."))
        return reverse("checkout:pay", args=[visit.pk])

    return web.handle(
        request,
        form,
        lambda data: checkout.ask_account(settlement, by=request.staff, **data),
        template=PAGE,
        context=pay_context(request, visit, settlement, account_form=form),
        done=done,
    )


@requires(CASHIER)
@require_POST
def book_account(request, visit_pk):
    """Book what a manager has approved."""
    visit, settlement = _listed(visit_pk)
    approval = queries.usable_approval(settlement)
    if approval is None:
        raise Http404
    form = BookAccountForm(request.POST)
    return web.handle(
        request,
        form,
        lambda data: checkout.pay(
            settlement,
            method=PaymentMethod.ACCOUNT,
            amount=approval.amount,
            token=data["token"],
            by=request.staff,
        ),
        template=PAGE,
        context=pay_context(request, visit, settlement),
        done=lambda payment: _after(request, visit, settlement),
    )


@requires(CASHIER)
def refund(request, visit_pk, payment_pk):
    """Give a payment back, whole or in part, with its reason."""
    visit, settlement = _listed(visit_pk)
    payment = get_object_or_404(queries.payments(settlement), pk=payment_pk, amount__gt=0)
    left = money(payment.left)
    form = RefundForm(request.POST or None, left=left)
    context = {
        "visit": visit,
        "payment": payment,
        "left": left,
        "frame": web.frame(request),
    }

    def done(_row):
        messages.success(request, _("Given back. The amount is owed again."))
        return reverse("checkout:pay", args=[visit.pk])

    return web.handle(
        request,
        form,
        lambda data: checkout.refund(payment, by=request.staff, **data),
        template="checkout/refund.html",
        context=context,
        done=done,
    )


@requires(CASHIER)
@require_POST
def issue_gate_pass(request, visit_pk):
    visit, _settlement = car(visit_pk)

    def done(gate_pass):
        messages.success(
            request,
            _("Gate pass %(number)s issued.") % {"number": gate_pass.number},
        )
        return reverse("checkout:pay", args=[visit.pk])

    return web.act(
        request,
        # The button of the page says it: the customer was asked just now and is content.
        lambda: checkout.issue_gate_pass(visit, by=request.staff, content="content" in request.POST),
        done=done,
    )


@requires("desk.view_visit")
def print_gate_pass(request, visit_pk):
    """出门证. 404 while there is none."""
    visit, settlement = car(visit_pk)
    gate_pass = queries.gate_pass_of(visit)
    if gate_pass is None:
        raise Http404
    context = {
        "visit": visit,
        "store": visit.store,
        "settlement": settlement,
        "gate_pass": gate_pass,
        "number": gate_pass.number,
        "qr": qr_svg(reverse("desk:visit", args=[visit.pk])),
        "printed_at": clock.now(),
    }
    return render(request, "checkout/print_gate_pass.html", context)


def car(pk: int) -> tuple[Visit, Settlement | None]:
    visit = get_object_or_404(Visit.objects.select_related("vehicle", "customer", "advisor", "store"), pk=pk)
    return visit, queries.settlement_of(visit)


def _listed(pk: int) -> tuple[Visit, Settlement]:
    visit, settlement = car(pk)
    if settlement is None:
        raise Http404
    return visit, settlement


def pay_context(request, visit: Visit, settlement: Settlement | None, **forms) -> dict:
    here = visit.stage == Stage.CHECKOUT
    context = {"visit": visit, "settlement": settlement, "here": here, "open": False}
    if settlement is None:
        return context
    owed = queries.balance(settlement)
    gate_pass = queries.gate_pass_of(visit)
    approval = queries.usable_approval(settlement)
    return context | {
        "owed": owed,
        "open": here and owed > 0,
        "payments": queries.payments(settlement),
        "gate_pass": gate_pass,
        "pass_valid": bool(gate_pass) and queries.is_valid(gate_pass),
        "leaving": queries.leaving_of(visit),
        "leaving_form": forms.get("leaving_form") or LeavingForm(),
        "approval": approval,
        "last_approval": queries.last_approval(settlement),
        "book_form": BookAccountForm() if approval else None,
        "account_form": forms.get("account_form") or AccountForm(owed=owed),
    }
