"""Discounts above one's own limit: one person asks, another with a higher limit decides."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.money import format_money, money
from journal.domain import record
from orders import queries
from orders.choices import LineKind
from orders.domain.lines import change_line
from orders.events import DiscountAsked, DiscountDecided
from orders.models import DiscountLimit, DiscountRequest, Line
from orders.rules import discount_limit
from stores.choices import RoleCode
from stores.models import Staff
from visits import domain as visits


@transaction.atomic
def ask_discount(line: Line, *, discount: Decimal, reason: str, by: Staff) -> DiscountRequest:
    """Ask for a discount above one's own limit; nothing changes until another person grants it.

    DomainError for an amount above the item's, or without a reason; Conflict while another request is open.
    """
    visit = visits.lock(line.visit_id)
    line = Line.objects.get(pk=line.pk)
    if not reason.strip():
        raise DomainError(_("Say why."), code="reason_missing")
    if not 0 < discount <= gross_of(line):
        raise DomainError(_("The discount is larger than the amount it is taken from."), code="discount_too_large")
    try:
        with transaction.atomic():
            row = DiscountRequest.objects.create(
                store_id=visit.store_id,
                line=line,
                discount=money(discount),
                reason=reason.strip()[:200],
                asked_by=by,
                asked_at=clock.now(),
            )
    except IntegrityError as error:
        if "orders_one_open_discount_request" in str(error):
            raise Conflict(_("A discount on this item is being decided already."), code="asked") from error
        raise
    record(DiscountAsked(row.pk, line.pk, row.discount), store_id=visit.store_id, subject=row, visit_id=visit.pk, by=by)
    return row


@transaction.atomic
def decide_discount(request: DiscountRequest, *, granted: bool, by: Staff) -> DiscountRequest:
    """Grant or refuse. Granted, the line has the discount, and what the customer agreed to before is asked again.

    NotAllowed for whoever asked, and for a discount above the limit of the one who decides; Conflict when it is decided, or when
    the line can no longer change.
    """
    visit = visits.lock(request.line.visit_id)
    row = DiscountRequest.objects.select_for_update(of=("self",), no_key=True).select_related("line").get(pk=request.pk)
    if row.decided_at:
        raise Conflict(_("This was decided already."), code="decided")
    if row.asked_by_id == by.pk:
        raise NotAllowed(_("Somebody else decides on what you asked for."), code="own_request")
    most = discount_limit(by, gross=gross_of(row.line), percent=queries.own_limit(by))
    if row.discount > most:
        raise NotAllowed(
            _("Your role may give at most ¥%(most)s here.") % {"most": format_money(most)}, code="discount_not_allowed"
        )
    row.decided_by, row.decided_at, row.granted = by, clock.now(), granted
    row.save(update_fields=["decided_by", "decided_at", "granted"])
    if granted:
        change_line(row.line, discount=row.discount, by=by)
    record(
        DiscountDecided(row.pk, row.line_id, row.discount, granted),
        store_id=visit.store_id,
        subject=row,
        visit_id=visit.pk,
        by=by,
    )
    return row


def gross_of(line: Line) -> Decimal:
    """What a discount on the line is taken from."""
    return money(line.hours * line.hour_rate) if line.kind == LineKind.JOB else money(line.labour + line.discount)


@transaction.atomic
def set_limits(limits: dict[str, Decimal | None], *, by: Staff) -> None:
    """The limits of several roles, all or none."""
    for role, percent in limits.items():
        set_limit(role, percent=percent, by=by)


@transaction.atomic
def set_limit(role: RoleCode | str, *, percent: Decimal | None, by: Staff) -> None:
    """The share a role may give away by itself; None = the product's default again."""
    if role not in RoleCode.values:
        raise DomainError(_("Choose one of the list."), code="unknown_choice")
    if percent is None:
        DiscountLimit.objects.filter(role=role).delete()
        return
    if not 0 <= percent <= 100:
        raise DomainError(_("From 0 to 100 percent."), code="out_of_range")
    DiscountLimit.objects.update_or_create(store_id=by.store_id, role=role, defaults={"percent": percent})
