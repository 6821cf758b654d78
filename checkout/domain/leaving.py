"""Satisfied before leaving: the customer is asked once before the gate pass, and a no calls a manager to the car."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from checkout.choices import Leaving
from checkout.events import AskedBeforeLeaving, ManagerAtTheCar
from checkout.models import LeavingAnswer
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from journal.domain import record
from stores.models import Staff
from visits import domain as visits
from visits.models import Visit

# How long a manager may take to the car of a customer who is not content [default].
MANAGER_COMES = timedelta(minutes=10)


@transaction.atomic
def ask_before_leaving(visit: Visit, *, answer: Leaving | str, by: Staff, words: str = "") -> LeavingAnswer:
    """Keep what the customer said when he was asked before leaving; once per visit.

    A no needs his words and starts the manager's clock; so does nobody-to-ask need its reason. DomainError for a missing
    word, Conflict when he was asked already or the car is not at checkout.
    """
    visit = visits.lock(visit)
    if not by.may("checkout.take_payment"):
        raise NotAllowed(_("Your role does not ask this question."))
    if visit.stage != Stage.CHECKOUT:
        raise Conflict(_("The customer is asked at checkout, when the bill is paid."), code="stage")
    if LeavingAnswer.objects.filter(visit=visit).exists():
        raise Conflict(_("He was asked already; a customer is asked once."), code="asked")
    words = words.strip()[:300]
    if answer not in Leaving.values:
        raise DomainError(_("Choose what the customer said."), code="answer")
    if answer == Leaving.NOT_CONTENT and not words:
        raise DomainError(_("Write in his words what is not right, so that the manager knows it."), code="words")
    if answer == Leaving.NOBODY and not words:
        raise DomainError(_("Write why nobody could be asked."), code="words")
    now = clock.now()
    due = now + MANAGER_COMES if answer == Leaving.NOT_CONTENT else None
    row = LeavingAnswer.objects.create(
        store_id=visit.store_id, visit=visit, answer=answer, words=words, asked_by=by, at=now, manager_due_at=due
    )
    record(AskedBeforeLeaving(str(answer), due), store_id=visit.store_id, subject=row, visit_id=visit.pk, by=by, at=now)
    return row


@transaction.atomic
def meet_customer(row: LeavingAnswer, *, by: Staff) -> LeavingAnswer:
    """A manager is with the customer at the car. Conflict when another one was there first."""
    row = LeavingAnswer.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not by.may("complaints.approve"):
        raise NotAllowed(_("A manager goes to the car."))
    if row.answer != Leaving.NOT_CONTENT or row.met_at:
        raise Conflict(_("Somebody is with this customer already."), code="met")
    row.met_by, row.met_at = by, clock.now()
    row.save(update_fields=["met_by", "met_at"])
    minutes = int((row.met_at - row.at).total_seconds() // 60)
    record(
        ManagerAtTheCar(minutes, row.met_at <= row.manager_due_at),
        store_id=row.store_id,
        subject=row,
        visit_id=row.visit_id,
        by=by,
        at=row.met_at,
    )
    return row
