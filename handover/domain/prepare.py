"""Before the customer stands at the car: the list issued, the mileage read, pictures taken; then the bill explained."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from handover import queries
from handover.events import HandoverPrepared
from handover.models import Handover
from journal.domain import record
from orders import domain as orders
from orders import queries as order_queries
from orders.models import Settlement
from standards import domain as standards
from standards.choices import ChecklistUse
from stores.models import Staff
from visits import domain as visits
from visits.choices import PhotoKind
from visits.models import Photo, Visit

MOST_KM = 999_999


@transaction.atomic
def prepare(
    visit: Visit,
    *,
    by: Staff,
    mileage_out: int | None = None,
    version: int | None = None,
) -> Handover:
    """Prepare the handover: begin its sheet and checklist, and issue the settlement list of what was agreed.

    Doing it again brings sheet and list up to date; a list that came out different has to be explained again.
    """
    visit, handover = lock(visit, by=by, version=version)
    if mileage_out is not None:
        handover.mileage_out = checked_mileage(visit, mileage_out)
    if handover.run_id is None:
        handover.run = standards.start_run(use=ChecklistUse.HANDOVER, visit_id=visit.pk, by=by, round=visit.round)
    settlement = issue(visit, handover, by=by)
    if settlement.explained_at is None:
        handover.bill_explained_at = None
    handover.save()
    record(
        HandoverPrepared(settlement.pk, by.pk),
        store_id=visit.store_id,
        subject=handover,
        visit_id=visit.pk,
        by=by,
    )
    return handover


def lock(visit: Visit, *, by: Staff, version: int | None = None) -> tuple[Visit, Handover]:
    """Visit and sheet, fresh and locked; the sheet is made if there is none. Conflict at another stage."""
    visit = visits.lock(visit, version=version)
    if visit.stage != Stage.HANDOVER:
        raise Conflict(
            _("This car is at “%(stage)s”, not at the handover.") % {"stage": Stage(visit.stage).label},
            code="stage",
        )
    if not by.may("handover.hand_over"):
        raise NotAllowed(_("Your role does not hand cars over."))
    Handover.objects.get_or_create(
        visit=visit,
        defaults={
            "store_id": visit.store_id,
            "advisor": by,
            "started_at": clock.now(),
        },
    )
    handover = Handover.objects.select_for_update(of=("self",)).select_related("run__checklist").get(visit=visit)
    return visit, handover


def checked_mileage(visit: Visit, mileage: int) -> int:
    """A mileage that can be true: not below the one at arrival. DomainError otherwise."""
    if mileage > MOST_KM:
        raise DomainError(_("The mileage has at most six digits."), code="mileage")
    if visit.mileage_in is not None and mileage < visit.mileage_in:
        raise DomainError(
            _("The mileage cannot be below the one at arrival (%(km)s km).") % {"km": f"{visit.mileage_in:,}"},
            code="mileage",
        )
    return mileage


def issue(visit: Visit, handover: Handover, *, by: Staff) -> Settlement:
    """The settlement list with what the sheet knows by now."""
    return orders.issue_settlement(visit, by=by, **queries.list_details(visit, mileage_out=handover.mileage_out))


@transaction.atomic
def explain_bill(visit: Visit, *, by: Staff) -> Handover:
    """The customer has gone through the settlement list line by line. DomainError before it is issued."""
    visit, handover = lock(visit, by=by)
    settlement = order_queries.current_settlement(visit)
    if settlement is None:
        raise DomainError(_("Issue the settlement list first, then explain it."), code="no_list")
    if queries.out_of_date(visit, settlement):
        raise Conflict(_("The order has changed since the settlement list was issued; issue it again."))
    orders.explain_settlement(settlement, by=by)
    if handover.bill_explained_at is None:
        handover.bill_explained_at = clock.now()
        handover.save(update_fields=["bill_explained_at"])
    return handover


@transaction.atomic
def add_photos(visit: Visit, *, photos, by: Staff) -> list[Photo]:
    """Keep pictures of the car as it is given back, beside those of its arrival."""
    visit, _handover = lock(visit, by=by)
    if not photos:
        raise DomainError(_("Choose a photo first."), code="photo_missing")
    return [visits.store_photo(visit, kind=PhotoKind.EXIT, upload=photo, by=by) for photo in photos]
