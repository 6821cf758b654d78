"""Commitments, and how they were kept."""

from __future__ import annotations

from api.choices import Scope
from api.endpoints import Endpoint, Listing
from api.serializers import commitments as shapes
from commitments.models import Commitment, Measurement

RIGHTS = {"GET": Scope.COMMITMENTS_READ}


def published():
    # A draft is nobody's promise yet.
    return Commitment.objects.exclude(published_at=None).select_related("store")


def measured():
    return Measurement.objects.select_related("store", "remedy")


class Commitments(Listing):
    tag = "commitments"
    scopes = RIGHTS
    query = shapes.CommitmentQuery
    gives = {"GET": shapes.Commitment}
    names = {"GET": "listCommitments"}

    FILTERS = {"code": "code"}

    def get(self, request):
        """What the stores promise, with retired versions."""
        rows = published().filter(**self.wanted())
        if self.asked["in_force"] is not None:
            rows = rows.filter(retired_at__isnull=self.asked["in_force"])
        return self.tell_page(rows)


class OneCommitment(Endpoint):
    tag = "commitments"
    scopes = RIGHTS
    gives = {"GET": shapes.Commitment}
    names = {"GET": "getCommitment"}

    def get(self, request, pk):
        """One promise."""
        return self.tell(self.find(published(), pk))


class Measurements(Listing):
    tag = "commitments"
    scopes = RIGHTS
    query = shapes.MeasurementQuery
    gives = {"GET": shapes.Measurement}
    names = {"GET": "listMeasurements"}

    FILTERS = {
        "code": "code",
        "state": "state",
        "visit": "visit_id",
        "complaint": "case_id",
        "started_from": "started_at__gte",
        "started_before": "started_at__lt",
    }

    def get(self, request):
        """How each promise went for each customer."""
        return self.tell_page(measured().filter(**self.wanted()))


class OneMeasurement(Endpoint):
    tag = "commitments"
    scopes = RIGHTS
    gives = {"GET": shapes.Measurement}
    names = {"GET": "getMeasurement"}

    def get(self, request, pk):
        """One promise to one customer."""
        return self.tell(self.find(measured(), pk))
