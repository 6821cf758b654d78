"""What the journal says about the three guarantees and about cars that come back."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guarantees.choices import AlertKind, CourtesyKind, ExclusionKind, Match
from journal.events import event


@event("guarantees.repair_began")
class RepairBegan:
    sentence = _("Repair under the three guarantees began")

    repair_id: int
    vehicle_id: int
    problems: int


@event("guarantees.repair_completed")
class RepairCompleted:
    sentence = _("Repair under the three guarantees completed: {days} days")

    repair_id: int
    vehicle_id: int
    days: int


@event("guarantees.repair_withdrawn")
class RepairWithdrawn:
    sentence = _("No item is the maker's any more: the repair does not count")

    repair_id: int
    vehicle_id: int


@event("guarantees.time_excluded")
class TimeExcluded:
    sentence = _("{hours} hours do not count towards the repair time: {kind}")
    labels = {"kind": ExclusionKind}

    exclusion_id: int
    kind: str
    hours: Decimal


@event("guarantees.exclusion_withdrawn")
class ExclusionWithdrawn:
    sentence = _("{hours} hours count again towards the repair time")

    exclusion_id: int
    hours: Decimal


@event("guarantees.problem_regrouped")
class ProblemRegrouped:
    sentence = _("Repair put to another problem")

    line_id: int
    problem_id: int
    former_id: int


@event("guarantees.warned")
class Warned:
    """`right`: no warning any more, the customer has the right itself."""

    sentence = _("Three guarantees: {kind}, {threshold} reached")
    labels = {"kind": AlertKind}

    alert_id: int
    vehicle_id: int
    kind: str
    threshold: int
    right: bool = False


@event("guarantees.warning_handled")
class WarningHandled:
    sentence = _("Warning of the three guarantees looked after: {kind}, {threshold}")
    labels = {"kind": AlertKind}

    alert_id: int
    kind: str
    threshold: int


@event("guarantees.courtesy_owed")
class CourtesyOwed:
    sentence = _("Sixth day of the repair: loan car or travel costs owed")

    courtesy_id: int
    repair_id: int


@event("guarantees.courtesy_settled")
class CourtesySettled:
    sentence = _("From the sixth day of the repair: {kind}")
    labels = {"kind": CourtesyKind}

    courtesy_id: int
    kind: str
    amount: Decimal | None = None


@event("guarantees.record_completed")
class RecordCompleted:
    sentence = _("Towing costs noted in the repair record: {towing_fee}")

    repair_id: int
    towing_fee: Decimal


@event("guarantees.comeback_suggested")
class ComebackSuggested:
    sentence = _("May be a comeback ({match}), {days} days after the car left")
    labels = {"match": Match}

    comeback_id: int
    original_id: int
    match: str
    covered: bool
    days: int


@event("guarantees.comeback_confirmed")
class ComebackConfirmed:
    """`failures`: how often the first work on it has failed, with this one."""

    sentence = _("Rework of an earlier repair; it has failed {failures} times")
    labels = {"match": Match}

    comeback_id: int
    original_id: int
    root_id: int
    line_id: int
    match: str
    covered: bool
    failures: int
    first_visit_id: int


@event("guarantees.comeback_dismissed")
class ComebackDismissed:
    sentence = _("Not a comeback")

    comeback_id: int
    original_id: int
