"""What customers answered."""

from __future__ import annotations

from rest_framework import serializers

from api.fields import StoreCode
from api.strict import PageQuery, QueryKey, QueryMoment
from surveys.choices import Channel


class FactorScore(serializers.Serializer):
    code = serializers.CharField(help_text="initiation, advisor, facility, pickup or quality")
    score = serializers.DecimalField(
        max_digits=6, decimal_places=2, help_text="Mean of the factor's questions, 1 to 10."
    )


class SurveyAnswer(serializers.Serializer):
    """The answer to one question: a score, yes or no, or words."""

    question = serializers.CharField(source="item.text_zh")
    factor = serializers.CharField(source="item.factor.code", default="", help_text="Empty: the visit as a whole.")
    kind = serializers.CharField(source="item.kind", help_text="scale, nps, yes_no or text")
    score = serializers.IntegerField(allow_null=True)
    yes = serializers.BooleanField(allow_null=True)
    text = serializers.CharField()


class SurveyResponse(serializers.Serializer):
    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    visit = serializers.IntegerField(source="visit_id")
    channel = serializers.CharField(help_text="link or phone")
    at = serializers.DateTimeField()
    released_at = serializers.DateTimeField()
    csi = serializers.DecimalField(max_digits=6, decimal_places=1, allow_null=True, help_text="100 to 1000.")
    overall = serializers.IntegerField(allow_null=True, help_text="1 to 10.")
    nps = serializers.IntegerField(allow_null=True, help_text="Would recommend, 0 to 10.")
    problem = serializers.BooleanField(allow_null=True)
    low = serializers.BooleanField(help_text="A score of 6 or less, or a problem: it has a complaint.")
    comment = serializers.CharField(help_text="The customer's words.")
    advisor = serializers.IntegerField(source="advisor_id", allow_null=True)
    technician = serializers.IntegerField(source="technician_id", allow_null=True)
    complaint = serializers.IntegerField(source="case_id", allow_null=True)
    origin = serializers.CharField(help_text="live, import or demo")
    factors = FactorScore(source="factor_scores", many=True)
    answers = SurveyAnswer(many=True)


class SurveyQuery(PageQuery):
    channel = serializers.ChoiceField(Channel.choices, required=False)
    low = serializers.BooleanField(required=False, allow_null=False, default=None)
    visit = QueryKey()
    advisor = QueryKey()
    answered_from = QueryMoment(help_text="Answered at this moment or later.")
    answered_before = QueryMoment(help_text="Answered before this moment.")
