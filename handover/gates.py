"""May the car go to the cashier? Only when the customer has had everything explained and answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from handover import queries
from handover.models import Handover
from orders import queries as orders
from visits.models import Visit
from visits.queries import open_needs


def leave_handover(visit: Visit) -> list[str]:
    handover = queries.handover_of(visit)
    found = missing(visit, handover)
    if not found and not handover.completed_at:
        found.append(_("The customer has not signed for the handover yet."))
    return found


def missing(visit: Visit, handover: Handover | None) -> list[str]:
    """What is still owed to the customer, one sentence each; the signature apart."""
    return [
        *_bill(visit, handover),
        *_needs(visit),
        *_declined(visit, handover),
        *_car(visit, handover),
    ]


def _bill(visit: Visit, handover: Handover | None) -> list[str]:
    settlement = orders.current_settlement(visit)
    if settlement is None:
        return [_("The settlement list is not issued yet.")]
    if queries.out_of_date(visit, settlement):
        return [_("The order has changed since the settlement list was issued; issue it again.")]
    if settlement.explained_at is None or handover is None or handover.bill_explained_at is None:
        return [_("The settlement list has not been explained to the customer.")]
    return []


def _needs(visit: Visit) -> list[str]:
    return [
        _("The customer's request has no answer yet: “%(words)s”") % {"words": need.words[:60]}
        for need in open_needs(visit)
    ]


def _declined(visit: Visit, handover: Handover | None) -> list[str]:
    if handover and handover.declined_named:
        return []
    return [
        _("Name the declined safety work once more: “%(title)s”.") % {"title": line.title}
        for line in orders.declined_safety(visit)
    ]


def _car(visit: Visit, handover: Handover | None) -> list[str]:
    if handover is None:
        return [_("The handover has not been prepared.")]
    kept = queries.kept(visit)
    checks = (
        (
            handover.old_parts_shown,
            _("Show the old parts, or say that there are none."),
        ),
        (
            handover.settings_reset,
            _("Set seat, mirrors, sound and climate back."),
        ),
        (
            handover.belongings_returned or not kept,
            _("Give back what was left in our keeping: %(pieces)s.") % {"pieces": _(", ").join(kept)},
        ),
        (handover.mileage_out is not None, _("Read the mileage.")),
        (
            bool(handover.run_id and handover.run.completed_at),
            _("Fill the handover checklist."),
        ),
        (bool(handover.next_service), _("Agree on the next service.")),
    )
    return [sentence for done, sentence in checks if not done]
