"""Changes of what the store can take: hours, dates, leave, places, the rules of booking. Whoever makes one has seen which
bookings it hits, or nothing is saved."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.domain.relay import Hit, relay
from appointments.events import MenuChanged, PolicyChanged
from appointments.models import BookingPolicy
from catalogue.models import Operation
from core.actors import Actor, HasActor
from core.errors import Conflict
from journal.domain import record
from stores.models import Store


class HitsBookings(Conflict):
    """The change would hit bookings nobody has been shown. `blockers` names them: dicts of pk, at (store time), plate,
    customer, what (a sentence) and text (all of it)."""

    def __init__(self, store: Store, hits: list[Hit]):
        self.blockers = [_said(store, hit) for hit in sorted(hits, key=lambda hit: hit.appointment.start)]
        super().__init__(
            ngettext(
                "This hits %(n)d booking. Nothing is saved yet: look at it first.",
                "This hits %(n)d bookings. Nothing is saved yet: look at them first.",
                len(hits),
            )
            % {"n": len(hits)},
            code="hits_bookings",
        )


def change_capacity(
    store: Store, change: Callable[[], Any], *, by: Actor | HasActor, seen: Collection[int] = ()
) -> Any:
    """Make a change of the house and let the ledger follow, in one transaction; gives what `change` gives.

    `seen` are the bookings (ids) that were shown to the person. HitsBookings, with nothing changed, when others are hit too:
    somebody may have booked since the page was made. Errors of the change itself come through.
    """
    with transaction.atomic():
        result = change()
        hits = relay(store, by=by)
        if any(hit.appointment.pk not in seen for hit in hits):
            raise HitsBookings(store, hits)
    return result


@transaction.atomic
def set_policy(store: Store, *, by: Actor | HasActor, **values: int) -> BookingPolicy:
    """Say how the store takes bookings: fields of BookingPolicy. Days that are laid out follow by `change_capacity`."""
    row, _made = BookingPolicy.objects.update_or_create(store=store, defaults=values)
    record(PolicyChanged(**values), store_id=store.pk, subject=row, by=by)
    return row


@transaction.atomic
def set_menu(store: Store, *, add: Collection[int], remove: Collection[int], by: Actor | HasActor) -> None:
    """Put operations (ids) on the booking menu and take others off it; those of another store or out of use are left alone.
    Bookings that were made keep what they are for."""
    rows = Operation.objects.select_for_update().filter(store=store, active=True).order_by("pk")
    added = list(rows.filter(pk__in=add, bookable=False))
    removed = list(rows.filter(pk__in=remove, bookable=True))
    if not added and not removed:
        return
    for row in [*added, *removed]:
        row.bookable = not row.bookable
    Operation.objects.bulk_update([*added, *removed], ["bookable"])
    changed = MenuChanged(sorted(row.code for row in added), sorted(row.code for row in removed))
    record(changed, store_id=store.pk, subject=store, by=by)


def _said(store: Store, hit: Hit) -> dict:
    booked = hit.appointment
    at = booked.start.astimezone(store.tz)
    car, customer = booked.visit.vehicle, booked.visit.customer
    if hit.stand_in:
        what = _("%(name)s stands in; the customer is told at once.") % {"name": hit.stand_in.name}
    else:
        what = _("%(reason)s: the desk has to move it.") % {"reason": hit.what}
    return {
        "pk": booked.pk,
        "at": at,
        "plate": car.plate,
        "customer": customer.name,
        "what": what,
        "text": f"{at:%m-%d %H:%M} {car.plate} {customer.name}: {what}",
    }
