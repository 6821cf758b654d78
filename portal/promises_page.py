"""What the store promises, and how often it kept it: for everybody to read, without an account and without scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from commitments import queries
from core import limits
from stores.access import in_store
from stores.models import Store

LOOKS, LOOKS_SECONDS = 600, 600
TOO_MANY = 429
# The figures of a year do not change from one reader to the next.
FRESH_SECONDS = 300


@require_safe
def promises(request: HttpRequest, code: str) -> HttpResponse:
    """Each public promise with its share kept in twelve months; no figure below ten. 429 for who asks too often."""
    store = get_object_or_404(Store, code=code)
    with in_store(store), timezone.override(store.tz):
        if limits.exceeded("promises", limits.client_ip(request), limit=LOOKS, seconds=LOOKS_SECONDS):
            response = render(request, "portal/promises_limited.html", {"store": store}, status=TOO_MANY)
            response["Retry-After"] = str(LOOKS_SECONDS)
            return response
        figures = queries.last_year(store)
        rows = [(row, figures[row.code]) for row in queries.published()]
        response = render(request, "portal/promises.html", {"store": store, "rows": rows, "fewest": queries.FEWEST})
    patch_cache_control(response, private=True, max_age=FRESH_SECONDS)
    return response
