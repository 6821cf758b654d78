"""What the pages of the workshop share: a job with the right to see it, and the way back."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core import web
from repairs.models import Job
from repairs.queries.jobs import jobs
from repairs.rules import may_see


def job_for(request: HttpRequest, pk: int) -> Job:
    """The job of this store, if the person may see it; 404 for another store's, 403 for a colleague's."""
    job = get_object_or_404(jobs().select_related("line__visit__advisor", "line__visit__store", "dispatched_by"), pk=pk)
    if not may_see(request.staff, job):
        raise PermissionDenied("repairs.work")
    return job


def home_url(request: HttpRequest) -> str:
    """Where this person's work goes on: the board of whoever dispatches, the technician's own list, the parts counter."""
    for permission, name in (
        ("repairs.dispatch", "board"),
        ("repairs.work", "my_jobs"),
        ("repairs.issue_parts", "parts"),
    ):
        if request.staff.may(permission):
            return reverse(f"repairs:{name}")
    return "/"


def back(request: HttpRequest) -> str:
    return web.back_url(request, default=home_url(request))
