"""Survey results."""

from __future__ import annotations

from django.db.models import Prefetch

from api.choices import Scope
from api.endpoints import Endpoint, Listing
from api.serializers import surveys as shapes
from surveys.models import Answer, FactorScore, Response

RIGHTS = {"GET": Scope.SURVEYS_READ}


def rows():
    answers = Answer.objects.select_related("item__factor").order_by("item__position")
    scores = FactorScore.objects.order_by("pk")
    return Response.objects.select_related("store").prefetch_related(
        Prefetch("factor_scores", scores), Prefetch("answers", answers)
    )


class SurveyResponses(Listing):
    tag = "surveys"
    scopes = RIGHTS
    query = shapes.SurveyQuery
    gives = {"GET": shapes.SurveyResponse}
    names = {"GET": "listSurveyResponses"}

    FILTERS = {
        "channel": "channel",
        "low": "low",
        "visit": "visit_id",
        "advisor": "advisor_id",
        "answered_from": "at__gte",
        "answered_before": "at__lt",
    }

    def get(self, request):
        """What customers answered after their visits."""
        return self.tell_page(rows().filter(**self.wanted()))


class OneSurveyResponse(Endpoint):
    tag = "surveys"
    scopes = RIGHTS
    gives = {"GET": shapes.SurveyResponse}
    names = {"GET": "getSurveyResponse"}

    def get(self, request, pk):
        """One answer."""
        return self.tell(self.find(rows(), pk))
