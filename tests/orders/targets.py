"""Where the rows of the pages' table lead: money rules."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from customers import domain as customers
from orders import domain as orders
from tests import factories


def _draft(make):
    visit = make("reception", lines=0)
    return visit, factories.line(visit)


def _package(visit):
    return customers.grant_entitlement(
        visit.vehicle, kind="package", name="保养套餐", payer="maker", quantity=2, by=visit.advisor
    )


def entitled(make) -> dict:
    """A draft that an entitlement of its car may pay."""
    visit, line = _draft(make)
    return {"line_pk": line.pk, "pk": _package(visit).pk}


def redeemed(make) -> dict:
    visit, line = _draft(make)
    orders.redeem(line, _package(visit), by=visit.advisor)
    return {"line_pk": line.pk}


def discount_asked(make) -> dict:
    visit, line = _draft(make)
    return {"pk": orders.ask_discount(line, discount=line.labour / 2, reason="老客户", by=visit.advisor).pk}


def discount_list(make) -> dict:
    discount_asked(make)
    return {}


def car(make) -> dict:
    visit, _line = _draft(make)
    _package(visit)
    return {"pk": visit.vehicle_id}


def entitlement(make) -> dict:
    visit, _line = _draft(make)
    return {"pk": _package(visit).pk}


def at_risk(make) -> dict:
    """A car whose promise runs out before its work can be done."""
    visit = make("repair", lines=2, promised_at=clock.now() + timedelta(minutes=5))
    return {"pk": visit.pk}


def advised(make) -> dict:
    """An added item that was sold on nobody's finding."""
    visit = make("repair", lines=0)
    factories.line(visit, consent=factories.consent(visit), origin="added")
    return {}
