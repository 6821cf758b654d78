"""Checklists and their runs, to look at."""

from django.contrib import admin

from standards.models import Checklist, ChecklistItem, ChecklistRun
from stores.admin import ReadOnlyAdmin


@admin.register(Checklist)
class ChecklistAdmin(ReadOnlyAdmin):
    list_display = ("name", "store", "use", "version", "published_at", "retired_at")
    list_filter = ("store", "use")


@admin.register(ChecklistItem)
class ChecklistItemAdmin(ReadOnlyAdmin):
    list_display = ("checklist", "position", "name", "kind", "unit", "low", "high", "required", "new_energy_only")
    list_filter = ("kind",)
    list_select_related = ("checklist",)


@admin.register(ChecklistRun)
class ChecklistRunAdmin(ReadOnlyAdmin):
    list_display = ("checklist", "visit_ref", "round", "by", "started_at", "completed_at")
    list_filter = ("store",)
    list_select_related = ("checklist", "by")
