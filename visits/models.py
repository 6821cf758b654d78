"""The visit: one car's stay, carried through its stages; with what the customer asked for and was promised."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from core.stages import Stage
from customers.models import Customer, Vehicle
from stores.models import Staff, StoreModel
from visits.choices import (
    NeedKind,
    NeedOutcome,
    Origin,
    PhotoKind,
    SignaturePurpose,
    SilenceStep,
    ToldHow,
)


class Visit(StoreModel):
    """One stay of one car. Its `stage` changes only through `visits.domain.advance`.

    `number` is the repair order number people read. `version` grows with each change a person must not overwrite
    unseen: a form carries the version it was made from, a stale one is refused.
    """

    number = models.CharField(_("repair order"), max_length=30)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="visits", db_constraint=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="visits", db_constraint=False)
    advisor = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        db_constraint=False,
    )
    stage = models.CharField(_("stage"), max_length=24, choices=Stage, default=Stage.BOOKING)
    stage_since = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.LIVE)
    source = models.CharField(max_length=40, blank=True)  # imported from where, with its own number
    source_number = models.CharField(max_length=60, blank=True)
    request_token = models.UUIDField(
        null=True, blank=True
    )  # the form's one-time token: a double submit finds its visit
    opened_at = models.DateTimeField()
    due_in_at = models.DateTimeField(_("expected at"), null=True, blank=True)  # booked arrival
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    mileage_in = models.PositiveIntegerField(_("mileage at arrival"), null=True, blank=True)
    waiting = models.BooleanField(_("customer waits"), default=False)
    promised_at = models.DateTimeField(_("promised time"), null=True, blank=True)  # the newest row of the ledger
    first_promised_at = models.DateTimeField(null=True, blank=True)
    next_update_due_at = models.DateTimeField(_("next update due"), null=True, blank=True)  # the silence clock
    round = models.PositiveSmallIntegerField(default=1)  # 1 + times sent back from inspection
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("visit")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("customer", "vehicle", "advisor"),
            models.UniqueConstraint(fields=["store", "number"], name="visits_visit_number"),
            models.UniqueConstraint(
                fields=["store", "request_token"],
                condition=Q(request_token__isnull=False),
                name="visits_visit_token",
            ),
            models.UniqueConstraint(
                fields=["store", "source", "vehicle", "opened_at", "source_number"],
                condition=~Q(source=""),
                name="visits_visit_imported_once",
            ),
            # one car is in the house once
            models.UniqueConstraint(
                fields=["store", "vehicle"],
                condition=Q(
                    stage__in=[
                        Stage.RECEPTION,
                        Stage.REPAIR,
                        Stage.INSPECTION,
                        Stage.WASH,
                        Stage.HANDOVER,
                        Stage.CHECKOUT,
                    ]
                ),
                name="visits_one_in_house",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="visits_stage_known"),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.BOOKING, Stage.CANCELLED, Stage.NO_SHOW])
                | Q(arrived_at__isnull=False)
                | ~Q(origin=Origin.LIVE),
                name="visits_in_house_has_arrived",
            ),
            models.CheckConstraint(
                condition=~Q(
                    stage__in=[
                        Stage.HANDOVER,
                        Stage.CHECKOUT,
                        Stage.FOLLOW_UP,
                        Stage.CLOSED,
                    ]
                )
                | Q(ready_at__isnull=False)
                | ~Q(origin=Origin.LIVE),
                name="visits_handover_is_ready",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.FOLLOW_UP, Stage.CLOSED])
                | Q(released_at__isnull=False, handed_over_at__isnull=False)
                | ~Q(origin=Origin.LIVE),
                name="visits_after_release",
            ),
            models.CheckConstraint(
                condition=Q(
                    stage__in=[
                        Stage.CLOSED,
                        Stage.CANCELLED,
                        Stage.NO_SHOW,
                        Stage.LEFT_WITHOUT_SERVICE,
                    ],
                    ended_at__isnull=False,
                )
                | (
                    ~Q(
                        stage__in=[
                            Stage.CLOSED,
                            Stage.CANCELLED,
                            Stage.NO_SHOW,
                            Stage.LEFT_WITHOUT_SERVICE,
                        ]
                    )
                    & Q(ended_at=None)
                ),
                name="visits_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(
                    stage__in=[
                        Stage.CANCELLED,
                        Stage.NO_SHOW,
                        Stage.LEFT_WITHOUT_SERVICE,
                    ]
                )
                | ~Q(end_reason=""),
                name="visits_side_exit_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(mileage_in=None) | Q(mileage_in__lte=999_999),
                name="visits_mileage_range",
            ),
        ]
        indexes = [
            # the live board and every home read open visits only: a few hundred rows whatever the history's size
            models.Index(
                fields=["store", "stage", "promised_at"],
                condition=Q(ended_at=None),
                name="visits_open",
            ),
            models.Index(fields=["store", "vehicle", "-opened_at"], name="visits_of_vehicle"),
            models.Index(fields=["store", "customer", "-opened_at"], name="visits_of_customer"),
            models.Index(fields=["store", "released_at"], name="visits_released"),
        ]

    def __str__(self):
        return self.number

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class Promise(StoreModel):
    """A promised ready time, one row per promise; never changed, only followed by the next one."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="promises", db_constraint=False)
    sequence = models.PositiveSmallIntegerField()
    old_at = models.DateTimeField(null=True, blank=True)
    new_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    by_kind = models.CharField(max_length=10)
    by_id = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_how = models.CharField(max_length=10, choices=ToldHow, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)  # the earliest time that was computed when it was made
    early_reason = models.CharField(
        max_length=200, blank=True, default="", db_default=""
    )  # why it is earlier than that

    class Meta(StoreModel.Meta):
        ordering = ["visit", "sequence"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit"),
            models.UniqueConstraint(fields=["store", "visit", "sequence"], name="visits_promise_sequence"),
            models.CheckConstraint(
                condition=Q(sequence=1, old_at=None) | (Q(sequence__gt=1, old_at__isnull=False) & ~Q(reason="")),
                name="visits_repromise_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told_how="") | (Q(told_at__isnull=False) & ~Q(told_how="")),
                name="visits_told_has_how",
            ),
            models.CheckConstraint(condition=Q(new_at__gt=F("made_at")), name="visits_promise_in_future"),
            models.CheckConstraint(
                condition=Q(early_reason="") | Q(new_at__lt=F("computed_at")), name="visits_early_promise_is_early"
            ),
        ]

    def __str__(self):
        return f"{self.visit_id} #{self.sequence} {self.new_at:%m-%d %H:%M}"


