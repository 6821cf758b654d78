"""The catalogue, to look at; and the numbers of law, which an operator enters when an edition changes."""

from django.contrib import admin

from catalogue.models import MaintenanceRule, Operation, OperationPart, Part, StatutoryNumber, WorkStep
from stores.admin import ReadOnlyAdmin


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "store", "category", "skill", "hours", "key_operation", "active")
    list_filter = ("store", "category", "skill", "active")
    search_fields = ("code", "name_zh", "name_en")


@admin.register(WorkStep)
class WorkStepAdmin(ReadOnlyAdmin):
    list_display = ("operation", "position", "name", "kind", "unit", "low", "high", "required")
    list_filter = ("kind",)
    list_select_related = ("operation",)


@admin.register(Part)
class PartAdmin(ReadOnlyAdmin):
    list_display = ("number", "name", "store", "part_class", "unit", "price", "stock", "active")
    list_filter = ("store", "part_class", "active")
    search_fields = ("number", "name_zh", "name_en")


@admin.register(OperationPart)
class OperationPartAdmin(ReadOnlyAdmin):
    list_display = ("operation", "part", "quantity")
    list_select_related = ("operation", "part")


@admin.register(MaintenanceRule)
class MaintenanceRuleAdmin(ReadOnlyAdmin):
    list_display = ("operation", "brand", "model", "powertrain", "km", "months", "first_km", "first_months")
    list_select_related = ("operation",)


@admin.register(StatutoryNumber)
class StatutoryNumberAdmin(admin.ModelAdmin):
    """A new edition is a new row with a later date; the old one stays for what was agreed under it."""

    list_display = ("code", "category", "value", "unit", "valid_from", "source")
    list_filter = ("code",)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
