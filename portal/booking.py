"""The public booking page: anybody may book, nobody needs an account, nothing on file is told to a stranger."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from appointments import domain as appointments
from appointments import queries
from appointments.choices import BookingChannel, ServiceKind
from appointments.forms import NeedsForm, SlotField
from appointments.models import Appointment
from appointments.queries import Slot, moment_key
from core import clock, limits
from core.forms import PhoneField, PlateField
from core.names import surname
from core.web import handle
from customers.forms import WishesForm
from stores.access import in_store
from stores.models import Store
from visits import domain as visits
from visits.queries import visit_by_link

DAYS_SHOWN = 7
LOOK_AHEAD = 14  # calendar days
# Many phones share one address of a mobile network, one person does not book six times a day.
PER_ADDRESS, PER_ADDRESS_SECONDS = 60, 3600
PER_PHONE, PER_PHONE_SECONDS = 5, 24 * 3600
LOOKS, LOOKS_SECONDS = 600, 600
TOO_MANY = 429


class PublicBookingForm(WishesForm, NeedsForm):
    """One page a thumb can fill: time, car, person, what for, what matters, what he may be contacted for.

    The last is never shown as answered: the page does not know who fills it in, and tells nobody what is on file.
    """

    slot = SlotField(label=gettext_lazy("Time"))
    token = forms.UUIDField(widget=forms.HiddenInput)
    plate = PlateField(
        label=gettext_lazy("Your number plate"),
        help_text=gettext_lazy("A car without a plate yet? Please call us."),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(
        label=gettext_lazy("Your mobile phone"),
        autocomplete="tel",
        help_text=gettext_lazy("We send the confirmation to this number."),
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("What can we do for you?"),
        choices=ServiceKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    waits = forms.BooleanField(label=gettext_lazy("I wait in the store"), required=False)

    def __init__(self, *args, times: list[Slot] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid4())
        self.times = list(times)
        self.alternatives: list[Slot] = []
        self.fields["fault"].label = _("What is wrong, in your own words")
        self.fields["wish"].label = _("A wish")
        self.fields["question"].label = _("A question")
        self.helper.layout = Layout(
            Field("slot", template="portal/_book_slot.html"),
            "token",
            Div("plate", "phone", "name", css_class="portal-card"),
            Div("services", "fault", css_class="portal-card"),
            Div("matters_most", "wish", "question", "waits", css_class="portal-card"),
            Div("wishes", css_class="portal-card"),
        )

    @property
    def choices(self) -> list[dict]:
        """What the radio buttons offer: after a lost slot other times, else who could receive him at the chosen one."""
        if self.alternatives:
            return [_choice(slot, with_time=True) for slot in self.alternatives]
        if not self.times:
            return []
        anybody = {"key": f"@{moment_key(self.times[0].start)}", "label": _("Whoever is free"), "start": None}
        return [anybody, *[_choice(slot) for slot in self.times]]

    @property
    def chosen(self) -> str:
        """The radio button that is on; after a lost slot none is, so that nobody books what he did not see."""
        if self.alternatives:
            return ""
        return self.data.get("slot", "") or (self.choices[0]["key"] if self.choices else "")


def _choice(slot: Slot, *, with_time: bool = False) -> dict:
    return {
        "key": slot.key,
        "label": _("Advisor %(name)s") % {"name": surname(slot.advisor.name)},
        "start": slot.start if with_time else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, code: str) -> HttpResponse:
    """First a free time, then the rest on one page. Works without JavaScript; 429 for who asks too often."""
    store = get_object_or_404(Store, code=code)
    with in_store(store), timezone.override(store.tz):
        address = limits.client_ip(request)
        if request.method == "POST":
            if limits.exceeded("book", address, limit=PER_ADDRESS, seconds=PER_ADDRESS_SECONDS):
                return _too_many(request, store, PER_ADDRESS_SECONDS)
            return _private(_form_page(request, store))
        if limits.exceeded("book-look", address, limit=LOOKS, seconds=LOOKS_SECONDS):
            return _too_many(request, store, LOOKS_SECONDS)
        page = _form_page if request.GET.get("at") else _time_page
        return _private(page(request, store))


@require_safe
def booked(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """The confirmation, with the link at which the customer follows his visit."""
    store = get_object_or_404(Store, code=code)
    with in_store(store), timezone.override(store.tz):
        visit = visit_by_link(token)
        if visit is None or visit.store_id != store.pk:
            raise Http404
        made = get_object_or_404(Appointment.objects.select_related("advisor", "visit__vehicle"), visit=visit)
        context = {
            "store": store,
            "made": made,
            "advisor": _("Advisor %(name)s") % {"name": surname(made.advisor.name)},
            "needs": visit.needs.all(),
            "link": reverse("portal:visit", args=[token]),
        }
        response = render(request, "portal/booked.html", context)
        response["Referrer-Policy"] = "no-referrer"
        return _private(response)


def _time_page(request: HttpRequest, store: Store) -> HttpResponse:
    today = clock.local_day(store.tz)
    days = queries.free_days(store, first=today, days=LOOK_AHEAD)[:DAYS_SHOWN]
    first_free = next((day for day, free in days if free), today)
    shown = _asked_day(request, first_free)
    free = dict(days).get(shown)
    if free is None:
        free = queries.free_slots(store, day=max(shown, today))
    starts = list(dict.fromkeys(slot.start for slot in free))
    return render(
        request,
        "portal/book_time.html",
        {
            "store": store,
            "days": [(day, len({slot.start for slot in slots}), day == shown) for day, slots in days],
            "day": shown,
            "today": today,
            "times": [(start, moment_key(start)) for start in starts],
        },
    )


def _form_page(request: HttpRequest, store: Store) -> HttpResponse:
    key = request.POST.get("slot") or f"@{request.GET.get('at', '')}"
    times = _free_at(store, key)
    form = PublicBookingForm(request.POST or None, times=times)
    context = {
        "store": store,
        "start": times[0].start if times else None,
        "back": f"{reverse('portal:book', args=[store.code])}?day={queries.day_of_key(store, key) or ''}",
    }
    if request.method != "POST" and not times:
        # The time went while the page was open, or the address was made up: choose again.
        return HttpResponseRedirect(context["back"])
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        if limits.exceeded("book-phone", f"{store.pk}:{phone}", limit=PER_PHONE, seconds=PER_PHONE_SECONDS):
            return _too_many(request, store, PER_PHONE_SECONDS)
    return handle(
        request,
        form,
        lambda data: _book(store, form, data),
        template="portal/book.html",
        context=context,
        done=lambda made: reverse("portal:booked", args=[store.code, visits.make_link(made.visit)]),
    )


def _book(store: Store, form: PublicBookingForm, data: dict) -> Appointment:
    advisor, start = data["slot"]
    try:
        return appointments.book_for(
            store=store,
            caller=appointments.Caller(name=data["name"], phone=data["phone"], plate=data["plate"]),
            advisor=advisor,
            start=start,
            channel=BookingChannel.WEB,
            services=data["services"],
            needs=form.needs(),
            waits=data["waits"],
            token=data["token"],
            agrees=data["wishes"],
        )
    except (appointments.SlotTaken, appointments.SlotRefused) as error:
        form.alternatives = error.alternatives
        raise


def _free_at(store: Store, key: str) -> list[Slot]:
    """Who could receive a customer at the moment of a slot's key."""
    day = queries.day_of_key(store, key)
    if day is None:
        return []
    moment = key.partition("@")[2]
    return [slot for slot in queries.free_slots(store, day=day) if moment_key(slot.start) == moment]


def _asked_day(request: HttpRequest, default: date) -> date:
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    latest = clock.now().date() + timedelta(days=queries.HORIZON_DAYS)
    return asked if asked and asked <= latest else default


def _too_many(request: HttpRequest, store: Store, seconds: int) -> HttpResponse:
    response = render(request, "portal/book_limited.html", {"store": store}, status=TOO_MANY)
    response["Retry-After"] = str(seconds)
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    return response