class Need(StoreModel):
    """Something the customer asked for, in his own words; it follows the car until it has an outcome."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="needs", db_constraint=False)
    kind = models.CharField(max_length=12, choices=NeedKind)
    words = models.TextField()
    stage = models.CharField(max_length=24, choices=Stage)  # where it was said
    owner = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=NeedOutcome, blank=True)
    answer = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )

    class Meta(StoreModel.Meta):
        ordering = ["visit", "id"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "owner", "settled_by"),
            models.CheckConstraint(condition=~Q(words=""), name="visits_need_has_words"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="visits_need_settled_has_time",
            ),
        ]

    def __str__(self):
        return self.words[:40]


class CustomerUpdate(StoreModel):
    """The customer was told something; resets the silence clock."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="updates", db_constraint=False)
    how = models.CharField(max_length=10, choices=ToldHow)
    text = models.TextField()
    by_kind = models.CharField(max_length=10)
    by_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    next_due_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        ordering = ["visit", "at"]
        constraints = [*StoreModel.Meta.constraints, *same_store("visit")]

    def __str__(self):
        return f"{self.visit_id} {self.at:%m-%d %H:%M}"


class Photo(StoreModel):
    """A picture of the visit, always re-encoded by us before it is stored."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos", db_constraint=False)
    kind = models.CharField(max_length=12, choices=PhotoKind)
    image = models.FileField(
        upload_to="photos"
    )  # path is made by visits.domain.store_photo: <store>/<visit>/<uuid>.jpg
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    caption = models.CharField(max_length=120, blank=True)
    by_kind = models.CharField(max_length=10)
    by_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        ordering = ["visit", "id"]
        constraints = [*StoreModel.Meta.constraints, *same_store("visit")]

    def __str__(self):
        return f"{self.kind} {self.visit_id}"


class Signature(StoreModel):
    """A signature under a document as it was shown: strokes, picture, and the document's hash."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="signatures", db_constraint=False)
    purpose = models.CharField(max_length=12, choices=SignaturePurpose)
    signer = models.CharField(max_length=60)
    strokes = models.JSONField(default=list)  # empty when the name was typed instead
    image = models.FileField(upload_to="signatures", blank=True)
    document_sha256 = models.CharField(max_length=64)
    ip = models.GenericIPAddressField(null=True, blank=True)
    device = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        constraints = [*StoreModel.Meta.constraints, *same_store("visit")]

    def __str__(self):
        return f"{self.purpose} {self.signer}"


class SilenceAlarm(StoreModel):
    """A customer should have heard from us and did not: who was woken, once for each due time and step."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="silence_alarms", db_constraint=False)
    due_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(choices=SilenceStep)
    at = models.DateTimeField()

    class Meta(StoreModel.Meta):
        ordering = ["visit", "due_at", "step"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit"),
            models.UniqueConstraint(fields=["store", "visit", "due_at", "step"], name="visits_silence_once"),
            models.CheckConstraint(condition=Q(at__gte=F("due_at")), name="visits_silence_after_due"),
        ]

    def __str__(self):
        return f"{self.visit_id} {self.due_at:%m-%d %H:%M} {self.step}"


class VisitLink(StoreModel):
    """The customer's reading link to a visit. Only the token's hash is kept; it can be revoked."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="links", db_constraint=False)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [*StoreModel.Meta.constraints, *same_store("visit")]

    def __str__(self):
        return f"link of {self.visit_id}"


class WriteToken(StoreModel):
    """A one-use, short-lived right to write one thing from the customer's page, bound to what was shown."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    token_hash = models.CharField(max_length=64, unique=True)
    action = models.CharField(max_length=40)  # e.g. "orders.decide"
    subject_id = models.BigIntegerField()
    subject_version = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        constraints = [*StoreModel.Meta.constraints, *same_store("visit")]

    def __str__(self):
        return f"{self.action} {self.subject_id}"
