"""What the journal says about a visit."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.stages import Stage
from journal.events import event
from visits.choices import NeedKind, NeedOutcome, ToldHow


@event("visits.opened")
class VisitOpened:
    sentence = _("Visit opened at stage {stage}")
    labels = {"stage": Stage}

    stage: str
    customer_id: int
    vehicle_id: int
    advisor_id: int | None = None


@event("visits.stage_entered")
class StageEntered:
    sentence = _("Went from {came_from} to {stage}")
    labels = {"came_from": Stage, "stage": Stage}

    came_from: str
    stage: str
    round: int
    seconds: int  # spent in the stage that was left
    advisor_id: int | None = None


@event("visits.ready")
class CarReady:
    """The wash gate passed and the customer was told: what a promised time is measured against."""

    sentence = _("Car ready, customer told")

    ready_at: datetime
    first_promised_at: datetime | None = None
    promised_at: datetime | None = None
    advisor_id: int | None = None


@event("visits.released")
class CarReleased:
    sentence = _("Car left the store")

    released_at: datetime
    customer_id: int
    vehicle_id: int
    advisor_id: int | None = None


@event("visits.promised")
class Promised:
    sentence = _("Ready time promised: {new_at}")

    sequence: int
    new_at: datetime
    old_at: datetime | None = None
    computed_at: datetime | None = None  # the earliest time that was computed when it was made


@event("visits.promise_told")
class PromiseTold:
    sentence = _("Customer told of the promised time, {how}")
    labels = {"how": ToldHow}

    sequence: int
    how: str


@event("visits.need_added")
class NeedAdded:
    sentence = _("Customer asked: {kind}")
    labels = {"kind": NeedKind}

    need_id: int
    kind: str


@event("visits.need_settled")
class NeedSettled:
    sentence = _("Customer's request settled: {outcome}")
    labels = {"outcome": NeedOutcome}

    need_id: int
    outcome: str


@event("visits.customer_told")
class CustomerTold:
    sentence = _("Customer told how things stand, {how}")
    labels = {"how": ToldHow}

    how: str


@event("visits.silence_overdue")
class SilenceOverdue:
    """A customer should have heard from us: `step` 1 wakes the advisor, 2 the manager."""

    sentence = _("Customer left without news for {minutes} minutes")

    step: int
    minutes: int
    advisor_id: int | None = None


@event("visits.advisor_changed")
class AdvisorChanged:
    sentence = _("Another advisor took over")

    advisor_id: int
    former_id: int | None = None
