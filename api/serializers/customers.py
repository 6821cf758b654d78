"""Customers and cars, as other systems read and write them."""

from __future__ import annotations

from rest_framework import serializers

from api.choices import Scope
from api.fields import Choice, Day, Key, StoreCode, Text, Whole
from api.strict import PageQuery, QueryKey, Strict
from core.phones import mask_phone
from customers.choices import ConsentChannel, CustomerKind, Gender, PlateKind, Powertrain


class Masked(serializers.CharField):
    """A phone number or address: in full with the right `customers.contact`, else masked."""

    def to_representation(self, value) -> str:
        request = self.context["request"]
        if request.user.may(Scope.CUSTOMERS_CONTACT):
            return value
        name, at, host = value.partition("@")
        return f"{name[:1]}***@{host}" if at else mask_phone(value)


class Customer(serializers.Serializer):
    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    kind = serializers.CharField(help_text="person or company")
    name = serializers.CharField()
    gender = serializers.CharField(help_text="male, female or unknown")
    phone = Masked(help_text="Digits; masked without the right customers.contact.")
    email = Masked(help_text="Masked without the right customers.contact.")
    language = serializers.CharField()
    preferred_channel = serializers.CharField(help_text="sms, wechat, phone or email")
    created_at = serializers.DateTimeField()


class CustomerChange(Strict):
    name = Text(max_length=60, required=False)
    phone = Text(max_length=24, allow_blank=True, required=False, help_text="+86, blanks and dashes are taken away.")
    kind = Choice(CustomerKind.choices, required=False)
    gender = Choice(Gender.choices, required=False)
    email = serializers.EmailField(allow_blank=True, max_length=254, required=False)
    language = Choice([("zh-hans", "简体中文"), ("en", "English")], required=False)
    preferred_channel = Choice(ConsentChannel.choices, required=False)


class CustomerInput(CustomerChange):
    store = StoreCode(required=False, help_text="May be left out by a key of one store.")
    name = Text(max_length=60)


class CustomerQuery(PageQuery):
    phone = serializers.CharField(
        max_length=24, required=False, help_text="The whole number; needs customers.contact as well."
    )
    name = serializers.CharField(max_length=60, required=False, help_text="The whole name.")


class Vehicle(serializers.Serializer):
    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    plate = serializers.CharField()
    plate_kind = serializers.CharField(help_text="ordinary, new_energy, special or none")
    vin = serializers.CharField()
    vin_check_ok = serializers.BooleanField(allow_null=True, help_text="False is a warning, not an error.")
    brand = serializers.CharField()
    model = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    colour = serializers.CharField()
    powertrain = serializers.CharField(help_text="petrol, diesel, hybrid, plug_in, electric or unknown")
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    mileage = serializers.IntegerField(allow_null=True, help_text="Kilometres, as last read.")
    mileage_on = serializers.DateField(allow_null=True)


class VehicleChange(Strict):
    vin = Text(max_length=24, required=False)
    brand = Text(max_length=40, allow_blank=True, required=False)
    model = Text(max_length=80, allow_blank=True, required=False)
    year = Whole(min_value=1950, max_value=2100, allow_null=True, required=False)
    colour = Text(max_length=20, allow_blank=True, required=False)
    engine_no = Text(max_length=30, allow_blank=True, required=False)
    powertrain = Choice(Powertrain.choices, required=False)
    invoice_date = Day(allow_null=True, required=False)


class VehicleInput(VehicleChange):
    store = StoreCode(required=False, help_text="May be left out by a key of one store.")
    owner = Key()
    plate = Text(max_length=16, required=False, help_text="A car needs its plate or its VIN.")
    plate_kind = Choice(PlateKind.choices, required=False)


class VehicleQuery(PageQuery):
    plate = serializers.CharField(max_length=16, required=False, help_text="The whole plate; spelling does not matter.")
    vin = serializers.CharField(max_length=24, required=False, help_text="The whole VIN.")
    owner = QueryKey(help_text="Cars of this customer.")
