"""For who waits in the house: a screen with every waiting car, and one tap on the own page for a drink, a seat or a ride."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from core import clock, limits
from core.actors import Actor
from core.web import htmx_redirect, is_htmx, polled
from portal import queries
from portal.access import customer_page
from reception import domain as reception
from reception import queries as counter
from stores.access import in_store
from stores.models import Store
from visits.models import VisitLink

# A screen asks every few seconds, all day; several stand behind one address.
LOOKS, LOOKS_SECONDS = 3000, 600
EVERY_SECONDS = 15
TOO_MANY = 429


@require_safe
def screen(request: HttpRequest, code: str) -> HttpResponse:
    """The screen of the waiting room: tail of the plate, stage and promised time of each waiting customer's car; no names.
    Refreshed by script, or by itself where there is none. 429 for who asks too often."""
    store = get_object_or_404(Store, code=code)
    with in_store(store), timezone.override(store.tz):
        if limits.exceeded("waiting-screen", limits.client_ip(request), limit=LOOKS, seconds=LOOKS_SECONDS):
            response = render(request, "portal/limited.html", {"store": store}, status=TOO_MANY)
            response["Retry-After"] = str(LOOKS_SECONDS)
            return response
        rows = queries.screen(counter.waiting_room())
        context = {"store": store, "rows": rows, "now": clock.now(), "every": EVERY_SECONDS}
        if is_htmx(request):
            stamp = hashlib.sha256(repr(rows).encode()).hexdigest()
            return polled(request, stamp, lambda: render(request, "portal/_screen.html", context))
        response = render(request, "portal/screen.html", context)
        patch_cache_control(response, private=True, no_cache=True)
        return response


@require_POST
@customer_page
def call(request: HttpRequest, link: VisitLink, **kwargs) -> HttpResponse:
    """One tap: somebody comes. It costs nothing and names nobody, so the link itself is right enough: the second tap finds
    the first one's call, and there are only so many in an hour."""
    visit = link.visit
    by = Actor.customer(visit.customer_id, label=visit.customer.name)
    reception.call(visit, kind=request.POST.get("kind", ""), by=by)
    return htmx_redirect(request, request.path.removesuffix("call/") + "#calls")
