"""Complaints of another system, taken in once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import ImportState
from core.constraints import same_store
from stores.models import Staff, StoreModel


class CaseImport(StoreModel):
    """One file of complaints on its way in: how its columns are read, how far it came, what was wrong.

    The newest finished run of a source is the saved column mapping for the next file from there.
    """

    source = models.CharField(_("source"), max_length=40)
    filename = models.CharField(_("file"), max_length=120)
    file = models.FileField(upload_to="imports", blank=True)
    mapping = models.JSONField(default=dict)  # our field -> column of the file
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.PREVIEW)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)  # [row number, sentence]
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoreModel.Meta):
        verbose_name = _("import of complaints")
        constraints = [
            *StoreModel.Meta.constraints,
            *same_store("by"),
            models.CheckConstraint(
                condition=Q(state__in=[ImportState.DONE, ImportState.FAILED], finished_at__isnull=False)
                | Q(state__in=[ImportState.PREVIEW, ImportState.RUNNING], finished_at=None),
                name="complaints_import_finished",
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="complaints_import_progress"),
        ]

    def __str__(self):
        return f"{self.filename} {self.state}"
