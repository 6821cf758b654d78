"""A returning customer shows that he holds the phone on file: a one-time code, and the pages know his cars.

Whatever is typed, the pages answer alike: nobody learns here whether a phone or a plate is on file.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.web import SEE_OTHER, handle
from customers import domain as customers
from customers.models import PhoneCode
from customers.queries import vehicle_by_plate
from portal.booking import identity
from portal.booking.forms import CodeForm, WhoForm
from portal.booking.limits import CODES_ASKED, CODES_OF_PHONE, CODES_TRIED, address, count, public_page
from portal.booking.selection import Selection
from portal.domain import send_code
from stores.models import Store


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def who(request: HttpRequest, store: Store) -> HttpResponse:
    """Phone or plate; a code goes to the phone on file, or to the phone itself."""
    query = Selection.of(request.GET).query()
    form = WhoForm(request.POST or None)
    if request.method == "POST":
        count(CODES_ASKED, address(request))
        if form.is_valid():
            count(CODES_OF_PHONE, f"{store.pk}:{form.cleaned_data['who']}")
    return handle(
        request,
        form,
        lambda data: _ask(store, data["who"], form.is_phone),
        template="portal/book_who.html",
        context={"store": store, "back": reverse("portal:book", args=[store.code]) + query},
        done=lambda row: reverse("portal:book_code", args=[store.code, row.token]) + query,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def code(request: HttpRequest, store: Store, token: UUID) -> HttpResponse:
    """The six digits; the right ones lead back to the menu, which knows his cars now."""
    query = Selection.of(request.GET).query()
    if request.method == "POST":
        count(CODES_TRIED, address(request))

    def entered(phone: str) -> HttpResponse:
        response = HttpResponse(status=SEE_OTHER)
        response["Location"] = reverse("portal:book", args=[store.code]) + query
        return identity.remember(request, response, store=store, phone=phone)

    return handle(
        request,
        CodeForm(request.POST or None),
        lambda data: customers.check_code(store, token=token, code=data["code"]),
        template="portal/book_code.html",
        context={"store": store, "again": reverse("portal:book_who", args=[store.code]) + query},
        done=entered,
    )


@require_POST
@public_page
def leave(request: HttpRequest, store: Store) -> HttpResponse:
    """Not he, or done: the browser forgets whose phone it was."""
    response = HttpResponse(status=SEE_OTHER)
    response["Location"] = reverse("portal:book", args=[store.code])
    return identity.forget(response)


def _ask(store: Store, text: str, is_phone: bool) -> PhoneCode:
    if is_phone:
        return send_code(store, phone=text)
    car = vehicle_by_plate(text)
    phone = car.owner.phone if car and car.owner else ""
    # The owner of a plate is not disturbed more often than the owner of a number.
    over = phone and CODES_OF_PHONE.over(f"{store.pk}:{phone}")
    return send_code(store, phone="" if over else phone)
