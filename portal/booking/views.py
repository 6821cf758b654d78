"""From what for to done, for anybody: each page an address of its own that works without scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments import domain as appointments
from appointments.choices import BookingChannel, ServiceKind
from appointments.domain.booking import made_by
from appointments.domain.holds import standing
from appointments.models import Appointment, BookingPolicy, Hold
from appointments.offers import DayAnswer
from appointments.queries import moment_key
from appointments.sheets import ServicePlan, bring, menu_for, plan_of, row_of
from core import clock
from core.actors import Actor
from core.errors import DomainError
from core.web import SEE_OTHER, handle
from customers.queries import entitlements
from portal.booking.forms import PublicBookingForm, advisor_label, ready_words, roughly, to_quarter
from portal.booking.identity import Known, known, own_advisor
from portal.booking.limits import HOLDS, PER_PHONE, POSTS, address, count, public_page
from portal.booking.selection import Chosen, Selection, choose, day_asked, moment_of, uuid_of
from stores.models import Store
from symptoms import domain as symptoms
from symptoms import queries as symptom_queries
from visits import domain as visits
from visits.choices import NeedKind
from visits.queries import visit_by_link

DAYS_SHOWN = 8
LOOK_AHEAD = 14  # calendar days
BOOKING_PAGE = Actor.system("booking_page")
# Asked for beside the menu, in the order of how often.
BESIDE_THE_MENU = (
    ServiceKind.FIRST_SERVICE,
    ServiceKind.MAINTENANCE,
    ServiceKind.ANNUAL,
    ServiceKind.RECALL,
    ServiceKind.ACCIDENT,
    ServiceKind.BODY_PAINT,
    ServiceKind.INSURANCE,
    ServiceKind.ACCESSORIES,
    ServiceKind.RETROFIT,
    ServiceKind.REWORK,
)


# --- What for -------------------------------------------------------------------------------------------------------------


@require_safe
@public_page
def book(request: HttpRequest, store: Store) -> HttpResponse:
    """What is to be done: what is due for a recognised car, the menu, a fault with its symptom check, how he comes."""
    return _services_page(request, store)


def _services_page(request: HttpRequest, store: Store, *, problem: str = "") -> HttpResponse:
    person = known(request, store)
    selection = Selection.of(request.GET)
    car = person.car(selection.car) if person else None
    menu = menu_for(store, car)
    chosen = choose(store, selection, menu)
    context = {
        "store": store,
        "person": person,
        "car": car,
        "cars": [(row, selection_of_car(selection, row)) for row in person.cars] if person else [],
        "entitlements": entitlements(car) if car else [],
        "menu": menu,
        "selection": chosen.selection,
        "ticked": set(chosen.selection.operations),
        "chosen": chosen,
        "kinds": [(kind, kind in selection.kinds) for kind in BESIDE_THE_MENU],
        "answered": _answered(chosen),
        "asks": symptom_queries.in_force() is not None,
        "query": chosen.selection.query(),
        "without_check": chosen.selection.without_check().query(),
        "problem": problem,
    }
    return render(request, "portal/book.html", context)


def selection_of_car(selection: Selection, car) -> str:
    """The address of the same selection for another of his cars."""
    return replace(selection, car=car.pk).query()


def _answered(chosen: Chosen):
    if chosen.check is None:
        return None
    return symptom_queries.read(type(chosen.check).objects.filter(pk=chosen.check.pk))[0]


# --- When -----------------------------------------------------------------------------------------------------------------


@require_safe
@public_page
def times(request: HttpRequest, store: Store) -> HttpResponse:
    """Days with their free times for what was chosen; a day without says why not."""
    person, chosen = _chosen(request, store)
    if not chosen.items:
        return _services_page(request, store, problem=_("Choose at least one."))
    refusal = _("The time we kept for you has run out. Choose again, please.") if "late" in request.GET else ""
    return _times_page(request, store, person, chosen, refusal=refusal)


@require_POST
@public_page
def hold(request: HttpRequest, store: Store) -> HttpResponse:
    """Keep the chosen time while the rest is filled in; a time kept before is given back."""
    count(HOLDS, address(request))
    person, chosen = _chosen(request, store)
    start = moment_of(request.POST.get("at", ""))
    if start is None or not chosen.items:
        return HttpResponseRedirect(reverse("portal:book_time", args=[store.code]) + chosen.selection.query())
    _give_back(request.POST.get("hold", ""))
    try:
        held = appointments.hold(store, _wish(person, chosen), start=start, channel=BookingChannel.WEB, by=BOOKING_PAGE)
    except DomainError as error:
        return _times_page(request, store, person, chosen, refusal=str(error), status=error.status, near=start)
    response = HttpResponse(status=SEE_OTHER)
    response["Location"] = _form_address(store, chosen, held)
    return response


def _times_page(
    request: HttpRequest,
    store: Store,
    person: Known | None,
    chosen: Chosen,
    *,
    refusal: str = "",
    status: int = 200,
    near: datetime | None = None,
) -> HttpResponse:
    today = clock.local_day(store.tz)
    first = max(day_asked(request.GET.get("from", "")) or today, today)
    wanted = clock.local_day(store.tz, near) if near else day_asked(request.GET.get("day", ""))
    first = wanted if wanted and not first <= wanted < first + timedelta(days=LOOK_AHEAD) and wanted > today else first
    answers = appointments.offers(store, _wish(person, chosen), first=first, days=LOOK_AHEAD, public=True)
    shown = [answer for answer in answers if answer.code != "closed" or answer.day == wanted][:DAYS_SHOWN]
    answer = next((row for row in shown if row.day == wanted), None)
    answer = answer or next(
        (row for row in shown if row.offers), shown[0] if shown else DayAnswer(first, code="closed")
    )
    last = shown[-1].day if shown else first + timedelta(days=LOOK_AHEAD - 1)
    context = {
        "store": store,
        "days": [(row, len({offer.start for offer in row.offers}), row.day == answer.day) for row in shown],
        "answer": answer,
        "today": today,
        "times": _best_of_each(answer),
        "fields": chosen.selection.pairs(),
        "query": chosen.selection.query(),
        "day_query": chosen.selection.query(**({"from": first} if first > today else {})),
        "wait_query": chosen.selection.query(day=answer.day),
        "later": chosen.selection.query(**{"from": last + timedelta(days=1)}),
        "plan": ServicePlan([row_of(item) for item in chosen.items], []),
        "held": request.GET.get("hold", ""),
        "refusal": refusal,
    }
    return render(request, "portal/book_time.html", context, status=status)


def _best_of_each(answer: DayAnswer) -> list[tuple]:
    """(offer, key, when it would be ready) of each time of a day, with the advisor who comes first."""
    best = {}
    for offer in answer.offers:
        best.setdefault(offer.start, offer)
    return [(offer, moment_key(start), ready_words(offer)) for start, offer in best.items()]


# --- Who ------------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def form(request: HttpRequest, store: Store) -> HttpResponse:
    """The plan of what was chosen, and the last questions; sent, it is booked."""
    if request.method == "POST":
        count(POSTS, address(request))
        if made := _made(request):
            return _done(store, made)
    person, chosen = _chosen(request, store)
    if not chosen.items:
        return HttpResponseRedirect(reverse("portal:book", args=[store.code]))
    held = standing(uuid_of(request.POST.get("hold") or request.GET.get("hold", "")))
    if request.method != "POST" and (held is None or held.expires_at <= clock.now()):
        return HttpResponseRedirect(
            reverse("portal:book_time", args=[store.code]) + chosen.selection.query(late=1, **_day_of(store, held))
        )
    filled = _form_of(request, store, person, chosen, held)
    if request.method == "POST" and filled.is_valid():
        count(PER_PHONE, f"{store.pk}:{filled.cleaned_data.get('phone') or person.phone}")
    return handle(
        request,
        filled,
        lambda data: _book(store, person, chosen, filled, data),
        template="portal/book_form.html",
        context=_form_context(store, person, chosen, held),
        done=lambda made: _done(store, made),
    )


def _form_of(request, store: Store, person: Known | None, chosen: Chosen, held: Hold | None) -> PublicBookingForm:
    others = []
    if held and request.method != "POST":
        day = appointments.offers(
            store, _wish(person, chosen), first=clock.local_day(store.tz, held.start), days=1, public=True
        )[0]
        others = [offer for offer in day.offers if offer.start == held.start]
    return PublicBookingForm(
        request.POST or None,
        initial={"hold": held.token if held else None, "fault": chosen.check.words if chosen.check else ""},
        others=others,
        receives=held.advisor if held else None,
        start=held.start if held else None,
        known=person,
        car=person.car(chosen.selection.car) if person else None,
        pickup=chosen.selection.pickup,
        faulty=any(item.kind in FAULTY for item in chosen.items),
    )


FAULTY = {ServiceKind.REPAIR, ServiceKind.REWORK, ServiceKind.ACCIDENT, ServiceKind.BODY_PAINT}


def _form_context(store: Store, person: Known | None, chosen: Chosen, held: Hold | None) -> dict:
    car = person.car(chosen.selection.car) if person else None
    own = own_advisor(car)
    ready = to_quarter(datetime.fromisoformat(held.wish["ready_at"])) if held else None
    things = bring({item.kind for item in chosen.items}, car)
    return {
        "store": store,
        "person": person,
        "held": held,
        "until": held.expires_at if held else None,
        "plan": ServicePlan([row_of(item) for item in chosen.items], things, held.start if held else None, ready),
        "selection": chosen.selection,
        "query": chosen.selection.query(),
        "back": chosen.selection.query(**_day_of(store, held), **({"hold": held.token} if held else {})),
        "stand_in_for": advisor_label(own) if own and held and own.pk != held.advisor_id else "",
        "answered": _answered(chosen),
        "symptom_estimate": chosen.estimate,
    }


@transaction.atomic
def _booked(store: Store, person: Known | None, chosen: Chosen, filled: PublicBookingForm, data: dict) -> Appointment:
    advisor, start = data["slot"]
    fields = {
        "advisor": advisor,
        "start": start,
        "channel": BookingChannel.WEB,
        "items": chosen.in_words(data.get("fault", "")),
        "needs": _needs(chosen, filled),
        "waits": chosen.selection.waits,
        "wash": chosen.selection.wash,
        "loan_car": chosen.selection.loan_car,
        "pickup_address": data.get("pickup_address", ""),
        "hold": data["hold"],
        "symptom_check": chosen.check,
        "token": data["token"],
    }
    car = data.get("car")
    who = car.owner if car else next(iter(person.customers), None) if person else None
    caller = appointments.Caller(
        name=data.get("name") or who.name,
        phone=data.get("phone") or person.phone,
        plate="" if car else data["plate"],
    )
    made = appointments.book_for(store=store, caller=caller, known=who, vehicle=car, agrees=data["wishes"], **fields)
    if chosen.check:
        symptoms.attach(chosen.check, visit=made.visit, by=Actor.customer(made.visit.customer_id))
    return made


def _book(store: Store, person: Known | None, chosen: Chosen, filled: PublicBookingForm, data: dict) -> Appointment:
    try:
        return _booked(store, person, chosen, filled, data)
    except (appointments.SlotTaken, appointments.SlotRefused) as error:
        filled.alternatives = _first_of_each(error.alternatives)
        raise


def _first_of_each(offers: list) -> list:
    """One offer for each time: which advisor it is, matters less than when."""
    return list({offer.start: offer for offer in reversed(offers)}.values())[::-1]


def _needs(chosen: Chosen, filled: PublicBookingForm) -> list[tuple[str, str]]:
    """What he asks for in his words; the answers of a symptom check where he added none."""
    needs = filled.needs()
    if chosen.check and not any(kind == NeedKind.FAULT for kind, _words in needs):
        needs.insert(0, (NeedKind.FAULT, chosen.check.words or _answered(chosen).summary))
    return needs


# --- Done -----------------------------------------------------------------------------------------------------------------


@require_safe
@public_page
def booked(request: HttpRequest, store: Store, token: str) -> HttpResponse:
    """The confirmation with its plan, and the link at which the customer follows and changes his visit."""
    visit = visit_by_link(token)
    if visit is None or visit.store_id != store.pk:
        raise Http404
    made = get_object_or_404(
        Appointment.objects.select_related("advisor", "stand_in_for", "visit__vehicle"), visit=visit
    )
    context = {
        "store": store,
        "made": made,
        "plan": roughly(plan_of(made)),
        "advisor": advisor_label(made.advisor),
        "stand_in_for": advisor_label(made.stand_in_for) if made.stand_in_for else "",
        "needs": visit.needs.all(),
        "token": token,
        "policy": BookingPolicy.of(store),
        "answered": next(iter(symptom_queries.of_visit(visit)), None),
    }
    response = render(request, "portal/booked.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _done(store: Store, made: Appointment) -> HttpResponse:
    response = HttpResponse(status=SEE_OTHER)
    response["Location"] = reverse("portal:booked", args=[store.code, visits.make_link(made.visit)])
    return response


# --- Read from the request ------------------------------------------------------------------------------------------------


def _chosen(request: HttpRequest, store: Store) -> tuple[Known | None, Chosen]:
    person = known(request, store)
    # A time's button posts what was chosen; everywhere else it stands in the address.
    selection = Selection.of(request.POST if "at" in request.POST else request.GET)
    car = person.car(selection.car) if person else None
    return person, choose(store, selection, menu_for(store, car))


def _wish(person: Known | None, chosen: Chosen):
    own = own_advisor(person.car(chosen.selection.car)) if person else None
    return chosen.wish(own_advisor_id=own.pk if own else None)


def _made(request: HttpRequest) -> Appointment | None:
    """What this very form has booked already."""
    token = uuid_of(request.POST.get("token", ""))
    return made_by(token) if token else None


def _give_back(text: str) -> None:
    if token := uuid_of(text):
        appointments.release(token)


def _form_address(store: Store, chosen: Chosen, held: Hold) -> str:
    return reverse("portal:book_form", args=[store.code]) + chosen.selection.query(hold=held.token)


def _day_of(store: Store, held: Hold | None) -> dict:
    return {"day": clock.local_day(store.tz, held.start)} if held else {}
