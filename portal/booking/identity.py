"""Somebody who has shown that he holds a phone: for half an hour the booking pages know his cars and spare him typing.

Kept in a signed cookie of his own browser, for these pages only. No account, no session; the pages that nobody has signed
in to tell nothing about who is on file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from django.core import signing
from django.db.models import Max
from django.db.models.functions import Reverse
from django.http import HttpRequest, HttpResponse

from customers.models import Customer, Vehicle
from stores.models import Staff, Store

COOKIE, PATH, SALT = "known", "/c/", "portal.known"
LIFE = timedelta(minutes=30)


@dataclass(frozen=True)
class Known:
    """The holder of a phone, with the customers of that number and their cars, the last one here first."""

    phone: str
    customers: list[Customer] = field(default_factory=list)

    @cached_property
    def cars(self) -> list[Vehicle]:
        owned = Vehicle.objects.filter(owner__in=self.customers).select_related("owner__preferred_advisor", "store")
        return list(owned.annotate(last=Max("visits__opened_at")).order_by("-last", "pk"))

    def car(self, pk: int | None) -> Vehicle | None:
        """His car with this key, else the one that was here last; None where he has none on file."""
        return next((car for car in self.cars if car.pk == pk), self.cars[0] if self.cars else None)


def known(request: HttpRequest, store: Store) -> Known | None:
    """Who has shown his phone to this store within the last half hour."""
    try:
        store_id, phone = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if store_id != store.pk:
        return None
    # Reversed, as the index on it is.
    same = Customer.objects.alias(backwards=Reverse("phone")).filter(backwards__startswith=phone[::-1], phone=phone)
    return Known(phone, list(same.order_by("id")))


def remember(request: HttpRequest, response: HttpResponse, *, store: Store, phone: str) -> HttpResponse:
    """Let his browser show it for half an hour."""
    response.set_cookie(
        COOKIE,
        signing.dumps([store.pk, phone], salt=SALT),
        max_age=LIFE,
        path=PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def own_advisor(car: Vehicle | None) -> Staff | None:
    """The advisor the car's owner is used to, while he works here."""
    advisor = car.owner.preferred_advisor if car and car.owner else None
    return advisor if advisor and advisor.active else None
