"""What is counted, and by what it can be told apart."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """How far the points of a trend lie apart."""

    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")


class Grain(models.TextChoices):
    """Every figure is kept twice: by day for short periods, by month for long ones. A month's row is the sum of its days'."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")


class Metric(models.TextChoices):
    """What a sum is about. `n` is how many were counted, `total` the sum of the values, `squares` the sum of their squares."""

    # Cars that left the store, and how many of their customers were asked.
    RELEASED = "released", _("Cars released")
    INVITED = "invited", _("Invited")
    # 100 to 1000; n counts the answers whose factors were answered well enough for a score.
    CSI = "csi", _("CSI")
    # Each answer is 1 (promoter), 0 or -1 (detractor): total ÷ n is the NPS, squares count both ends.
    NPS = "nps", _("NPS")
    # 1 where it is so, else 0; n of `low` counts all answers.
    LOW = "low", _("Low answers")
    PROBLEM = "problem", _("Problem reported")
    # 1 to 10, the customer's own overall mark.
    OVERALL = "overall", _("Overall satisfaction")
    # Mean of a factor's items, 1 to 10; the factor's code follows the dot.
    INITIATION = "factor.initiation", _("Service initiation")
    ADVISOR = "factor.advisor", _("Service advisor")
    FACILITY = "factor.facility", _("Service facility")
    PICKUP = "factor.pickup", _("Vehicle pick-up")
    QUALITY = "factor.quality", _("Service quality")
    # A single question of the questionnaire: 1 to 10, or 1 for yes and 0 for no.
    SCORE = "score", _("Score")
    YES = "yes", _("Yes")


FACTOR = "factor."


class Dimension(models.TextChoices):
    """How the same sums are split; the key of a row says which part. Parts of one dimension add up to the store."""

    STORE = "store", _("Whole store")
    ADVISOR = "advisor", _("Service advisor")
    CHANNEL = "channel", _("Answered by")
    ARRIVAL = "arrival", _("Way of arrival")
    PROMISE = "promise", _("First promised time")
    REWORK = "rework", _("Final inspection")
    POWERTRAIN = "powertrain", _("Powertrain")
    # A single question; the key is its id.
    ITEM = "item", _("Single question")


class Arrival(models.TextChoices):
    BOOKED = "booked", _("With appointment")
    WALK_IN = "walk_in", _("Without appointment")


class Kept(models.TextChoices):
    KEPT = "kept", _("Ready by the first promise")
    BROKEN = "broken", _("Later than the first promise")
    NONE = "none", _("No time was promised")


class Way(models.TextChoices):
    """The channels of `surveys`, named as ways to answer."""

    LINK = "link", _("Questionnaire link")
    PHONE = "phone", _("Follow-up call by phone")


class Rework(models.TextChoices):
    STRAIGHT = "straight", _("Passed the first time")
    AGAIN = "again", _("Sent back to the workshop")


class Standing(models.TextChoices):
    """How much a figure may say, by its sample (domain.md 3.5)."""

    HIDDEN = "hidden", _("fewer than 10 answers")
    THIN = "thin", _("too few answers")
    SMALL = "small", _("small sample")
    FULL = "full", _("enough answers")


class WaitKind(models.TextChoices):
    """What a car or its customer waits for, and the stages themselves. What begins and ends each: `reports.waits`."""

    GREETING = "greeting", _("Waiting to be greeted")
    DISPATCH = "dispatch", _("Waiting for dispatch")
    BAY = "bay", _("Waiting for bay and technician")
    PARTS = "parts", _("Waiting for parts")
    APPROVAL = "approval", _("Waiting for the customer's approval")
    SUPPORT = "support", _("Waiting for technical support")
    INSPECTION = "inspection", _("Waiting for the final inspector")
    WASH = "wash", _("Waiting for the wash")
    CASHIER = "cashier", _("Waiting for the cashier")
    STAGE_RECEPTION = "stage_reception", _("Stage: reception")
    STAGE_REPAIR = "stage_repair", _("Stage: repair")
    STAGE_INSPECTION = "stage_inspection", _("Stage: final inspection")
    STAGE_WASH = "stage_wash", _("Stage: wash")
    STAGE_HANDOVER = "stage_handover", _("Stage: handover")
    STAGE_CHECKOUT = "stage_checkout", _("Stage: checkout")
    STAGE_FOLLOW_UP = "stage_follow_up", _("Stage: follow-up")

    @property
    def is_stage(self) -> bool:
        return self.value.startswith("stage_")


