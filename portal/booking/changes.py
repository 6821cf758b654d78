"""The customer changes his booking by his link: another time, or none. Reading changes nothing; each change takes two
steps, the second with a token made for it and the digits only he should know."""

from __future__ import annotations

from dataclasses import replace

from crispy_forms.layout import Layout
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from appointments import domain as appointments
from appointments.domain.ledger import wish_of
from appointments.models import Appointment
from appointments.offers import DayAnswer, Offer
from appointments.queries import moment_key
from appointments.sheets import plan_of
from core import clock
from core.errors import DomainError
from core.forms import CrispyForm
from core.web import SEE_OTHER, UNPROCESSABLE
from portal import calendar, domain
from portal.access import customer_page
from portal.booking.forms import advisor_label, ready_words, roughly, to_quarter
from portal.booking.selection import day_asked, moment_of
from visits.models import VisitLink

LOOK_AHEAD, DAYS_SHOWN = 14, 8
# Errors of the digits are shown beside the digits; everything else is a page of its own.
AT_THE_DIGITS = {"wrong_digits"}


class DigitsForm(CrispyForm):
    """The second step: the token of the first, what it was made for, and the end of his number where we know one."""

    at = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    write = forms.CharField(max_length=60, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why? (if you like)"),
        required=False,
        max_length=120,
    )
    tail = forms.RegexField(
        r"^[0-9]{4}$",
        label=gettext_lazy("Last four digits of your phone"),
        error_messages={"invalid": gettext_lazy("Enter the last four digits of your phone.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4}),
    )

    def __init__(self, *args, asks_digits: bool, why: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_digits:
            del self.fields["tail"]
        if not why:
            del self.fields["reason"]
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)


@require_safe
@customer_page
def booking(request: HttpRequest, link: VisitLink, **kwargs) -> HttpResponse:
    """His booking with other times for it, until the deadline; a calendar entry; and the way to call it off."""
    return _page(request, link, _booking(link))


@require_POST
@customer_page
def move(request: HttpRequest, link: VisitLink, **kwargs) -> HttpResponse:
    """First what the chosen time means, then the digits that make it count."""
    booked = _booking(link)
    at = request.POST.get("at", "")
    offer = _offer(booked, at)
    if "write" not in request.POST:
        if offer is None:
            domain.offer_change(booked, action=domain.MOVE, to=at)  # says when it is too late for any change
            return _page(request, link, booked, refusal=_("This time is gone. Choose another one."), status=409)
        form = _digits(booked, initial={"at": at, "write": domain.offer_change(booked, action=domain.MOVE, to=at)})
        return _confirm(request, link, booked, form, offer=offer)
    form = _digits(booked, request.POST)
    if not form.is_valid():
        return _confirm(request, link, booked, form, offer=offer, status=UNPROCESSABLE)
    data = form.cleaned_data
    try:
        domain.move_booking(
            link,
            booked,
            write_token=data["write"],
            to=at,
            start=moment_of(at) or booked.start,
            advisor=offer.advisor if offer else None,
            tail=data.get("tail", ""),
        )
    except (appointments.SlotTaken, appointments.SlotRefused) as error:
        return _page(request, link, booked, refusal=str(error), status=error.status)
    except DomainError as error:
        if error.code not in AT_THE_DIGITS:
            raise
        form.add_error("tail", str(error))
        return _confirm(request, link, booked, form, offer=offer, status=error.status)
    return _to(request, "portal:visit_booking")


@require_POST
@customer_page
def cancel(request: HttpRequest, link: VisitLink, **kwargs) -> HttpResponse:
    """First the question, then the digits that make it count."""
    booked = _booking(link)
    if "write" not in request.POST:
        form = _digits(booked, why=True, initial={"write": domain.offer_change(booked, action=domain.CANCEL)})
        return _confirm(request, link, booked, form)
    form = _digits(booked, request.POST, why=True)
    if not form.is_valid():
        return _confirm(request, link, booked, form, status=UNPROCESSABLE)
    data = form.cleaned_data
    try:
        domain.cancel_booking(link, booked, write_token=data["write"], reason=data["reason"], tail=data.get("tail", ""))
    except DomainError as error:
        if error.code not in AT_THE_DIGITS:
            raise
        form.add_error("tail", str(error))
        return _confirm(request, link, booked, form, status=error.status)
    return _to(request, "portal:visit")


@require_safe
@customer_page
def calendar_file(request: HttpRequest, link: VisitLink, **kwargs) -> HttpResponse:
    """His booking for his own calendar; a moved one replaces the entry, a cancelled one strikes it out."""
    booked = _booking(link)
    visit, store = booked.visit, booked.store
    text = calendar.entry(
        uid=f"{visit.number}@{store.code}",
        sequence=visit.version,
        start=booked.start,
        end=booked.end,
        summary=_("%(store)s: %(plate)s to the workshop") % {"store": store.name, "plate": visit.vehicle.plate},
        description="\n".join([", ".join(row.label for row in plan_of(booked).work), store.phone]),
        location=store.address,
        cancelled=not booked.is_open,
        at=clock.now(),
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{visit.number}.ics"'
    return response


def _page(request, link: VisitLink, booked: Appointment, *, refusal: str = "", status: int = 200) -> HttpResponse:
    store, open_ = booked.store, domain.may_change(booked)
    answers = _answers(request, booked) if open_ else []
    wanted = day_asked(request.GET.get("day", ""))
    answer = _shown(booked, answers, wanted)
    context = {
        "store": store,
        "visit": link.visit,
        "booked": booked,
        "advisor": advisor_label(booked.advisor),
        "plan": roughly(plan_of(booked)),
        "token": _token(request),
        "open": open_,
        "until": domain.change_until(booked),
        "today": clock.local_day(store.tz),
        "days": [(row, len(_of_the_same(booked, row)), row is answer) for row in answers],
        "answer": answer,
        "times": [(offer, moment_key(offer.start), ready_words(offer)) for offer in _of_the_same(booked, answer)],
        "refusal": refusal,
    }
    return render(request, "portal/booking.html", context, status=status)


def _shown(booked: Appointment, answers: list[DayAnswer], wanted) -> DayAnswer | None:
    """The day he asks for; else his booking's own day where it has another time, else the first that has one."""
    own = clock.local_day(booked.store.tz, booked.start)
    asked = next((row for row in answers if row.day == wanted), None)
    by_nearness = sorted(answers, key=lambda row: row.day != own)
    return asked or next((row for row in by_nearness if _of_the_same(booked, row)), None)


def _answers(request, booked: Appointment) -> list[DayAnswer]:
    store = booked.store
    first = max(day_asked(request.GET.get("from", "")) or clock.local_day(store.tz), clock.local_day(store.tz))
    found = appointments.offers(store, _wish(booked), first=first, days=LOOK_AHEAD, public=True, besides=booked)
    return [row for row in found if row.code != "closed"][:DAYS_SHOWN]


def _wish(booked: Appointment):
    return replace(wish_of(booked), own_advisor_id=booked.advisor_id)


def _of_the_same(booked: Appointment, answer: DayAnswer | None) -> list[Offer]:
    """One offer for each time, with the advisor he has where that one is free."""
    best: dict = {}
    stands = booked.start if booked.displaced_at is None else None
    for offer in answer.offers if answer else []:
        if offer.start != stands and (offer.start not in best or offer.own):
            best[offer.start] = offer
    return list(best.values())


def _offer(booked: Appointment, at: str) -> Offer | None:
    start = moment_of(at)
    if start is None:
        return None
    day = clock.local_day(booked.store.tz, start)
    answer = appointments.offers(booked.store, _wish(booked), first=day, days=1, public=True, besides=booked)[0]
    return next((offer for offer in _of_the_same(booked, answer) if offer.start == start), None)


def _confirm(request, link, booked: Appointment, form: DigitsForm, *, offer: Offer | None = None, status: int = 200):
    context = {
        "store": booked.store,
        "visit": link.visit,
        "booked": booked,
        "token": _token(request),
        "form": form,
        "offer": offer,
        "advisor": advisor_label(offer.advisor) if offer else "",
        "ready": to_quarter(offer.ready_at.astimezone(booked.store.tz)) if offer else None,
        "moving": "at" in request.POST,
    }
    return render(request, "portal/booking_confirm.html", context, status=status)


def _digits(booked: Appointment, data=None, **kwargs) -> DigitsForm:
    return DigitsForm(data, asks_digits=bool(booked.visit.customer.phone), **kwargs)


def _booking(link: VisitLink) -> Appointment:
    rows = Appointment.objects.select_related("store", "advisor", "visit__vehicle", "visit__customer", "visit__store")
    booked = rows.filter(visit=link.visit).first()
    if booked is None:
        raise Http404
    return booked


def _token(request: HttpRequest) -> str:
    return request.resolver_match.kwargs["token"]


def _to(request: HttpRequest, name: str) -> HttpResponse:
    response = HttpResponse(status=SEE_OTHER)
    response["Location"] = reverse(name, args=[_token(request)])
    return response
