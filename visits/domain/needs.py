"""What the customer asked for, until it has an outcome."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from journal.domain import record
from stores.models import Staff
from visits.choices import NeedKind, NeedOutcome
from visits.domain.journey import lock
from visits.events import NeedAdded, NeedSettled
from visits.models import Need, Visit


@transaction.atomic
def add_need(
    visit: Visit,
    *,
    kind: NeedKind | str,
    words: str,
    by: Actor | HasActor,
    owner: Staff | None = None,
    due_at: datetime | None = None,
) -> Need:
    """Write down what the customer asked for, in his own words. The advisor owns it unless somebody else is named."""
    if not words.strip():
        raise DomainError(_("Write the customer's own words."), code="words_missing")
    visit = lock(visit)
    if not visit.is_open:
        raise Conflict(_("This visit is over; open a new one or a case for the customer."))
    need = Need.objects.create(
        store_id=visit.store_id,
        visit=visit,
        kind=kind,
        words=words.strip(),
        stage=visit.stage,
        owner=owner or visit.advisor,
        due_at=due_at,
        created_at=clock.now(),
    )
    record(
        NeedAdded(need.pk, str(kind)),
        store_id=visit.store_id,
        subject=need,
        visit_id=visit.pk,
        by=by,
    )
    return need


@transaction.atomic
def settle_need(need: Need, *, outcome: NeedOutcome | str, answer: str, by: Staff) -> Need:
    """Give a need its outcome; a second outcome is refused (Conflict) so that nothing is answered over."""
    visit = lock(need.visit_id)
    need = visit.needs.select_for_update(of=("self",)).get(pk=need.pk)
    if need.outcome:
        raise Conflict(_("Somebody settled this already."))
    if outcome not in NeedOutcome.values:
        raise DomainError(_("Choose an outcome."), code="outcome_missing")
    if outcome != NeedOutcome.DONE and not answer.strip():
        raise DomainError(_("Write what the customer was told."), code="answer_missing")
    need.outcome, need.answer, need.settled_at, need.settled_by = (
        outcome,
        answer.strip(),
        clock.now(),
        by,
    )
    need.save(update_fields=["outcome", "answer", "settled_at", "settled_by"])
    record(
        NeedSettled(need.pk, str(outcome)),
        store_id=visit.store_id,
        subject=need,
        visit_id=visit.pk,
        by=by,
    )
    return need
