"""A promise that will not hold is replaced before it breaks, and the customer hears of it in the same breath."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError
from messaging import domain as messaging
from orders.choices import ConsentState, LineWork
from reception import queries
from stores.models import Staff
from visits import domain as visits
from visits.choices import ToldHow
from visits.models import Promise, Visit

HOW = {"wechat": ToldHow.WECHAT}


def new_time(visit: Visit, *, not_before: datetime | None = None) -> queries.Earliest:
    """What can be promised now for the work that is left; from `not_before` on where it waits for parts."""
    left = (
        visit.lines.exclude(consent_state=ConsentState.DECLINED).exclude(work=LineWork.DONE).select_related("operation")
    )
    return queries.earliest_ready(visit.store, left, visit=visit, now=not_before)


@transaction.atomic
def tell_new_time(
    visit: Visit, *, reason: str, by: Staff, at: datetime | None = None, not_before: datetime | None = None
) -> Promise:
    """Promise a new time, by default the computed one, and send it to the customer with the reason and his link.

    Conflict when the car is ready or the time is no later than the one that stands, DomainError without a reason or when there is no way
    to write to him: then he is called.
    """
    visit = visits.lock(visit)
    if not reason.strip():
        raise DomainError(_("Say why the promised time changes."), code="reason_missing")
    earliest = new_time(visit, not_before=not_before)
    at = at or earliest.at
    if visit.promised_at and at <= visit.promised_at:
        raise Conflict(_("The new time is no later than the promised one; nothing has to be told."), code="not_later")
    channel, address = messaging.address_of(visit.customer)
    if not address:
        raise DomainError(
            _("There is no way to write to this customer. Call him and note the new time."), code="no_address"
        )
    promise = visits.promise(
        visit,
        at=at,
        by=by,
        reason=reason.strip()[:200],
        told_how=HOW.get(str(channel), ToldHow.SMS),
        computed_at=earliest.at,
        early_reason=reason.strip()[:200] if at < earliest.at else "",
    )
    local = at.astimezone(visit.store.tz)
    messaging.send(
        store=visit.store,
        template="promise_changed",
        customer=visit.customer,
        params={
            "name": visit.customer.name,
            "plate": visit.vehicle.plate,
            "at": f"{local:%m-%d %H:%M}",
            "reason": reason.strip(),
            "link": visits.link_address(visit),
        },
        purpose="service",
        dedupe_key=f"reception.new_time:{promise.pk}",
        visit_id=visit.pk,
        by=by,
    )
    visits.tell_customer(
        visit,
        how=promise.told_how,
        text=_("New ready time %(at)s: %(reason)s") % {"at": f"{local:%m-%d %H:%M}", "reason": reason.strip()},
        by=by,
    )
    return promise
