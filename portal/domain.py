"""What a customer writes by his link: one answer, by a token made for it, with the digits only he should know."""

from __future__ import annotations

from django.db import transaction

from core.actors import Actor
from orders import domain as orders
from orders.choices import ConsentMethod
from orders.models import Consent, ConsentPack
from visits import domain as visits
from visits.models import Visit, VisitLink

DECIDE = "orders.decide"


def offer_answer(visit: Visit, pack: ConsentPack) -> str:
    """A one-use token to answer this pack as it was shown; half an hour."""
    return visits.make_write_token(visit, action=DECIDE, subject_id=pack.pk, subject_version=pack.sha256)


def answer(
    link: VisitLink,
    pack: ConsentPack,
    *,
    write_token: str,
    decisions: dict[int, bool],
    reasons: dict[int, str],
    tail: str = "",
    ip: str = "",
    device: str = "",
) -> Consent:
    """Take the customer's answer. Approving anything needs the last four digits of his phone; wrong ones are counted and
    use up nothing else. Token and answer stand or fall together."""
    visit = link.visit
    by = Actor.customer(visit.customer_id, label=visit.customer.name)
    if any(decisions.values()):
        orders.verify_phone(pack, tail=tail, by=by)
    with transaction.atomic():
        visits.use_write_token(
            write_token,
            visit=visit,
            action=DECIDE,
            subject_id=pack.pk,
            subject_version=pack.sha256,
        )
        return orders.decide(
            pack,
            decisions=decisions,
            reasons=reasons,
            method=ConsentMethod.LINK,
            decided_by=visit.customer.name,
            phone=visit.customer.phone,
            evidence=f"link {link.pk}; {ip}; {device}"[:200],
            by=by,
        )
