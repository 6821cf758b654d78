"""What the store promises in public, and how each promise went."""

from __future__ import annotations

from rest_framework import serializers

from api.fields import StoreCode
from api.strict import PageQuery, QueryKey, QueryMoment
from commitments.choices import Code, State


class Commitment(serializers.Serializer):
    """A promise as it was published; a new version follows an old one, which is retired."""

    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    code = serializers.CharField()
    version = serializers.IntegerField()
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
    target_seconds = serializers.IntegerField(
        allow_null=True, help_text="Null: measured against the order or the promise."
    )
    remedy = serializers.CharField(help_text="What a customer is owed when it is broken; may be empty.")
    remedy_value = serializers.DecimalField(max_digits=8, decimal_places=2, allow_null=True)
    public = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    retired_at = serializers.DateTimeField(allow_null=True)


class CommitmentQuery(PageQuery):
    code = serializers.ChoiceField(Code.choices, required=False)
    in_force = serializers.BooleanField(
        required=False, allow_null=False, default=None, help_text="true: published and not retired."
    )


class OwedRemedy(serializers.Serializer):
    kind = serializers.CharField()
    value = serializers.DecimalField(max_digits=8, decimal_places=2, allow_null=True)
    state = serializers.CharField(help_text="owed, given, declined, waived or lapsed")
    owed_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class Measurement(serializers.Serializer):
    """One promise to one customer."""

    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    commitment = serializers.IntegerField(source="commitment_id")
    code = serializers.CharField()
    visit = serializers.IntegerField(source="visit_id", allow_null=True)
    complaint = serializers.IntegerField(source="case_id", allow_null=True)
    state = serializers.CharField(help_text="running, kept, broken or excluded")
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    met_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    origin = serializers.CharField(help_text="live, import or demo")
    remedy = OwedRemedy(allow_null=True, default=None)


class MeasurementQuery(PageQuery):
    code = serializers.ChoiceField(Code.choices, required=False)
    state = serializers.ChoiceField(State.choices, required=False)
    visit = QueryKey()
    complaint = QueryKey()
    started_from = QueryMoment(help_text="Began at this moment or later.")
    started_before = QueryMoment(help_text="Began before this moment.")
