"""What the journal says about money and the gate."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from checkout.choices import Leaving, PaymentMethod
from journal.events import event


@event("checkout.paid")
class Paid:
    sentence = _("Paid {amount}, {method}")
    labels = {"method": PaymentMethod}

    settlement_id: int
    method: str
    amount: Decimal
    owed: Decimal  # what is left afterwards


@event("checkout.refunded")
class Refunded:
    sentence = _("Given back {amount}, {method}")
    labels = {"method": PaymentMethod}

    settlement_id: int
    payment_id: int
    method: str
    amount: Decimal


@event("checkout.account_asked")
class AccountAsked:
    sentence = _("Approval asked for {amount} on account")

    settlement_id: int
    amount: Decimal


@event("checkout.account_decided")
class AccountDecided:
    sentence = _("{amount} on account approved: {approved}")

    settlement_id: int
    amount: Decimal
    approved: bool


@event("checkout.gate_pass_issued")
class GatePassIssued:
    sentence = _("Gate pass {number} issued")

    number: str


@event("checkout.gate_pass_withdrawn")
class GatePassWithdrawn:
    sentence = _("Gate pass {number} withdrawn")

    number: str


@event("checkout.gate_pass_used")
class GatePassUsed:
    sentence = _("Gate pass {number} used")

    number: str


@event("checkout.asked_before_leaving")
class AskedBeforeLeaving:
    sentence = _("Asked before leaving: {answer}")
    labels = {"answer": Leaving}

    answer: str
    manager_due_at: datetime | None = None


@event("checkout.manager_at_the_car")
class ManagerAtTheCar:
    sentence = _("A manager came to the car after {minutes} minutes")

    minutes: int
    in_time: bool
