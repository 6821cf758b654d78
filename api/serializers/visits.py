"""Visits with the lines of their orders."""

from __future__ import annotations

from decimal import Decimal

from rest_framework import serializers

from api.fields import Amount, Choice, Key, StoreCode, Text, YesNo
from api.serializers.appointments import NeedInput, Person
from api.strict import PageQuery, QueryKey, QueryMoment, Strict
from catalogue.choices import PartClass
from core.stages import Stage
from orders.choices import LineKind, PayType


class Part(serializers.Serializer):
    number = serializers.CharField()
    name = serializers.CharField()
    part_class = serializers.CharField()
    brought_by_customer = serializers.BooleanField()
    unit = serializers.CharField()
    quantity = Amount(max_digits=8)
    unit_price = Amount()
    amount = Amount()


class Line(serializers.Serializer):
    """One job or fee of the order. Amounts are in yuan; null where imported history does not tell."""

    id = serializers.IntegerField()
    position = serializers.IntegerField()
    kind = serializers.CharField(help_text="job, diagnosis, testing, processing, sublet or other")
    origin = serializers.CharField(help_text="estimate, added or import")
    operation = serializers.CharField(source="operation.code", default="", help_text="Code of the catalogue, or empty.")
    title = serializers.CharField()
    concern = serializers.CharField(help_text="The customer's words.")
    cause = serializers.CharField()
    correction = serializers.CharField()
    pay_type = serializers.CharField(help_text="customer, warranty, insurance or internal")
    hours = Amount(max_digits=6)
    hour_rate = Amount()
    discount = Amount()
    labour = Amount(allow_null=True)
    material = Amount(allow_null=True)
    amount = Amount(allow_null=True)
    consent = serializers.CharField(source="consent_state", help_text="draft, asked, approved or declined")
    work = serializers.CharField(help_text="open, dispatched, started, paused or done")
    parts = Part(many=True)


class Visit(serializers.Serializer):
    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    number = serializers.CharField(help_text="Repair order number.")
    version = serializers.IntegerField()
    stage = serializers.CharField(help_text="booking, reception, repair … closed; see the parameter `stage`.")
    stage_since = serializers.DateTimeField()
    origin = serializers.CharField(help_text="live, import or demo")
    customer = serializers.IntegerField(source="customer_id")
    vehicle = serializers.IntegerField(source="vehicle_id")
    advisor = Person(allow_null=True)
    waiting = serializers.BooleanField(help_text="The customer waits in the store.")
    opened_at = serializers.DateTimeField()
    due_in_at = serializers.DateTimeField(allow_null=True, help_text="Booked arrival.")
    arrived_at = serializers.DateTimeField(allow_null=True)
    mileage_in = serializers.IntegerField(allow_null=True)
    first_promised_at = serializers.DateTimeField(allow_null=True)
    promised_at = serializers.DateTimeField(allow_null=True)
    ready_at = serializers.DateTimeField(allow_null=True)
    handed_over_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField()
    lines = Line(many=True)


class VisitQuery(PageQuery):
    stage = serializers.ChoiceField(Stage.choices, required=False)
    open = serializers.BooleanField(required=False, allow_null=False, default=None, help_text="true: not ended yet.")
    number = serializers.CharField(max_length=30, required=False, help_text="Repair order number.")
    customer = QueryKey()
    vehicle = QueryKey()
    opened_from = QueryMoment(help_text="Opened at this moment or later.")
    opened_before = QueryMoment(help_text="Opened before this moment.")


class PartLine(Strict):
    """One material row; a part of the catalogue brings what is left out."""

    number = Text(max_length=40, required=False, help_text="Number of a catalogue part, or the sender's own.")
    name = Text(max_length=120)
    part_class = Choice(PartClass.choices, required=False)
    quantity = Amount(max_digits=8, min_value=Decimal("0.01"), required=False)
    unit_price = Amount(min_value=Decimal("0.00"))
    unit = Text(max_length=10, required=False)
    brought_by_customer = YesNo(required=False)


class NewLine(Strict):
    """A job costs hours × rate; any other kind its fee. An operation of the catalogue brings what is left out."""

    operation = Text(max_length=40, required=False, help_text="Code of an operation of the store's catalogue.")
    title = Text(max_length=120, required=False, help_text="Needed without an operation.")
    kind = Choice(LineKind.choices, required=False)
    hours = Amount(max_digits=6, min_value=Decimal("0.00"), required=False)
    hour_rate = Amount(max_digits=10, min_value=Decimal("0.00"), required=False)
    fee = Amount(min_value=Decimal("0.00"), required=False)
    pay_type = Choice(PayType.choices, required=False)
    concern = Text(max_length=2000, allow_blank=True, required=False)
    parts = PartLine(many=True, required=False, max_length=100)


class WalkIn(Strict):
    store = StoreCode(required=False, help_text="May be left out by a key of one store.")
    vehicle = Key()
    customer = Key(required=False, help_text="Who brings the car; its owner if left out.")
    advisor = Key()
    waiting = YesNo(required=False)
    needs = NeedInput(many=True, required=False, max_length=20)
    lines = NewLine(many=True, required=False, max_length=100)