# The customer stands there, or counts the days himself: every minute counts. All other waits count while the store is open.
ROUND_THE_CLOCK = frozenset((WaitKind.GREETING, WaitKind.CASHIER, WaitKind.STAGE_RECEPTION, WaitKind.STAGE_FOLLOW_UP))
# Minutes a wait may take before it counts as lost, until the store sets its own (domain.md 1.2; where it is silent, the house's start).
STANDARD_MINUTES = {
    WaitKind.GREETING: 3,
    WaitKind.DISPATCH: 15,
    WaitKind.BAY: 15,
    WaitKind.PARTS: 15,
    WaitKind.APPROVAL: 30,
    WaitKind.SUPPORT: 15,
    WaitKind.INSPECTION: 15,
    WaitKind.WASH: 15,
    WaitKind.CASHIER: 5,
    WaitKind.STAGE_RECEPTION: 30,
    WaitKind.STAGE_REPAIR: 240,
    WaitKind.STAGE_INSPECTION: 30,
    WaitKind.STAGE_WASH: 30,
    WaitKind.STAGE_HANDOVER: 30,
    WaitKind.STAGE_CHECKOUT: 15,
    WaitKind.STAGE_FOLLOW_UP: 72 * 60,
}


class Rule(models.TextChoices):
    """The five things nobody may miss (五个不错过, domain.md 5.6)."""

    FOLLOWED = "followed", _("Every customer followed up")
    RECORDED = "recorded", _("Every problem recorded")
    SOLVED = "solved", _("Every problem solved")
    RECHECKED = "rechecked", _("Every result re-checked")
    FED_BACK = "fed_back", _("Every result fed back to sales")


class Violation(models.TextChoices):
    """In what way a rule was missed."""

    NO_CALL = "no_call", _("Car released, nobody is to follow up")
    CALL_OVERDUE = "call_overdue", _("Follow-up call overdue")
    NO_NEXT_CONTACT = "no_next_contact", _("Customer without a next contact date")
    LOW_ANSWER = "low_answer", _("Low answer without a case")
    PROBLEM_CALL = "problem_call", _("Problem told on the phone without a case")
    PROBLEM_VOICE = "problem_voice", _("Problem told in the store without a case")
    ANSWER_LATE = "answer_late", _("Customer not answered in time")
    RESOLUTION_LATE = "resolution_late", _("Not solved in time")
    CLOSED_UNSOLVED = "closed_unsolved", _("Closed without a measure carried out")
    RECHECK_LATE = "recheck_late", _("Not re-checked within 72 hours")
    CLOSED_UNCHECKED = "closed_unchecked", _("Closed without a re-check by somebody else")
    SALES_NOT_TOLD = "sales_not_told", _("Sales was not told")
    SALES_LATE = "sales_late", _("Sales has not answered within 3 working days")


RULE_OF = {
    Violation.NO_CALL: Rule.FOLLOWED,
    Violation.CALL_OVERDUE: Rule.FOLLOWED,
    Violation.NO_NEXT_CONTACT: Rule.FOLLOWED,
    Violation.LOW_ANSWER: Rule.RECORDED,
    Violation.PROBLEM_CALL: Rule.RECORDED,
    Violation.PROBLEM_VOICE: Rule.RECORDED,
    Violation.ANSWER_LATE: Rule.SOLVED,
    Violation.RESOLUTION_LATE: Rule.SOLVED,
    Violation.CLOSED_UNSOLVED: Rule.SOLVED,
    Violation.RECHECK_LATE: Rule.RECHECKED,
    Violation.CLOSED_UNCHECKED: Rule.RECHECKED,
    Violation.SALES_NOT_TOLD: Rule.FED_BACK,
    Violation.SALES_LATE: Rule.FED_BACK,
}


class Trigger(models.TextChoices):
    NIGHTLY = "nightly", _("Nightly")
    BY_HAND = "by_hand", _("By hand")
