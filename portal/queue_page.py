"""The reception's queue for who waits in it: take a number, see one's place, read the board. Without names, account or
scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from appointments import domain as appointments
from appointments import waiting
from appointments.choices import TicketState
from appointments.models import Ticket
from core import clock, limits
from core.web import htmx_redirect, is_htmx, polled
from portal.access import own_link
from stores import calendar
from stores.access import in_store
from stores.models import Store

LOOKS, LOOKS_SECONDS = 3000, 600
# Many phones share one address of the store's own network.
NUMBERS, NUMBERS_SECONDS = 60, 3600
TOO_MANY = 429
EVERY_SECONDS = 10
# A page sent twice by an impatient thumb takes one number.
TAKEN_COOKIE, TAKEN_FOR = "queue", 12 * 3600


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """The number board of the waiting room: refreshed by script, or by itself where there is none."""
    store = get_object_or_404(Store, code=code)
    with in_store(store), timezone.override(store.tz):
        if limits.exceeded("queue-board", limits.client_ip(request), limit=LOOKS, seconds=LOOKS_SECONDS):
            return _too_many(request, store)
        shown = waiting.board(store)
        context = {"store": store, "board": shown, "now": clock.now(), "every": EVERY_SECONDS}
        if is_htmx(request):
            return polled(request, shown.stamp, lambda: render(request, "portal/_board.html", context))
        response = render(request, "portal/board.html", context)
        patch_cache_control(response, private=True, no_cache=True)
        return response


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, code: str) -> HttpResponse:
    """One button: a number. Who has one of today already is led to it; 429 for who takes too many."""
    store = get_object_or_404(Store, code=code)
    with in_store(store), timezone.override(store.tz):
        mine = _mine(request, store)
        if mine:
            return htmx_redirect(request, mine)
        if request.method != "POST":
            context = {
                "store": store,
                "waiting": len(waiting.board(store).waiting),
                "open": calendar.is_open(store, clock.now()),
            }
            return _private(render(request, "portal/take_number.html", context))
        if limits.exceeded("queue-take", limits.client_ip(request), limit=NUMBERS, seconds=NUMBERS_SECONDS):
            return _too_many(request, store)
        if not calendar.is_open(store, clock.now()):
            context = {"store": store, "waiting": 0, "open": False}
            return _private(render(request, "portal/take_number.html", context, status=409))
        _ticket, token = appointments.take_number(store, plate=request.POST.get("plate", ""))
        response = htmx_redirect(request, reverse("portal:ticket", args=[token]))
        response.set_cookie(
            f"{TAKEN_COOKIE}-{store.code}",
            token,
            max_age=TAKEN_FOR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
        return response


def _mine(request: HttpRequest, store: Store) -> str:
    """Address of the number this browser has and that still counts."""
    token = request.COOKIES.get(f"{TAKEN_COOKIE}-{store.code}", "")
    ticket = waiting.ticket_of(token) if token else None
    if ticket is None or ticket.store_id != store.pk or ticket.day != clock.local_day(store.tz):
        return ""
    stands = ticket.state in (TicketState.WAITING, TicketState.CALLED)
    return reverse("portal:ticket", args=[token]) if stands else ""


@require_http_methods(["GET", "HEAD", "POST"])
@own_link(waiting.ticket_of)
def ticket(request: HttpRequest, row: Ticket, token: str) -> HttpResponse:
    """One's own place in the queue; the number may be given back."""
    if request.method == "POST":
        if row.state in (TicketState.WAITING, TicketState.CALLED):
            appointments.end_number(row, by=appointments.VISITOR)
        return htmx_redirect(request, request.path)
    ahead = waiting.ahead_of(row) if row.state == TicketState.WAITING else 0
    context = {"store": row.store, "ticket": row, "ahead": ahead, "token": token, "every": EVERY_SECONDS}
    if is_htmx(request):
        stamp = f"{row.state}-{row.calls}-{ahead}"
        return polled(request, stamp, lambda: render(request, "portal/_ticket.html", context))
    return render(request, "portal/ticket.html", context)


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    return response


def _too_many(request: HttpRequest, store: Store) -> HttpResponse:
    response = render(request, "portal/limited.html", {"store": store}, status=TOO_MANY)
    response["Retry-After"] = str(LOOKS_SECONDS)
    return response
