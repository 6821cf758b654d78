"""Work that is done outside the house (外协)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from core.fields import MoneyField
from orders.models import Line
from repairs.choices import SubletState
from stores.models import Staff, StoreModel


class Sublet(StoreModel):
    """A line's work given to a supplier: sent, due back, back, and what it costs the store. In place of a job of the house,
    one per line and round of rework."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="sublets", db_constraint=False)
    round = models.PositiveSmallIntegerField(default=1)
    supplier = models.CharField(_("supplier"), max_length=60)
    state = models.CharField(max_length=10, choices=SubletState, default=SubletState.OUT)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    due_at = models.DateTimeField(_("due back"))
    cost = MoneyField(_("cost"))
    back_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    note = models.CharField(max_length=200, blank=True)  # what goes along; what was found when it came back

    class Meta(StoreModel.Meta):
        verbose_name = _("work outside")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("line", "sent_by", "received_by"),
            models.UniqueConstraint(
                fields=["store", "line", "round"],
                condition=~Q(state=SubletState.CALLED_OFF),
                name="repairs_sublet_once",
            ),
            models.CheckConstraint(condition=Q(cost__gte=0), name="repairs_sublet_cost"),
            models.CheckConstraint(condition=Q(due_at__gt=F("sent_at")), name="repairs_sublet_order"),
            models.CheckConstraint(
                condition=Q(state=SubletState.OUT, back_at=None, received_by=None)
                | (~Q(state=SubletState.OUT) & Q(back_at__isnull=False)),
                name="repairs_sublet_back_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubletState.BACK) | Q(received_by__isnull=False),
                name="repairs_sublet_back_has_receiver",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "due_at"], condition=Q(state=SubletState.OUT), name="repairs_sublets_out")
        ]

    def __str__(self):
        return f"{self.line_id} at {self.supplier}"
