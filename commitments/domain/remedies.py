"""What becomes of a remedy that is owed: the customer got it, did not want it, or a manager decided against it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from commitments import rules
from commitments.choices import OUTCOMES, RemedyState
from commitments.events import RemedySettled
from commitments.models import Remedy
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from journal.domain import record
from stores.models import Staff


@transaction.atomic
def settle(remedy: Remedy, *, outcome: RemedyState | str, by: Staff, note: str = "") -> Remedy:
    """Write down what became of a remedy; once. Declined needs the customer's words, not given a reason and a manager.

    Conflict when somebody was first or a late record showed that nothing is owed, NotAllowed for whoever may not decide it.
    """
    remedy = Remedy.objects.select_for_update(of=("self",), no_key=True).select_related("measurement").get(pk=remedy.pk)
    if remedy.state == RemedyState.LAPSED:
        raise Conflict(_("The promise was kept after all, as a late record shows; nothing is owed."), code="lapsed")
    if remedy.state != RemedyState.OWED:
        raise Conflict(_("Somebody has settled this already; reload to see it."), code="settled")
    if outcome not in OUTCOMES:
        raise DomainError(_("Say what became of it."), code="outcome_missing")
    if why := rules.refusal(by, outcome):
        raise NotAllowed(why)
    if outcome != RemedyState.GIVEN and not note.strip():
        raise DomainError(_("Write down why it is not given."), code="reason_missing")
    remedy.state, remedy.settled_at, remedy.settled_by = outcome, clock.now(), by
    remedy.note = note.strip()[:200]
    remedy.save(update_fields=["state", "settled_at", "settled_by", "note"])
    measurement = remedy.measurement
    record(
        RemedySettled(str(measurement.code), str(remedy.kind), str(remedy.state), remedy.pk, remedy.value),
        store_id=remedy.store_id,
        subject=remedy,
        visit_id=measurement.visit_id,
        by=by,
        at=remedy.settled_at,
    )
    return remedy
