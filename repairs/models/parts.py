"""Material on its way from the counter to the car and back."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.constraints import same_store
from orders.models import LinePart
from repairs.choices import PartRequestStatus
from repairs.models.job import Job
from stores.models import Staff, StoreModel


class PartRequest(StoreModel):
    """A technician asks the parts counter for a line's material (领料单).

    Issuing less than asked splits the row; material that comes back is a row of its own (退料) that `returns` an issued one.
    """

    line_part = models.ForeignKey(LinePart, on_delete=models.CASCADE, related_name="requests", db_constraint=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="part_requests", db_constraint=False)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    status = models.CharField(max_length=10, choices=PartRequestStatus, default=PartRequestStatus.REQUESTED)
    # Of the stock, kept for this request until it is issued or given up.
    reserved = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    ordered_at = models.DateTimeField(null=True, blank=True)
    supplier = models.CharField(_("ordered from"), max_length=60, blank=True)
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    requested_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    returns = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returned",
        db_constraint=False,
    )
    reason = models.CharField(max_length=200, blank=True, default="")  # of a return or a cancellation

    class Meta(StoreModel.Meta):
        verbose_name = _("parts request")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("line_part", "job", "requested_by", "issued_by", "returns"),
            models.UniqueConstraint(
                fields=["store", "line_part"],
                condition=Q(status__in=[PartRequestStatus.REQUESTED, PartRequestStatus.ORDERED]),
                name="repairs_one_open_request",
            ),
            models.CheckConstraint(
                condition=~Q(status=PartRequestStatus.ISSUED) | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="repairs_issued_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=PartRequestStatus.ORDERED) | Q(expected_on__isnull=False),
                name="repairs_ordered_has_eta",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="repairs_request_positive"),
            models.CheckConstraint(
                condition=Q(reserved=0)
                | Q(reserved__gt=0, reserved__lte=F("quantity"))
                & Q(status__in=[PartRequestStatus.REQUESTED, PartRequestStatus.ORDERED]),
                name="repairs_reserved_while_open",
            ),
            models.CheckConstraint(
                condition=Q(status=PartRequestStatus.RETURNED, returns__isnull=False)
                | (~Q(status=PartRequestStatus.RETURNED) & Q(returns=None)),
                name="repairs_return_of_issue",
            ),
        ]
        indexes = [
            # the counter's queue: what is asked for and not yet handed out, whatever the history's size
            models.Index(
                fields=["store", "requested_at"],
                condition=Q(status__in=[PartRequestStatus.REQUESTED, PartRequestStatus.ORDERED]),
                name="repairs_requests_open",
            )
        ]

    def __str__(self):
        return f"{self.line_part_id} {self.status}"

    @property
    def lacks(self) -> Decimal:
        """How many of an open request the stock does not keep for it; material that is not in the catalogue lacks nothing."""
        return self.quantity - self.reserved if self.line_part.part_id else Decimal(0)
