"""What lines, terms and consent share: whether a question to the customer still holds, and taking it back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict
from journal.domain import record
from orders.choices import ConsentState
from orders.events import ConsentTakenBack
from orders.models import ConsentPack, Line


def supersede(pack: ConsentPack, *, by: Actor | HasActor) -> ConsentPack:
    """Take an unanswered pack back inside the caller's transaction, which holds the visit's lock: its lines are drafts
    again, the customer's page shows it no more."""
    pack.superseded_at = clock.now()
    pack.save(update_fields=["superseded_at"])
    Line.objects.filter(pack=pack, consent_state=ConsentState.ASKED).update(consent_state=ConsentState.DRAFT, pack=None)
    record(
        ConsentTakenBack(pack.pk, pack.version),
        store_id=pack.store_id,
        subject=pack,
        visit_id=pack.visit_id,
        by=by,
    )
    return pack


def answerable(pack: ConsentPack) -> ConsentPack:
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


def ask_again(line: Line, *, by: Actor | HasActor) -> None:
    """The customer's word no longer covers the line: it is a draft again, inside the caller's transaction. A question that he has
    not answered is taken back as a whole; of an answer only this line lapses."""
    if line.consent_state == ConsentState.ASKED:
        supersede(line.pack, by=by)
        line.refresh_from_db()
        return
    if line.consent_id:
        line.consent.lapsed = [*line.consent.lapsed, line.pk]
        line.consent.save(update_fields=["lapsed"])
    line.consent_state, line.consent, line.pack = ConsentState.DRAFT, None, None
    line.save(update_fields=["consent_state", "consent", "pack"])
