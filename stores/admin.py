"""Operators look at the store's rows; whoever changes them does it where the rules stand, in the product's own pages."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from stores.models import Bay, CalendarDay, OpeningPeriod, Qualification, Role, Staff, Store, User


class ReadOnlyAdmin(admin.ModelAdmin):
    """Base of every admin page over a store's rows: to look at, within the stores of the person who looks. A superuser who
    works in no store sees all of them."""

    show_full_result_count = False

    def get_queryset(self, request):
        rows = self.model._base_manager.all()
        mine = [row.store_id for row in getattr(request, "all_staff", [])]
        if mine and hasattr(self.model, "store_id"):
            rows = rows.filter(store_id__in=mine)
        return rows.order_by(*(self.get_ordering(request) or ["-pk"]))

    def get_readonly_fields(self, request, obj=None):
        # Not as form fields, even unsaved ones: their choices are rows of scoped managers, and an operator has no scope.
        return [field.name for field in self.model._meta.fields]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.register(User, UserAdmin)


@admin.register(Store)
class StoreAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_zh", "name_en", "zone", "phone")


@admin.register(Role)
class RoleAdmin(ReadOnlyAdmin):
    list_display = ("store", "code", "name_zh", "name_en")
    list_filter = ("store",)


@admin.register(Staff)
class StaffAdmin(ReadOnlyAdmin):
    list_display = ("name", "store", "role", "employee_no", "active")
    list_filter = ("store", "active")
    list_select_related = ("store", "role")
    search_fields = ("name", "name_pinyin", "employee_no")


@admin.register(Qualification)
class QualificationAdmin(ReadOnlyAdmin):
    list_display = ("staff", "skill", "level", "valid_until")
    list_filter = ("skill", "store")
    list_select_related = ("staff",)


@admin.register(Bay)
class BayAdmin(ReadOnlyAdmin):
    list_display = ("code", "store", "kind", "active")
    list_filter = ("store", "kind")


@admin.register(OpeningPeriod)
class OpeningPeriodAdmin(ReadOnlyAdmin):
    list_display = ("store", "weekday", "opens", "closes")
    list_filter = ("store", "weekday")


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "store", "kind", "follows_weekday", "opens", "closes", "note")
    list_filter = ("store", "kind")
    date_hierarchy = "day"
