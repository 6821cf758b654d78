"""Messages, to look at."""

from django.contrib import admin

from messaging.models import Message
from stores.admin import ReadOnlyAdmin


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "store", "template", "channel", "status", "attempts", "sent_at")
    list_filter = ("status", "channel", "store")
    search_fields = ("dedupe_key", "provider_id")
    date_hierarchy = "created_at"
