"""Things to open pages on that several apps need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from orders import domain as orders
from tests import factories
from tests.appointments import targets as waits
from tests.pages.rows import Target
from tests.pictures import jpeg
from tests.visits_at_stage import Maker
from visits.models import Visit


def read(visit: Visit) -> str:
    """The plate as pages write it, with the dot after the city."""
    return f"{visit.vehicle.plate[:2]}·{visit.vehicle.plate[2:]}"


def at(stage: str, **how) -> Callable[[Maker], Target]:
    """A visit at a stage, named in the address as `visit_pk`."""

    def make(maker: Maker) -> Target:
        return of(maker(stage, **how))

    return make


def of(visit: Visit, **more) -> Target:
    words = {"plate": read(visit), "customer": visit.customer.name, "number": visit.number}
    return Target(kwargs={"visit_pk": visit.pk}, words=words, **more)


def number(key: str = "pk", *, called: bool = False) -> Callable[[Maker], Target]:
    """A queue number, named by its id or by the token of its slip."""

    def make(maker: Maker) -> Target:
        ticket, token = waits.number(maker, called=called)
        return Target({key: token if key == "token" else ticket.pk}, words={"number": ticket.number})

    return make


def customer(maker: Maker) -> Target:
    person = maker("repair").customer
    return Target({"pk": person.pk}, words={"customer": person.name})


def picture_of(stage: str, **more) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        return of(maker(stage), data={"photos": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg"), **more})

    return make


def with_drafts(maker: Maker) -> Target:
    visit = maker("repair")
    factories.line(visit)
    return of(visit)


def asked(maker: Maker) -> Target:
    target = with_drafts(maker)
    visit = Visit.objects.get(pk=target.kwargs["visit_pk"])
    orders.ask_consent(visit, promised_at=clock.now() + timedelta(hours=6), by=visit.advisor)
    return target


def money_rule(make: Callable[[Maker], dict]) -> Callable[[Maker], Target]:
    return lambda maker: Target(make(maker))
