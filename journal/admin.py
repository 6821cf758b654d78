"""Operators look at the journal; nobody changes it."""

from django.contrib import admin

from journal.models import Cursor, Event, SetAside


class ReadOnly(admin.ModelAdmin):
    # Counting millions of events for a page number helps nobody.
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = [
        "id",
        "at",
        "name",
        "store_id",
        "subject_kind",
        "subject_id",
        "visit_id",
        "actor_kind",
        "actor_id",
        "origin",
    ]
    list_filter = ["origin"]
    search_fields = ["=visit_id", "=name"]
    ordering = ["-id"]


@admin.register(Cursor)
class CursorAdmin(ReadOnly):
    list_display = ["name", "since", "epoch", "xid", "event_id", "moved_at"]


@admin.register(SetAside)
class SetAsideAdmin(ReadOnly):
    list_display = ["id", "reaction", "event_id", "attempts", "first_at", "next_at", "resolved_at", "dismissed"]
    list_filter = ["reaction"]
