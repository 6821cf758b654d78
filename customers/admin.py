"""Customers and cars, to look at. Phones and addresses stay masked: who may see them sees them in the product, where it is logged."""

from django.contrib import admin

from customers.models import Consent, Customer, OdometerReading, Ownership, Vehicle
from stores.admin import ReadOnlyAdmin


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    list_display = ("name", "store", "kind", "masked_phone", "language", "created_at")
    list_filter = ("store", "kind")
    search_fields = ("name__startswith", "name_pinyin__startswith")
    exclude = ("phone", "email", "wechat_openid", "note")


@admin.register(Vehicle)
class VehicleAdmin(ReadOnlyAdmin):
    list_display = ("plate", "vin", "store", "title", "powertrain", "mileage", "mileage_on")
    list_filter = ("store", "powertrain", "plate_kind")
    search_fields = ("plate__exact", "vin__exact")


@admin.register(Ownership)
class OwnershipAdmin(ReadOnlyAdmin):
    list_display = ("vehicle", "customer", "kind", "since", "until")
    list_select_related = ("vehicle", "customer")


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("customer", "purpose", "channel", "allowed", "at")
    list_filter = ("purpose", "channel", "allowed")
    list_select_related = ("customer",)


@admin.register(OdometerReading)
class OdometerReadingAdmin(ReadOnlyAdmin):
    list_display = ("vehicle", "km", "on", "source", "reason")
    list_filter = ("source",)
    list_select_related = ("vehicle",)
