"""What customers are asked after a visit, who was asked, and what they answered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from core.constraints import same_store
from core.models import BilingualName
from stores.models import Staff, StoreModel
from surveys.choices import Channel, EndReason, FactorCode, InvitationState, ItemKind
from visits.choices import Origin
from visits.models import Visit


class Questionnaire(StoreModel):
    """One version of the store's questionnaire. A published one never changes; publishing the next one retires it.

    The weights of a published version sum to 100: a deferred trigger of the database says so at commit.
    """

    version = models.PositiveSmallIntegerField(_("version"))
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("questionnaire")
        constraints = [
            *StoreModel.Meta.constraints,
            models.UniqueConstraint(fields=["store", "version"], name="surveys_questionnaire_version"),
            models.UniqueConstraint(
                fields=["store"],
                condition=Q(published_at__isnull=False, retired_at=None),
                name="surveys_one_in_force",
            ),
            models.UniqueConstraint(fields=["store"], condition=Q(published_at=None), name="surveys_one_draft"),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(published_at__lte=F("retired_at")),
                name="surveys_questionnaire_order",
            ),
        ]

    def __str__(self):
        return f"v{self.version}"


class Factor(StoreModel, BilingualName):
    """One of the five factors with its weight in percent."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="factors", db_constraint=False
    )
    code = models.CharField(max_length=12, choices=FactorCode)
    weight = models.PositiveSmallIntegerField(_("weight (%)"))

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("questionnaire"),
            models.UniqueConstraint(fields=["store", "questionnaire", "code"], name="surveys_factor_once"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="surveys_weight_range"),
        ]

    def __str__(self):
        return self.name


class Item(StoreModel):
    """One question. A scale without a factor is the overall satisfaction; the yes/no that `asks_problem` opens a case."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="items", db_constraint=False
    )
    factor = models.ForeignKey(
        Factor, on_delete=models.CASCADE, null=True, blank=True, related_name="items", db_constraint=False
    )
    kind = models.CharField(max_length=8, choices=ItemKind, default=ItemKind.SCALE)
    position = models.PositiveSmallIntegerField()
    text_zh = models.CharField(_("question (Chinese)"), max_length=200)
    text_en = models.CharField(_("question (English)"), max_length=300, blank=True, default="")
    required = models.BooleanField(_("must be answered"), default=False)
    asks_problem = models.BooleanField(default=False)

    class Meta(StoreModel.Meta):
        ordering = ["questionnaire", "position"]
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("questionnaire", "factor"),
            models.UniqueConstraint(
                fields=["store", "questionnaire", "position"],
                name="surveys_item_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["store", "questionnaire"], condition=Q(kind=ItemKind.NPS), name="surveys_one_nps"
            ),
            models.UniqueConstraint(
                fields=["store", "questionnaire"],
                condition=Q(kind=ItemKind.SCALE, factor=None),
                name="surveys_one_overall",
            ),
            models.UniqueConstraint(
                fields=["store", "questionnaire"], condition=Q(asks_problem=True), name="surveys_one_problem"
            ),
            models.CheckConstraint(condition=Q(factor=None) | Q(kind=ItemKind.SCALE), name="surveys_factor_has_scales"),
            models.CheckConstraint(
                condition=Q(asks_problem=False) | Q(kind=ItemKind.YES_NO), name="surveys_problem_is_yes_no"
            ),
            models.CheckConstraint(condition=~Q(text_zh=""), name="surveys_item_has_text"),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self) -> str:
        """The question in the reader's language, or the one that exists."""
        if (get_language() or "zh").startswith("zh"):
            return self.text_zh
        return self.text_en or self.text_zh


