"""A line paid by what the car has coming: redeemed once under the entitlement's lock, given back when the work is not done."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from core.stages import Stage
from customers import domain as customers
from customers.models import Entitlement
from journal.domain import record
from orders.choices import ConsentState, LineOrigin, LineWork, PayType
from orders.domain.packs import ask_again
from orders.domain.terms import FEE_STAGES, touch
from orders.events import LineRedeemed, RedemptionUndone
from orders.models import Line, Redemption
from stores.models import Staff
from visits import domain as visits
from visits.models import Visit

# Until money is taken: what a package pays is often remembered at the till.
REDEEMED_AT = (*FEE_STAGES, Stage.CHECKOUT)


@transaction.atomic
def redeem(line: Line, entitlement: Entitlement, *, by: Staff, version: int | None = None) -> Redemption:
    """Let an entitlement of the car pay the line. What the customer agreed to stands, as it costs him less; a question that he has
    not answered is taken back, because it showed that he pays.

    Conflict when it is used up, out of date, another car's or for other work, when the line is redeemed already, or when money
    was taken for the settlement list.
    """
    visit = _lock(line, version)
    line = _locked(line)
    if line.origin == LineOrigin.IMPORT or line.consent_state == ConsentState.DECLINED:
        raise Conflict(_("“%(title)s” is not done at this visit.") % {"title": line.title}, code="not_done")
    if line.pay_type != PayType.CUSTOMER:
        raise Conflict(_("The customer does not pay “%(title)s” anyway.") % {"title": line.title}, code="not_his")
    if entitlement.operation_code and entitlement.operation_code != (line.operation.code if line.operation else ""):
        raise Conflict(
            _("“%(name)s” is for other work than “%(title)s”.") % {"name": entitlement.name, "title": line.title},
            code="other_work",
        )
    entitlement = customers.use_entitlement(entitlement, vehicle_id=visit.vehicle_id, by=by, visit_id=visit.pk)
    _take_question_back(line, by)
    line.pay_type = PayType.PACKAGE
    line.save(update_fields=["pay_type"])
    row = Redemption.objects.create(
        store_id=visit.store_id, line=line, visit=visit, entitlement=entitlement, at=clock.now(), by=by
    )
    touch(visit, by=by)
    record(
        LineRedeemed(line.pk, entitlement.pk, line.amount),
        store_id=visit.store_id,
        subject=line,
        visit_id=visit.pk,
        by=by,
    )
    return row


@transaction.atomic
def undo_redemption(line: Line, *, by: Staff, version: int | None = None) -> Line:
    """The customer pays the line after all; the entitlement is as it was. What he had agreed to pay nothing for is asked again."""
    visit = _lock(line, version)
    line = _locked(line)
    if not give_back(line, by=by):
        raise Conflict(_("“%(title)s” is not redeemed.") % {"title": line.title}, code="not_redeemed")
    line.save(update_fields=["pay_type"])
    if line.consent_state == ConsentState.ASKED or (line.consent_state == ConsentState.APPROVED and _agreed_free(line)):
        if line.work != LineWork.OPEN:
            raise Conflict(
                _("The customer agreed to “%(title)s” as paid already, and the work has begun.")
                % {"title": line.title},
                code="work_started",
            )
        ask_again(line, by=by)
    touch(visit, by=by)
    return line


def give_back(line: Line, *, by: Actor | HasActor) -> bool:
    """Return what the line had redeemed, inside the caller's transaction, which holds the visit's lock and saves the line's
    `pay_type`; whether there was anything."""
    row = line.redemptions.filter(undone_at=None).select_related("entitlement").first()
    if row is None:
        return False
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    customers.return_entitlement(row.entitlement, by=by, visit_id=row.visit_id)
    line.pay_type = PayType.CUSTOMER
    record(
        RedemptionUndone(line.pk, row.entitlement_id),
        store_id=line.store_id,
        subject=line,
        visit_id=row.visit_id,
        by=by,
    )
    return True


@transaction.atomic
def give_all_back(visit: Visit, *, by: Actor | HasActor) -> int:
    """The visit ends without its work: everything it had redeemed is the car's again. Returns how much that was."""
    visit = visits.lock(visit)
    lines = [row.line for row in visit.redemptions.filter(undone_at=None).select_related("line")]
    for line in lines:
        give_back(line, by=by)
        line.save(update_fields=["pay_type"])
    return len(lines)


def _lock(line: Line, version: int | None) -> Visit:
    visit = visits.lock(line.visit_id, version=version)
    if visit.stage not in REDEEMED_AT:
        raise Conflict(
            _("At “%(stage)s” nothing can be redeemed any more.") % {"stage": Stage(visit.stage).label}, code="too_late"
        )
    return visit


def _locked(line: Line) -> Line:
    return Line.objects.select_for_update(of=("self",), no_key=True).select_related("operation").get(pk=line.pk)


def _agreed_free(line: Line) -> bool:
    """What he was shown when he agreed: that he does not pay it."""
    return any(view["id"] == line.pk and view["pay_type"] != PayType.CUSTOMER for view in line.pack.content["lines"])


def _take_question_back(line: Line, by) -> None:
    if line.consent_state == ConsentState.ASKED:
        ask_again(line, by=by)
