"""The workshop's rows, to look at."""

from django.contrib import admin

from repairs.models import ClockEntry, Finding, Job, PartRequest
from stores.admin import ReadOnlyAdmin


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("dispatched_at", "store", "line", "round", "technician", "bay", "state")
    list_filter = ("state", "store")
    list_select_related = ("store", "line", "technician", "bay")


@admin.register(ClockEntry)
class ClockEntryAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "stopped_at", "store", "technician", "stop_reason")
    list_filter = ("stop_reason", "store")
    list_select_related = ("store", "technician")


@admin.register(PartRequest)
class PartRequestAdmin(ReadOnlyAdmin):
    list_display = ("requested_at", "store", "line_part", "quantity", "status", "expected_on", "issued_at")
    list_filter = ("status", "store")
    list_select_related = ("store", "line_part")


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ("at", "store", "line", "found_by")
    list_filter = ("store",)
    list_select_related = ("store", "line", "found_by")