class Invitation(StoreModel):
    """One customer asked about one visit, once. Only the hash of the link's token is kept."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="invitation", db_constraint=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.WAITING)
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=12, choices=EndReason, blank=True, default="")

    class Meta(StoreModel.Meta):
        verbose_name = _("invitation")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "questionnaire"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("due_at")), name="surveys_invitation_order"),
            models.CheckConstraint(
                condition=~Q(state=InvitationState.SENT) | Q(sent_at__isnull=False, token_hash__isnull=False),
                name="surveys_sent_has_link",
            ),
            models.CheckConstraint(
                condition=Q(state=InvitationState.ANSWERED, answered_at__isnull=False)
                | (~Q(state=InvitationState.ANSWERED) & Q(answered_at=None)),
                name="surveys_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[InvitationState.SUPPRESSED, InvitationState.CLOSED]) | ~Q(reason=""),
                name="surveys_not_asked_has_reason",
            ),
        ]
        indexes = [
            # the minutely beat reads only what is due, or over
            models.Index(fields=["due_at"], condition=Q(state=InvitationState.WAITING), name="surveys_due"),
            models.Index(fields=["expires_at"], condition=Q(state=InvitationState.SENT), name="surveys_expiring"),
        ]

    def __str__(self):
        return f"{self.visit_id} {self.state}"


class Response(StoreModel):
    """A customer's answer about one visit; the unique visit makes link and call one task.

    `advisor`, `technician` and `released_at` are as they were at the answer, so that figures need no join.
    """

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="response", db_constraint=False)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="responses", db_constraint=False
    )
    channel = models.CharField(max_length=8, choices=Channel)
    at = models.DateTimeField()
    csi = models.DecimalField(_("CSI (100-1000)"), max_digits=6, decimal_places=1, null=True, blank=True)
    overall = models.PositiveSmallIntegerField(_("overall satisfaction (1-10)"), null=True, blank=True)
    nps = models.PositiveSmallIntegerField(_("would recommend (0-10)"), null=True, blank=True)
    problem = models.BooleanField(_("problem"), null=True)
    low = models.BooleanField(_("low"), default=False)
    comment = models.TextField(_("customer's words"), blank=True, default="")
    advisor = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    technician = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    taken_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )  # who asked on the phone
    released_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(_("time taken (seconds)"), null=True, blank=True)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.LIVE)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="responses", db_constraint=False
    )

    class Meta(StoreModel.Meta):
        verbose_name = _("answer")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("visit", "questionnaire", "advisor", "technician", "taken_by", "case"),
            models.CheckConstraint(condition=Q(csi=None) | Q(csi__gte=100, csi__lte=1000), name="surveys_csi_range"),
            models.CheckConstraint(
                condition=(Q(overall=None) | Q(overall__gte=1, overall__lte=10)) & (Q(nps=None) | Q(nps__lte=10)),
                name="surveys_score_range",
            ),
            models.CheckConstraint(
                condition=Q(low=True)
                | ((Q(nps=None) | Q(nps__gt=6)) & (Q(overall=None) | Q(overall__gt=6)) & ~Q(problem=True)),
                name="surveys_low_is_low",
            ),
            models.CheckConstraint(
                condition=Q(low=False) | Q(case__isnull=False) | ~Q(origin=Origin.LIVE),
                name="surveys_low_has_case",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-at"], name="surveys_newest"),
            models.Index(fields=["store", "released_at"], name="surveys_by_release"),
            models.Index(fields=["store", "advisor", "-at"], name="surveys_of_advisor"),
        ]

    def __str__(self):
        return f"{self.visit_id} {self.csi}"


class FactorScore(StoreModel):
    """Mean of the answered items of a factor, 1 to 10; only where at least half of them were answered."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="factor_scores", db_constraint=False)
    code = models.CharField(max_length=12, choices=FactorCode)
    score = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("response"),
            models.UniqueConstraint(fields=["store", "response", "code"], name="surveys_score_once"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=10), name="surveys_factor_score_range"),
        ]

    def __str__(self):
        return f"{self.code} {self.score}"


class Answer(StoreModel):
    """What was answered to one question; questions left out have no row."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers", db_constraint=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="answers", db_constraint=False)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    yes = models.BooleanField(null=True)
    text = models.TextField(blank=True, default="")

    class Meta(StoreModel.Meta):
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("response", "item"),
            models.UniqueConstraint(fields=["store", "response", "item"], name="surveys_answer_once"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=10), name="surveys_answer_range"),
            models.CheckConstraint(
                condition=Q(score__isnull=False, yes=None, text="")
                | Q(score=None, yes__isnull=False, text="")
                | (Q(score=None, yes=None) & ~Q(text="")),
                name="surveys_answer_is_one",
            ),
        ]

    def __str__(self):
        return f"{self.item_id}"
