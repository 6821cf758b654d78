"""Bookings, to look at."""

from django.contrib import admin

from appointments.models import Appointment
from stores.admin import ReadOnlyAdmin


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    list_display = ("during", "store", "advisor", "visit", "status", "channel", "booked_at")
    list_filter = ("status", "channel", "store")
    list_select_related = ("store", "advisor", "visit")
    search_fields = ("visit__number",)
    date_hierarchy = "booked_at"
