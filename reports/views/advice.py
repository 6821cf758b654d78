"""Honest advice: added work sold without a finding, and parts replaced although their reading was in range."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core import clock, web
from reports.queries import advice as queries
from stores.access import requires

PERIODS = (30, 90, 365)
PER_PAGE = 50


@require_GET
@requires("reports.view")
def advice(request: HttpRequest) -> HttpResponseBase:
    """The last 30, 90 or 365 days."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdigit() and int(asked) in PERIODS else PERIODS[1]
    since = clock.now() - timedelta(days=days)
    context = {
        "days": days,
        "periods": PERIODS,
        "advisors": queries.by_advisor(since),
        "page": web.page_of(request, queries.unfounded(since), PER_PAGE),
        "replaced": list(queries.replaced_in_range(since)[:PER_PAGE]),
    }
    return render(request, "reports/advice.html", context)
