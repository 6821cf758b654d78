"""Forms of the till, of approvals and of the gate."""

from __future__ import annotations

import uuid
from decimal import Decimal

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from checkout.choices import Leaving, PaymentMethod
from core.forms import CrispyForm, MoneyField


class OnceForm(CrispyForm):
    """A form that counts once: its token is made with the page and travels with it."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *args, initial=None, **kwargs):
        initial = {"token": uuid.uuid4(), **(initial or {})}
        super().__init__(data, *args, initial=initial, **kwargs)


class PaymentForm(OnceForm):
    """One payment line; the amount is what is still owed unless it is changed."""

    method = forms.ChoiceField(
        label=_("Paid by"),
        choices=[(code, label) for code, label in PaymentMethod.choices if code != PaymentMethod.ACCOUNT],
        initial=PaymentMethod.WECHAT,
        widget=forms.RadioSelect,
    )
    amount = MoneyField(label=_("Amount"))
    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        required=False,
        help_text=_("Number of the transfer or slip; not for cash."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    invoice_number = forms.CharField(
        label=_("Invoice number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data=None, *, owed: Decimal, **kwargs):
        super().__init__(data, initial={"amount": owed}, **kwargs)
        self.helper.layout = Layout(
            "token",
            InlineRadios("method"),
            Div("amount", "reference", "invoice_number", css_class="grid-3"),
        )

    def clean(self):
        data = super().clean()
        if data.get("method") not in (None, PaymentMethod.CASH) and not data.get("reference", "").strip():
            self.add_error("reference", _("Enter the reference of the payment."))
        return data


class AccountForm(CrispyForm):
    """A question to a manager: may this go on account?"""

    amount = MoneyField(label=_("Amount"))
    debtor = forms.CharField(
        label=_("Who will pay, and when"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data=None, *, owed: Decimal, **kwargs):
        super().__init__(data, initial={"amount": owed}, prefix="account", **kwargs)
        self.helper.layout = Layout(Div("amount", "debtor", css_class="grid-2"))


class BookAccountForm(OnceForm):
    """Books an amount that was approved on account; nothing left to type."""


class RefundForm(OnceForm):
    """Money given back, the way it was paid."""

    amount = MoneyField(label=_("Amount to give back"))
    reason = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, data=None, *, left: Decimal, **kwargs):
        super().__init__(data, initial={"amount": left}, **kwargs)


class DecisionForm(CrispyForm):
    """A manager's answer to the cashier."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("refuse", _("Refuse"))])
    reason = forms.CharField(label=_("Reason (needed to refuse)"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The decision is the button that was pressed.
        self.helper.layout = Layout("reason")


class GateForm(CrispyForm):
    """The plate's last characters, as read at the bumper."""

    form_method = "get"
    plate = forms.CharField(
        label=_("Last characters of the plate"),
        min_length=3,
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autofocus": True,
                "enterkeyhint": "search",
            }
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Div("plate", css_class="gate-input"))


class LeavingForm(CrispyForm):
    """The customer is not content, or nobody could be asked; with the words."""

    answer = forms.ChoiceField(
        label=_("What did the customer say?"),
        choices=[(code, code.label) for code in (Leaving.NOT_CONTENT, Leaving.NOBODY)],
        initial=Leaving.NOT_CONTENT,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In his words, or why nobody could be asked"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
