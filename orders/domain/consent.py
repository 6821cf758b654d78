"""The customer's word: asking for it, and taking it down with its proof.

A pack is what he was shown, frozen. He answers a pack once; the answer names every line of it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.actors import CUSTOMER, Actor, HasActor, actor_of
from core.errors import Conflict, DomainError
from core.stages import Stage
from journal.domain import entry, record, record_many
from messaging import domain as messaging
from orders import queries
from orders.choices import ConsentMethod, ConsentState
from orders.domain.packs import supersede
from orders.domain.recommendations import recommend
from orders.domain.terms import lock_for_change, open_order, touch
from orders.events import (
    ConsentAsked,
    ConsentDecided,
    ConsentLocked,
    LineApproved,
    LineDeclined,
)
from orders.models import Consent, ConsentPack, Line
from stores.models import Staff
from visits import domain as visits
from visits.choices import ToldHow
from visits.models import Signature, Visit

MAX_WRONG_TRIES = 5
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
    if not lines:
        raise DomainError(
            _("There is nothing to ask: the customer has decided on every item."),
            code="nothing_to_ask",
        )
    if promised_at and promised_at <= clock.now():
        raise DomainError(_("The promised time lies in the past; choose a later one."), code="past")
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
    pack = _open(pack)
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
    pack = _open(pack)
    lines = _lines_of(pack)
    _check_answer(pack, lines, decisions)
    _check_proof(visit, pack, method, by, phone=phone, signature=signature, evidence=evidence)
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
        evidence_sha256=_seal(pack, decisions, method, decided_by, phone, now, signature, evidence),
        taken_by=by if isinstance(by, Staff) else None,
    )
    _write_answer(visit, pack, consent, lines, decisions, reasons, by=by)
    if any(decisions.values()):
        _sign_order(visit, consent, by=by)
        _promise_anew(visit, pack, method, by=by)
    return consent


def verify_phone(pack: ConsentPack, *, tail: str, by: Actor | HasActor) -> None:
    """Whether `tail` is the last four digits of the customer's phone: what approving money by link asks for.

    Counts wrong tries, and keeps the count although it refuses, so it must not run inside a transaction of the caller's
    that rolls back. DomainError for wrong digits, Conflict after five of them, or when the pack can no longer be answered.
    """
    with transaction.atomic():
        visits.lock(pack.visit_id)
        pack = _open(pack)
        phone = pack.visit.customer.phone
        right = len(phone) >= 4 and constant_time_compare(tail.strip(), phone[-4:])
        locked = pack.wrong_tries >= MAX_WRONG_TRIES
        if not right and not locked and len(phone) >= 4:
            pack.wrong_tries += 1
            pack.save(update_fields=["wrong_tries"])
            if pack.wrong_tries == MAX_WRONG_TRIES:
                locked = True
                record(
                    ConsentLocked(pack.pk, pack.wrong_tries),
                    store_id=pack.store_id,
                    subject=pack,
                    visit_id=pack.visit_id,
                    by=by,
                )
    if locked:
        raise Conflict(
            _("Too many wrong digits. Nothing was approved. Please call us; we take your answer by phone."),
            code="locked",
        )
    if len(phone) < 4:
        raise DomainError(
            _("We have no phone number of yours to compare. Please call us."),
            code="no_phone",
        )
    if not right:
        left = MAX_WRONG_TRIES - pack.wrong_tries
        raise DomainError(
            ngettext(
                "These are not the last four digits of the phone number we know. %(left)d try left.",
                "These are not the last four digits of the phone number we know. %(left)d tries left.",
                left,
            )
            % {"left": left},
            code="wrong_digits",
        )


def _open(pack: ConsentPack) -> ConsentPack:
    """The pack, locked, if it can still be answered."""
    pack = (
        ConsentPack.objects.select_for_update(of=("self",), no_key=True)
        .select_related("visit__customer")
        .get(pk=pack.pk)
    )
    if pack.decided_at:
        raise Conflict(_("This was answered already; the first answer counts."), code="decided")
    if pack.superseded_at:
        raise Conflict(_("The offer has changed since. Look at the new one."), code="superseded")
    return pack


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


def _check_proof(visit: Visit, pack: ConsentPack, method, by, *, phone, signature, evidence) -> None:
    if method == ConsentMethod.SIGNATURE:
        if signature is None or signature.visit_id != visit.pk:
            raise DomainError(_("The customer's signature is missing."), code="signature_missing")
        if signature.document_sha256 != pack.sha256:
            raise Conflict(
                _("The signature belongs to another version of the order. Sign again."),
                code="other_document",
            )
    elif method == ConsentMethod.PHONE:
        if not isinstance(by, Staff) or not evidence.strip() or not phone:
            raise DomainError(
                _("A decision by phone needs the number that was called and the recording's number."),
                code="evidence_missing",
            )
    elif method == ConsentMethod.LINK:
        if actor_of(by).kind != CUSTOMER:
            raise DomainError(_("Only the customer himself decides at his link."), code="not_customer")
    else:
        raise DomainError(_("Choose one of the list."), code="unknown_choice")


def _seal(pack, decisions, method, decided_by, phone, at, signature, evidence) -> str:
    return queries.digest(
        {
            "pack": pack.sha256,
            "decisions": {str(key): value for key, value in decisions.items()},
            "method": str(method),
            "decided_by": decided_by,
            "phone": phone,
            "at": at.isoformat(),
            "signature": signature.document_sha256 if signature else "",
            "strokes": queries.digest({"strokes": signature.strokes}) if signature else "",
            "evidence": evidence,
        }
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
        rows.append(_line_event(line, consent))
    Line.objects.bulk_update(lines, ["consent", "consent_state", "declined_reason"])
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
    order = open_order(visit, by=by)
    if consent.method == ConsentMethod.SIGNATURE and order.signed_at is None:
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
