"""Promises, how they went, and what was owed, to look at."""

from django.contrib import admin

from commitments.models import Commitment, Measurement, Remedy
from stores.admin import ReadOnlyAdmin


@admin.register(Commitment)
class CommitmentAdmin(ReadOnlyAdmin):
    list_display = ("code", "store", "version", "target_seconds", "remedy", "public", "published_at", "retired_at")
    list_filter = ("store", "code")


@admin.register(Measurement)
class MeasurementAdmin(ReadOnlyAdmin):
    list_display = ("code", "store", "visit", "case", "started_at", "due_at", "met_at", "state")
    list_filter = ("store", "code", "state")
    list_select_related = ("visit", "case")
    date_hierarchy = "started_at"


@admin.register(Remedy)
class RemedyAdmin(ReadOnlyAdmin):
    list_display = ("kind", "value", "store", "state", "owed_at", "settled_at", "settled_by")
    list_filter = ("store", "state")
    list_select_related = ("settled_by",)
