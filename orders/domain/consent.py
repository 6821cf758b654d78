"""The customer's word: asking for it, and taking it down with its proof.

A pack is what he was shown, frozen. He answers a pack once; the answer names every line of it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from core.stages import Stage
from journal.domain import entry, record, record_many
from messaging import domain as messaging
from orders import queries
from orders.choices import ConsentMethod, ConsentState
from orders.domain.packs import answerable, supersede
from orders.domain.proof import check_proof, seal
from orders.domain.recommendations import recommend
from orders.domain.redeeming import give_back
from orders.domain.terms import lock_for_change, open_order, touch
from orders.events import (
    ConsentAsked,
    ConsentDecided,
    LineApproved,
    LineDeclined,
)
from orders.models import Consent, ConsentPack, Line
from stores.models import Staff
from visits import domain as visits
from visits.choices import ToldHow
from visits.models import Signature, Visit

HOW_TOLD = {
    ConsentMethod.SIGNATURE: ToldHow.IN_PERSON,
    ConsentMethod.LINK: ToldHow.LINK,
    ConsentMethod.PHONE: ToldHow.PHONE,
}


@transaction.atomic
def ask_consent(
    visit: Visit,
    *,
    by: Staff,
    promised_at: datetime | None = None,
    version: int | None = None,
) -> ConsentPack:
    """Freeze all drafts into a pack the customer is asked about, with the ready time that goes with it.

    Items of a pack he has not answered move into the new one, which takes its place. Asking the very same thing again
    returns the open pack. DomainError when there is nothing to ask.
    """
    visit = lock_for_change(visit, version=version)
    lines = list(
        queries.open_lines(visit)
        .select_for_update(of=("self",), no_key=True)
        .select_related("operation")
        .prefetch_related("parts")
    )
    _refuse_to_ask(lines, promised_at)
    order = open_order(visit, by=by)
    last = visit.packs.order_by("-version").first()
    content = queries.pack_content(
        visit,
        order,
        lines,
        version=last.version + 1 if last else 1,
        promised_at=promised_at,
    )
    if current := queries.open_pack(visit):
        if current.content | {"version": content["version"]} == content:
            return current
        supersede(current, by=by)
    pack = ConsentPack.objects.create(
        store_id=visit.store_id,
        visit=visit,
        version=content["version"],
        content=content,
        sha256=queries.digest(content),
        created_at=clock.now(),
        created_by=by,
    )
    Line.objects.filter(pk__in=[line.pk for line in lines]).update(consent_state=ConsentState.ASKED, pack=pack)
    touch(visit, by=by)
    record(
        ConsentAsked(
            pack.pk,
            pack.version,
            len(lines),
            Decimal(content["totals"]["total"]),
            pack.sha256,
        ),
        store_id=visit.store_id,
        subject=pack,
        visit_id=visit.pk,
        by=by,
    )
    return pack


def _refuse_to_ask(lines: list[Line], promised_at: datetime | None) -> None:
    """Why these items cannot be put to the customer, as a DomainError."""
    if not lines:
        raise DomainError(
            _("There is nothing to ask: the customer has decided on every item."),
            code="nothing_to_ask",
        )
    if unpriced := [line.title for line in lines if line.unpriced]:
        raise DomainError(
            _("Put a price on it first, then ask the customer: %(items)s.") % {"items": "、".join(unpriced)},
            code="unpriced",
        )
    if unfounded := [line.title for line in lines if line.in_range and line.parts.all() and not line.replace_reason]:
        raise DomainError(
            _("The reading is in range: measure again, or say why the part is replaced all the same: %(items)s.")
            % {"items": "、".join(unfounded)},
            code="in_range",
        )
    if promised_at and promised_at <= clock.now():
        raise DomainError(_("The promised time lies in the past; choose a later one."), code="past")


@transaction.atomic
def ask_by_link(
    visit: Visit,
    *,
    by: Staff,
    promised_at: datetime | None = None,
    version: int | None = None,
) -> ConsentPack:
    """Ask, and write the customer a message with the link where he answers. DomainError if he has no phone to write to."""
    pack = ask_consent(visit, by=by, promised_at=promised_at, version=version)
    customer = visit.customer
    if not customer.phone:
        raise DomainError(
            _("The customer has no phone number on file. Ask in person or add one."),
            code="no_phone",
        )
    count = len(pack.content["lines"])
    messaging.send(
        store=visit.store,
        template="approval_asked",
        customer=customer,
        params={
            "name": customer.name,
            "plate": visit.vehicle.plate,
            "items": count,
            "total": pack.content["totals"]["payable"],
            "link": visits.link_address(visit),
        },
        purpose="service",
        # asking for the same pack again is a wish to hear it again
        dedupe_key=f"orders.approval:{pack.pk}:{clock.now():%Y%m%d%H%M}",
        visit_id=visit.pk,
        by=by,
    )
    return pack


@transaction.atomic
def take_back(pack: ConsentPack, *, by: Staff, version: int | None = None) -> ConsentPack:
    """Withdraw a question he has not answered; its items are drafts again. Conflict if he was faster."""
    visit = lock_for_change(pack.visit_id, version=version)
    pack = answerable(pack)
    supersede(pack, by=by)
    touch(visit, by=by)
    return pack


@transaction.atomic
def decide(
    pack: ConsentPack,
    *,
    decisions: dict[int, bool],
    method: ConsentMethod | str,
    decided_by: str,
    by: Actor | HasActor,
    phone: str = "",
    signature: Signature | None = None,
    evidence: str = "",
    reasons: dict[int, str] | None = None,
) -> Consent:
    """Take the customer's answer to a pack: `decisions` names every line of it, True = agreed.

    Proof by method: a signature under this very document, the customer himself at his link, or the recording of a call
    taken by a member of staff. `evidence_sha256` seals pack, answer and proof together. Declined items that carry a risk
    become recommendations; if the pack named a new ready time and anything was agreed, that time is promised.
    Conflict when the pack is answered or replaced already, DomainError when the answer is not whole.
    """
    visit = lock_for_change(pack.visit_id)
    pack = answerable(pack)
    lines = _lines_of(pack)
    _check_answer(pack, lines, decisions)
    check_proof(visit, pack, method, by, phone=phone, signature=signature, evidence=evidence)
    if not decided_by.strip():
        raise DomainError(_("Say who decided."), code="decider_missing")
    now, reasons = clock.now(), reasons or {}
    consent = Consent.objects.create(
        store_id=visit.store_id,
        visit=visit,
        pack=pack,
        method=method,
        decided_by=decided_by.strip()[:60],
        phone=phone,
        at=now,
        signature=signature,
        evidence=evidence.strip()[:200],
        evidence_sha256=seal(pack, decisions, method, decided_by, phone, now, signature, evidence),
        taken_by=by if isinstance(by, Staff) else None,
        decisions={str(line_id): agreed for line_id, agreed in decisions.items()},
    )
    _write_answer(visit, pack, consent, lines, decisions, reasons, by=by)
    if any(decisions.values()):
        _sign_order(visit, consent, by=by)
        _promise_anew(visit, pack, method, by=by)
    return consent


def _lines_of(pack: ConsentPack) -> list[Line]:
    return list(
        pack.lines.select_for_update(of=("self",), no_key=True)
        .select_related("operation")
        .prefetch_related("parts")
        .order_by("position")
    )


def _check_answer(pack: ConsentPack, lines: list[Line], decisions: dict[int, bool]) -> None:
    if set(decisions) != {line.pk for line in lines} or not lines:
        raise DomainError(_("Answer each item: agree or decline."), code="answer_incomplete")
    shown = {view["id"]: view for view in pack.content["lines"]}
    if any(queries.line_view(line) != shown.get(line.pk) for line in lines):
        raise Conflict(
            _("The order no longer matches what the customer was shown. Ask again."),
            code="changed",
        )


def _write_answer(visit, pack, consent, lines, decisions, reasons, *, by) -> None:
    pack.decided_at = consent.at
    pack.save(update_fields=["decided_at"])
    rows, agreed = [], Decimal(0)
    for line in lines:
        line.consent = consent
        if decisions[line.pk]:
            line.consent_state = ConsentState.APPROVED
            agreed += line.amount
        else:
            line.consent_state = ConsentState.DECLINED
            line.declined_reason = reasons.get(line.pk, "").strip()[:200]
            give_back(line, by=by)
        rows.append(_line_event(line, consent))
    Line.objects.bulk_update(lines, ["consent", "consent_state", "declined_reason", "pay_type"])
    touch(visit, by=by)
    approved = sum(decisions.values())
    rows.insert(
        0,
        ConsentDecided(
            pack.pk,
            consent.pk,
            str(consent.method),
            approved,
            len(lines) - approved,
            agreed,
            max(int((consent.at - pack.created_at).total_seconds()), 0),
        ),
    )
    record_many(
        entry(
            evt,
            store_id=visit.store_id,
            subject=consent,
            visit_id=visit.pk,
            by=by,
            at=consent.at,
        )
        for evt in rows
    )
    for line in lines:
        if line.consent_state == ConsentState.DECLINED and line.risk:
            recommend(line, visit=visit, by=by)


def _line_event(line: Line, consent: Consent) -> LineApproved | LineDeclined:
    facts = (line.pk, consent.pk, str(consent.method), str(line.origin), line.amount)
    if line.consent_state == ConsentState.APPROVED:
        return LineApproved(*facts)
    return LineDeclined(*facts, str(line.risk))


def _sign_order(visit: Visit, consent: Consent, *, by) -> None:
    """The terms stand in every pack, so the first yes, by whatever way, binds both sides to them."""
    order = open_order(visit, by=by)
    if order.signed_at is None:
        order.signed_at = consent.at
        order.save(update_fields=["signed_at"])


def _promise_anew(visit: Visit, pack: ConsentPack, method, *, by) -> None:
    """The first promise is reception's; a pack that was asked later may carry a new ready time."""
    text = pack.content["promised_at"]
    if not text or visit.promised_at is None or visit.stage == Stage.RECEPTION:
        return
    at = datetime.fromisoformat(text)
    # An offer answered late cannot promise the past; the silence clock then brings the advisor.
    if at == visit.promised_at or at <= clock.now() or visit.ready_at:
        return
    visits.promise(
        visit,
        at=at,
        by=by,
        reason=_("Additional items agreed"),
        told_how=HOW_TOLD[ConsentMethod(method)],
    )
