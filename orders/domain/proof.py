"""What makes a customer's word provable: the document he signed, the digits only he should know, the recording of a call."""

from __future__ import annotations

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actors import CUSTOMER, Actor, HasActor, actor_of
from core.errors import Conflict, DomainError
from journal.domain import record
from orders import queries
from orders.choices import ConsentMethod
from orders.domain.packs import answerable
from orders.events import ConsentLocked
from orders.models import ConsentPack
from stores.models import Staff
from visits import domain as visits
from visits.models import Visit

MAX_WRONG_TRIES = 5


def verify_phone(pack: ConsentPack, *, tail: str, by: Actor | HasActor) -> None:
    """Whether `tail` is the last four digits of the customer's phone: what approving money by link asks for.

    Counts wrong tries, and keeps the count although it refuses, so it must not run inside a transaction of the caller's
    that rolls back. DomainError for wrong digits, Conflict after five of them, or when the pack can no longer be answered.
    """
    with transaction.atomic():
        visits.lock(pack.visit_id)
        pack = answerable(pack)
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


def check_proof(visit: Visit, pack: ConsentPack, method, by, *, phone, signature, evidence) -> None:
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


def seal(pack, decisions, method, decided_by, phone, at, signature, evidence) -> str:
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
