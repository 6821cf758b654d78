"""Walk-around sheets, to look at."""

from django.contrib import admin

from reception.models import CheckIn
from stores.admin import ReadOnlyAdmin


@admin.register(CheckIn)
class CheckInAdmin(ReadOnlyAdmin):
    list_display = ("greeted_at", "store", "visit", "advisor", "fuel_percent", "completed_at")
    list_filter = ("store",)
    list_select_related = ("store", "advisor", "visit")
    search_fields = ("visit__number",)
    date_hierarchy = "greeted_at"
