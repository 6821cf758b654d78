"""The car is ready: the wash gate is passed and the customer knows. The moment a promised time is measured against."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError, GateClosed
from core.phones import is_mobile
from core.stages import Stage
from customers import queries as customers
from customers.choices import Purpose
from customers.models import Customer
from inspections import queries
from inspections.choices import WashState
from messaging import domain as messaging
from messaging.choices import Channel
from stores.models import Staff
from visits import domain as visits
from visits.choices import ToldHow
from visits.models import Visit

# How the customer hears of it, by the channel a message takes.
BY_MESSAGE = {Channel.SMS: ToldHow.SMS, Channel.WECHAT: ToldHow.WECHAT}


@transaction.atomic
def tell_ready(
    visit: Visit,
    *,
    by: Staff,
    how: ToldHow | str,
    version: int | None = None,
) -> Visit:
    """The customer hears that the car is ready: by message (sent here), or as recorded (phone, in person).

    Stamps `ready_at` and takes the car to handover. GateClosed while the wash is open, Conflict if he knows already.
    """
    visit = visits.lock(visit, version=version)
    _guard(visit)
    if how not in ToldHow.values:
        raise DomainError(_("Say how the customer was told."), code="how_missing")
    if how in BY_MESSAGE.values():
        channel = next(key for key, value in BY_MESSAGE.items() if value == how)
        how = _send(visit, channel, by=by)
    return _ready(visit, how=ToldHow(how), by=by)


def tell_by_message(visit: Visit, *, by: Staff) -> Visit:
    """Tell the customer by message if one may reach him; otherwise the car waits until somebody tells him himself."""
    channel = _channel(visit.customer)
    if channel is None:
        return visit
    return _ready(visit, how=_send(visit, channel, by=by), by=by)


def _guard(visit: Visit) -> None:
    if visit.ready_at or visit.stage != Stage.WASH:
        raise Conflict(
            _("This car is at “%(stage)s”; there is nothing left to tell.") % {"stage": Stage(visit.stage).label}
            if not visit.ready_at
            else _("The customer was told already.")
        )
    wash = queries.wash_of(visit)
    if wash is None or wash.state not in (WashState.DONE, WashState.WAIVED):
        raise GateClosed([_("The car is not washed yet; wash it, or say why not.")])


def _channel(customer: Customer) -> Channel | None:
    """The channel a message reaches the customer by: his preferred one if it is such, else SMS, else WeChat."""
    addresses = {
        Channel.SMS: customer.phone if is_mobile(customer.phone) else "",
        Channel.WECHAT: customer.wechat_openid,
    }
    reaching = [
        channel
        for channel, address in addresses.items()
        if address and customers.allows(customer, Purpose.SERVICE, channel)
    ]
    if customer.preferred_channel in reaching:
        return Channel(customer.preferred_channel)
    return next(iter(reaching), None)


def _send(visit: Visit, channel: Channel, *, by: Staff) -> ToldHow:
    messaging.send(
        store=visit.store,
        template="car_ready",
        customer=visit.customer,
        channel=channel,
        params={"plate": visit.vehicle.plate or visit.vehicle.vin[-6:]},
        purpose=Purpose.SERVICE,
        dedupe_key=f"car_ready:{visit.pk}",
        visit_id=visit.pk,
        by=by,
    )
    return BY_MESSAGE[channel]


def _ready(visit: Visit, *, how: ToldHow, by: Staff) -> Visit:
    visits.tell_customer(visit, how=how, text=_("Your car is ready to be collected."), by=by)
    return visits.advance(visit, to=Stage.HANDOVER, by=by, stamp={"ready_at": clock.now()})
