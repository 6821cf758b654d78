"""What the journal says about voices and cases: figures and codes, never the customer's words."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from complaints.choices import (
    CaseSource,
    Clock,
    CloseKind,
    ComfortKind,
    PlanAnswer,
    RecheckOutcome,
    Severity,
    VoiceKind,
)
from journal.events import event


@event("complaints.case_opened")
class CaseOpened:
    sentence = _("Case {number} opened: {severity}, {source}")
    labels = {"severity": Severity, "source": CaseSource}

    number: str
    severity: str
    source: str
    owner_id: int | None = None
    category: str = ""
    about_id: int | None = None


@event("complaints.signal_joined")
class SignalJoined:
    sentence = _("Another signal joined case {number}: {source}")
    labels = {"severity": Severity, "source": CaseSource}

    number: str
    severity: str
    source: str


@event("complaints.owner_changed")
class OwnerChanged:
    sentence = _("Case {number} has another owner")

    number: str
    owner_id: int
    former_id: int | None = None


@event("complaints.customer_answered")
class CustomerAnswered:
    """The first answer to the customer, with how long it took and whether the clock was kept."""

    sentence = _("Customer answered in case {number}")

    number: str
    seconds: int
    in_time: bool


@event("complaints.case_closed")
class CaseClosed:
    sentence = _("Case {number} closed: {close_kind}")
    labels = {"close_kind": CloseKind}

    number: str
    seconds: int
    close_kind: str = ""


@event("complaints.voice_taken")
class VoiceTaken:
    sentence = _("Customer said something: {kind}")
    labels = {"kind": VoiceKind}

    kind: str
    about_id: int | None = None
    case_id: int | None = None


@event("complaints.plan_proposed")
class PlanProposed:
    """`money` and `kind` are yuan of the plan alone; `exposure` is what the car was promised within 30 days, with it."""

    sentence = _("Plan proposed in case {number}: {total} yuan")

    number: str
    total: Decimal
    money: Decimal
    kind: Decimal
    exposure: Decimal


@event("complaints.plan_approved")
class PlanApproved:
    sentence = _("Plan of case {number} approved")

    number: str
    needed_second: bool
    plan_id: int


@event("complaints.plan_refused")
class PlanRefused:
    sentence = _("Plan of case {number} refused")

    number: str
    plan_id: int


@event("complaints.plan_answered")
class PlanAnswered:
    """The customer accepted the plan, or declined it."""

    sentence = _("Customer answered the plan of case {number}: {answer}")
    labels = {"answer": PlanAnswer}

    number: str
    answer: str
    channel: str


@event("complaints.plan_executed")
class PlanExecuted:
    """Every measure was carried out; the resolution clock stops."""

    sentence = _("Plan of case {number} carried out")

    number: str
    total: Decimal
    seconds: int
    in_time: bool


@event("complaints.rechecked")
class Rechecked:
    """`attempt` counts the tries of this round, from 1."""

    sentence = _("Case {number} re-checked: {outcome}")
    labels = {"outcome": RecheckOutcome}

    number: str
    outcome: str
    attempt: int


@event("complaints.case_reopened")
class CaseReopened:
    """Not satisfied: a new round with new clocks, one rung up."""

    sentence = _("Case {number} opened again: {severity}")
    labels = {"severity": Severity}

    number: str
    severity: str
    round: int
    owner_id: int | None = None


@event("complaints.escalated")
class Escalated:
    """`level` is 1 at half of the clock, 2 at 80 %, 3 at its end; `told_id` is the person warned."""

    sentence = _("Case {number}: {clock} runs out, level {level}")
    labels = {"clock": Clock}

    number: str
    level: int
    clock: str
    told_id: int | None = None


@event("complaints.sales_told")
class SalesTold:
    sentence = _("Sales was told about case {number}")

    number: str
    due_at: datetime


@event("complaints.sales_answered")
class SalesAnswered:
    sentence = _("Sales answered about case {number}")

    number: str
    seconds: int
    in_time: bool


@event("complaints.comfort_granted")
class ComfortGranted:
    sentence = _("Given at once: {kind}, worth {amount}")
    labels = {"kind": ComfortKind}

    kind: str
    amount: Decimal
