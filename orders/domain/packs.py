"""The one step that lines, terms and consent share: a question to the customer that no longer holds."""

from __future__ import annotations

from core import clock
from core.actors import Actor, HasActor
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
