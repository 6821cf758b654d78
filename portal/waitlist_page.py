"""The waitlist for customers: ask for a day that is full, see one's place, take what is offered. No account, no scripts."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from crispy_forms.layout import Div, Layout
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from appointments import domain as appointments
from appointments import waiting
from appointments.choices import BookingChannel, OfferState
from appointments.forms.booking import words
from appointments.forms.waiting import WishFields
from appointments.models import WaitlistEntry, WaitlistOffer
from appointments.sheets import ServicePlan, menu_for, row_of
from core import clock, limits
from core.actors import Actor
from core.errors import DomainError
from core.forms import CrispyForm, PhoneField, PlateField
from core.web import handle, htmx_redirect
from portal.access import own_link
from portal.booking.selection import Selection, choose
from stores.access import in_store
from stores.models import Store

PER_ADDRESS, PER_ADDRESS_SECONDS = 60, 3600
PER_PHONE, PER_PHONE_SECONDS = 5, 24 * 3600
TOO_MANY = 429


class PublicWaitForm(WishFields, CrispyForm):
    """Days, car, person, what for: one page a thumb can fill."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    plate = PlateField(label=gettext_lazy("Your number plate"))
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(
        label=gettext_lazy("Your mobile phone"),
        autocomplete="tel",
        help_text=gettext_lazy("We write to this number as soon as a time is free."),
    )
    fault = words(gettext_lazy("What is wrong, in your own words"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid4())
        if "waits" in self.fields:
            self.fields["waits"].label = gettext_lazy("I wait in the store")
        if "pickup_address" in self.fields:
            self.fields["pickup_address"].label = gettext_lazy("Where do we fetch the car?")
        self.helper.layout = Layout(
            "token",
            Div(
                Div("first_day", "last_day", css_class="grid-2"),
                Div("not_before", "not_after", css_class="grid-2"),
                css_class="portal-card",
            ),
            Div(*self.there("services", "fault", "waits", "pickup_address"), css_class="portal-card"),
            Div("plate", "phone", "name", css_class="portal-card"),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Wait for a place; 429 for who asks too often."""
    store = get_object_or_404(Store, code=code)
    with in_store(store), timezone.override(store.tz):
        address = limits.client_ip(request)
        if request.method == "POST" and limits.exceeded(
            "wait", address, limit=PER_ADDRESS, seconds=PER_ADDRESS_SECONDS
        ):
            return _too_many(request, store)
        day = _asked_day(request, store)
        chosen = choose(store, Selection.of(request.GET), menu_for(store))
        initial = {"first_day": day, "last_day": day, "fault": chosen.check.words if chosen.check else ""}
        form = PublicWaitForm(request.POST or None, initial=initial, items=chosen.items, wish=chosen.wish())
        if request.method == "POST" and form.is_valid():
            who = f"{store.pk}:{form.cleaned_data['phone']}"
            if limits.exceeded("wait-phone", who, limit=PER_PHONE, seconds=PER_PHONE_SECONDS):
                return _too_many(request, store)
        response = handle(
            request,
            form,
            lambda data: _join(store, form, data),
            template="portal/wait_ask.html",
            context={
                "store": store,
                "plan": ServicePlan([row_of(item) for item in chosen.items], []),
                "wish": chosen.wish(),
                "query": chosen.selection.query(),
            },
            done=lambda entry: reverse("portal:waits", args=[appointments.page_token(entry)]),
        )
        patch_cache_control(response, private=True, no_store=True)
        return response


def _join(store: Store, form: PublicWaitForm, data: dict) -> WaitlistEntry:
    caller = appointments.Caller(name=data["name"], phone=data["phone"], plate=data["plate"])
    return appointments.wait_for(store=store, caller=caller, channel=BookingChannel.WEB, **form.wish())


@require_http_methods(["GET", "HEAD", "POST"])
@own_link(waiting.entry_of)
def waits(request: HttpRequest, entry: WaitlistEntry, token: str) -> HttpResponse:
    """One's place on the waitlist, and what is offered at this moment; he may withdraw."""
    if request.method == "POST":
        return _answer(request, entry, waiting.open_offer(entry))
    return _page(request, entry, waiting.open_offer(entry))


@require_http_methods(["GET", "HEAD", "POST"])
@own_link(waiting.offer_of)
def offer(request: HttpRequest, row: WaitlistOffer, token: str) -> HttpResponse:
    """The link of an offer: it says until when it stands, takes one answer, and afterwards only tells what became of it.
    Opening it changes nothing (scanners open links)."""
    if request.method == "POST":
        return _answer(request, row.entry, row)
    return _page(request, row.entry, row)


def _answer(request: HttpRequest, entry: WaitlistEntry, row: WaitlistOffer | None) -> HttpResponse:
    by, said = Actor.customer(entry.customer_id), request.POST.get("answer")
    try:
        if said == "yes" and row:
            appointments.accept_offer(row, by=by)
        elif said == "no" and row:
            appointments.decline_offer(row, by=by)
        elif said == "withdraw":
            appointments.leave_waitlist(entry, by=by)
    except DomainError as error:
        entry.refresh_from_db()
        if row:
            row.refresh_from_db()
        return _page(request, entry, row, refusal=error)
    return htmx_redirect(request, request.path)


def _page(request, entry: WaitlistEntry, row: WaitlistOffer | None, refusal: DomainError | None = None) -> HttpResponse:
    stands = bool(row and row.state == OfferState.OFFERED and row.expires_at > clock.now())
    context = {
        "store": entry.store,
        "entry": waiting.with_wants([entry])[0],
        "offer": row,
        "stands": stands and entry.state == "waiting",
        "refusal": refusal,
        "book": reverse("portal:book", args=[entry.store.code]),
    }
    return render(request, "portal/waits.html", context, status=refusal.status if refusal else 200)


def _asked_day(request: HttpRequest, store: Store):
    today = clock.local_day(store.tz)
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked if asked and today <= asked <= today + timedelta(days=180) else today


def _too_many(request: HttpRequest, store: Store) -> HttpResponse:
    response = render(request, "portal/limited.html", {"store": store}, status=TOO_MANY)
    response["Retry-After"] = str(PER_ADDRESS_SECONDS)
    return response
