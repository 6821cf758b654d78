"""Complaints."""

from __future__ import annotations

from rest_framework import serializers

from api.fields import Choice, Key, StoreCode, Text
from api.serializers.appointments import Person
from api.strict import PageQuery, QueryKey, QueryMoment, Strict
from complaints.choices import CaseSource, CaseState, Severity

# Where another system hears complaints; the others are the store's own.
HEARD = [CaseSource.MAKER, CaseSource.REGULATOR, CaseSource.WEB, CaseSource.PHONE]


class Complaint(serializers.Serializer):
    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    number = serializers.CharField()
    source = serializers.CharField()
    severity = serializers.CharField(help_text="L1 to L4")
    category = serializers.CharField(help_text="What it is about; empty until it is sorted.")
    state = serializers.CharField(help_text="open, executed (waits for re-check) or closed")
    words = serializers.CharField(help_text="The customer's words.")
    visit = serializers.IntegerField(source="visit_id", allow_null=True)
    customer = serializers.IntegerField(source="customer_id", allow_null=True)
    vehicle = serializers.IntegerField(source="vehicle_id", allow_null=True)
    owner = Person(allow_null=True, help_text="Who works on it.")
    opened_at = serializers.DateTimeField()
    first_response_due_at = serializers.DateTimeField(allow_null=True)
    first_response_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class ComplaintQuery(PageQuery):
    state = serializers.ChoiceField(CaseState.choices, required=False)
    severity = serializers.ChoiceField(Severity.choices, required=False)
    visit = QueryKey()
    customer = QueryKey()
    vehicle = QueryKey()
    opened_from = QueryMoment(help_text="Opened at this moment or later.")
    opened_before = QueryMoment(help_text="Opened before this moment.")


class NewComplaint(Strict):
    store = StoreCode(required=False, help_text="May be left out by a key of one store.")
    words = Text(max_length=5000, help_text="The customer's own words.")
    source = Choice([(code.value, code.label) for code in HEARD], required=False)
    severity = Choice(Severity.choices, required=False)
    visit = Key(required=False, help_text="A visit with an open complaint keeps one: the words join it.")
    customer = Key(required=False)
    vehicle = Key(required=False)
