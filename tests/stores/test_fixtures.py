"""The fixtures every other test leans on."""

import pytest
from django.http import HttpResponse
from django_scopes import ScopeError

from core.stages import Stage
from visits.models import Visit


@pytest.mark.parametrize("stage", list(Stage))
def test_a_visit_can_be_made_at_any_stage(make_visit, stage):
    visit = make_visit(stage)

    assert visit.stage == stage
    assert make_visit(stage).pk != visit.pk


@pytest.mark.parametrize("job", ["dispatched", "started", "paused", "done"])
def test_jobs_of_a_visit_at_repair(make_visit, job):
    visit = make_visit("repair", job=job)

    assert visit.lines.first().work == job


def test_scope_of_the_test_does_not_reach_into_a_page(client, store, monkeypatch):
    def view(request):
        with pytest.raises(ScopeError):
            Visit.objects.count()
        return HttpResponse("unscoped")

    monkeypatch.setattr("django.core.handlers.base.BaseHandler.resolve_request", lambda self, request: (view, (), {}))

    assert client.get("/anything").content == b"unscoped"
    assert Visit.objects.count() == 0  # and it is open again afterwards
