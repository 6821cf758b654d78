"""Amends on the spot: small, at once, by whoever stands before the customer."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import queries
from complaints.choices import ComfortKind
from complaints.domain.locking import said
from complaints.events import ComfortGranted
from complaints.models import Comfort
from core import clock
from core.errors import DomainError, NotAllowed
from core.money import format_money, money
from customers.models import Vehicle
from journal.domain import record
from stores.models import Staff
from visits.models import Visit


@transaction.atomic
def grant_comfort(
    visit: Visit, *, kind: ComfortKind | str, amount: Decimal, words: str, token: UUID, by: Staff
) -> Comfort:
    """Give the customer something small at once, within the giver's own limit for this car in thirty days.

    `amount` in yuan. The same `token` gives the same row. NotAllowed above the limit: then a plan of a case is the way.
    """
    if not by.may("complaints.comfort"):
        raise NotAllowed(_("Your role gives nothing on the spot."))
    # Two people at once: the second one sees what the first one gave.
    Vehicle.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.vehicle_id)
    if made := Comfort.objects.filter(token=token).first():
        return made
    amount = money(amount)
    if kind not in ComfortKind.values:
        raise DomainError(_("Choose what is given."), code="kind")
    if amount <= 0:
        raise DomainError(_("Say what it is worth."), code="amount")
    limit, given = queries.comfort_limit(by), queries.comforted(visit.vehicle_id)
    if limit is not None and given + amount > limit:
        raise NotAllowed(
            _("You may give this car ¥%(left)s more; above that, open a case and propose a plan.")
            % {"left": format_money(max(limit - given, Decimal(0)))},
            code="above_limit",
        )
    row = Comfort.objects.create(
        store_id=visit.store_id,
        visit=visit,
        vehicle_id=visit.vehicle_id,
        kind=kind,
        amount=amount,
        words=said(words, _("Write in a few words what it is for."))[:200],
        by=by,
        at=clock.now(),
        token=token,
    )
    record(ComfortGranted(str(kind), amount), store_id=row.store_id, subject=row, visit_id=visit.pk, by=by, at=row.at)
    return row
