"""The customer agrees to the estimate, or takes the car away again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError, GateClosed
from core.stages import Stage
from customers import domain as customers
from messaging import domain as messaging
from orders import domain as orders
from orders import queries as order_queries
from orders.choices import ConsentMethod, ConsentState
from reception import gates, queries
from stores.models import Staff
from visits import domain as visits
from visits.choices import SignaturePurpose, ToldHow
from visits.models import Visit

# The time was computed when the page was opened; reading and signing may take so long without the promise being called early.
WHILE_HE_READS = timedelta(minutes=30)


@transaction.atomic
def sign_estimate(
    visit: Visit,
    *,
    by: Staff,
    signer: str,
    promised_at: datetime,
    strokes: list | None = None,
    png_data_url: str = "",
    ip: str | None = None,
    device: str = "",
    declined: Iterable[int] = (),
    wishes: Mapping[str, bool] | None = None,
    early_reason: str = "",
    version: int | None = None,
) -> Visit:
    """The customer signs what is on the screen, hears when the car is ready, and the work may begin: all or nothing.

    Freezes the open lines into a pack, keeps the signature under that very document, records the answer (`declined`: ids
    of lines he does not want), promises the ready time as told in person, and moves the visit to repair. `wishes`
    {purpose: allowed}: what he says on the same occasion about being contacted afterwards; no part of what is signed, and
    no condition of it. A time earlier than the computed one needs its `early_reason`. Raises Conflict when the order
    changed since it was shown (`version`), GateClosed with what is missing, DomainError for a past time or a missing
    signature.
    """
    visit = visits.lock(visit, version=version)
    if visit.stage != Stage.RECEPTION:
        raise Conflict(
            _("This estimate is not open for signing: the visit is at “%(stage)s”.")
            % {"stage": Stage(visit.stage).label},
            code="not_at_reception",
        )
    if blockers := gates.before_signing(visit):
        raise GateClosed(blockers)
    if promised_at <= clock.now():
        raise DomainError(_("The promised time lies in the past; choose a later one."), code="past")
    computed_at = _computed(visit, promised_at, set(declined), early_reason)
    signature = {
        "signer": signer,
        "strokes": strokes,
        "png_data_url": png_data_url,
        "ip": ip,
        "device": device,
    }
    if order_queries.open_lines(visit).exists():
        _agree(visit, signature, promised_at, set(declined), by=by)
    else:
        _sign_agreed(visit, signature)
    visits.promise(
        visit,
        at=promised_at,
        by=by,
        reason=_("Agreed with the customer at reception") if visit.promised_at else "",
        told_how=ToldHow.IN_PERSON,
        computed_at=computed_at,
        early_reason=early_reason,
    )
    customers.hear_wishes(visit.customer, wishes or {}, by=by, evidence=_where_he_said_so(visit, signer))
    visit = visits.advance(visit, to=Stage.REPAIR, by=by)
    _send_first_link(visit, by=by)
    return visit


def _computed(visit: Visit, promised_at: datetime, declined: set[int], reason: str) -> datetime:
    """The earliest time that may be promised for what the customer agrees to; DomainError when less is promised without saying why."""
    lines = [
        line
        for line in visit.lines.exclude(consent_state=ConsentState.DECLINED).select_related("operation")
        if line.pk not in declined
    ]
    earliest = queries.earliest_ready(visit.store, lines, visit=visit)
    if promised_at < earliest.at - WHILE_HE_READS and not reason.strip():
        raise DomainError(
            _("Computed earliest: %(time)s. Promise that or later, or say why it will be ready sooner.")
            % {"time": f"{earliest.at.astimezone(visit.store.tz):%m-%d %H:%M}"},
            code="too_early",
        )
    return earliest.at


def _send_first_link(visit: Visit, *, by: Staff) -> None:
    """Who booked has his link; who came without a booking gets it now, where there is a way to write to him."""
    if not visit.links.exists() and messaging.address_of(visit.customer)[1]:
        visits.send_link(visit, by=by)


def _where_he_said_so(visit: Visit, signer: str) -> str:
    """Which paper was on the counter, and when: so that a consent can be shown later."""
    return _("At reception, on signing the estimate of %(number)s, %(at)s, by %(signer)s") % {
        "number": visit.number,
        "at": f"{clock.now().astimezone(visit.store.tz):%Y-%m-%d %H:%M}",
        "signer": signer,
    }


def _agree(
    visit: Visit,
    signature: dict,
    promised_at: datetime,
    declined: set[int],
    *,
    by: Staff,
) -> None:
    """Ask about all open lines, and take the signature under that document as the answer."""
    pack = orders.ask_consent(visit, by=by, promised_at=promised_at)
    asked = [line["id"] for line in pack.content["lines"]]
    if unknown := declined - set(asked):
        raise Conflict(
            _("The order has changed since it was shown. Look at it again and sign."),
            code=f"not_asked_{min(unknown)}",
        )
    if declined == set(asked) and not order_queries.billable_lines(visit).exists():
        raise DomainError(
            _("The customer agrees to nothing: let the car leave without service instead."),
            code="nothing_agreed",
        )
    signed = visits.sign(
        visit,
        purpose=SignaturePurpose.ESTIMATE,
        document=order_queries.pack_document(pack),
        **signature,
    )
    orders.decide(
        pack,
        decisions={line_id: line_id not in declined for line_id in asked},
        method=ConsentMethod.SIGNATURE,
        decided_by=signature["signer"],
        by=by,
        phone=visit.customer.phone,
        signature=signed,
    )


def _sign_agreed(visit: Visit, signature: dict) -> None:
    """Everything was agreed by link before he came: he signs the document he answered."""
    pack = visit.packs.exclude(decided_at=None).last()
    visits.sign(
        visit,
        purpose=SignaturePurpose.ESTIMATE,
        document=order_queries.pack_document(pack),
        **signature,
    )


@transaction.atomic
def leave_without_service(visit: Visit, *, reason: str, by: Staff, version: int | None = None) -> Visit:
    """The customer takes the car away before any work was agreed, with his reason."""
    return visits.advance(visit, to=Stage.LEFT_WITHOUT_SERVICE, by=by, reason=reason, version=version)
