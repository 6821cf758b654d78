"""Inviting the customer of a released car, once, when his hour has come and only if he agreed to be asked.

Lock order: the visit, then its invitation.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from core import clock
from core.actors import Actor, HasActor
from core.stages import Stage
from customers import domain as customers
from customers.choices import Purpose
from customers.queries import allows
from journal.domain import record
from messaging import domain as messaging
from stores.access import in_store
from surveys import queries
from surveys.choices import OPEN_STATES, EndReason, InvitationState
from surveys.events import InvitationEnded, Invited
from surveys.models import Invitation
from visits import domain as visits
from visits.models import Visit
from visits.tokens import token_hash

logger = logging.getLogger(__name__)

TEMPLATE = "survey_invitation"
# [default] how long the link can be answered; later answers mix up this visit with the next.
ANSWER_WITHIN = timedelta(days=7)
BATCH = 500
SYSTEM = Actor.system("surveys")


@transaction.atomic
def plan_invitation(visit: Visit, *, by: Actor | HasActor) -> Invitation | None:
    """Plan to ask about a released visit after the store's `survey_hours`. A second planning changes nothing.

    None for a visit that never left the store, or in a store without a questionnaire.
    """
    visit = visits.lock(visit)
    if made := Invitation.objects.filter(visit=visit).first():
        return made
    questionnaire = queries.in_force()
    if visit.released_at is None or questionnaire is None:
        return None
    due_at = visit.released_at + timedelta(hours=visit.store.survey_hours)
    return Invitation.objects.create(
        store_id=visit.store_id,
        visit=visit,
        questionnaire=questionnaire,
        due_at=due_at,
        expires_at=due_at + ANSWER_WITHIN,
    )


def invite_due(now: datetime | None = None) -> int:
    """Invite everybody whose hour has come, in all stores; returns how many messages were written.

    Each invitation is a transaction of its own, so a stop in the middle loses and doubles nothing. Consent and quiet hours
    are asked once more by the relay at the moment of sending.
    """
    now = now or clock.now()
    due = Invitation._base_manager.filter(state=InvitationState.WAITING, due_at__lte=now).order_by("due_at", "pk")
    rows = list(due.values_list("pk", "store_id", "visit_id")[:BATCH])
    return sum(_safely(_invite, pk, store_id, visit_id, now) for pk, store_id, visit_id in rows)


def _safely(step, *args) -> int:
    try:
        return step(*args)
    except Exception:
        # One row with a defect must not keep all others from being asked.
        logger.exception("%s%s failed", step.__name__, args)
        return 0


@transaction.atomic
def _invite(pk: int, store_id: int, visit_id: int, now: datetime) -> int:
    with in_store(store_id):
        visit = visits.lock(visit_id)
        invitation = Invitation.objects.select_for_update().get(pk=pk)
        if invitation.state != InvitationState.WAITING:
            return 0  # another worker was first, or he was called meanwhile
        if invitation.expires_at <= now:
            _end(invitation, InvitationState.EXPIRED)
            return 0
        if reason := _reason_not_to_ask(visit):
            _end(invitation, InvitationState.SUPPRESSED, reason)
            return 0
        _send(invitation, visit, now)
        return 1


def _reason_not_to_ask(visit: Visit) -> EndReason | None:
    """Why the customer must not be invited. An open case is no reason: whoever complained belongs to the sample."""
    if visit.stage not in (Stage.FOLLOW_UP, Stage.CLOSED) or queries.is_back(visit):
        return EndReason.IN_REWORK
    channel, address = messaging.address_of(visit.customer)
    if not address:
        return EndReason.NO_ADDRESS
    if not allows(visit.customer, Purpose.SURVEY, channel):
        return EndReason.NO_CONSENT
    return None


def _send(invitation: Invitation, visit: Visit, now: datetime) -> None:
    token = secrets.token_urlsafe(32)
    invitation.state, invitation.sent_at, invitation.token_hash = InvitationState.SENT, now, token_hash(token)
    # What is asked now, also where a newer version was published since the car left.
    invitation.questionnaire = queries.in_force()
    invitation.save(update_fields=["state", "sent_at", "token_hash", "questionnaire"])
    messaging.send(
        store=visit.store,
        template=TEMPLATE,
        customer=visit.customer,
        params={"link": f"{settings.PUBLIC_URL.rstrip('/')}/c/survey/{token}/"},
        dedupe_key=f"survey:{invitation.pk}",
        visit_id=visit.pk,
        by=SYSTEM,
    )
    day = clock.local_day(visit.store.tz, visit.released_at)
    record(
        Invited(invitation.pk, day, visit.advisor_id),
        store_id=visit.store_id,
        subject=invitation,
        visit_id=visit.pk,
        by=SYSTEM,
        at=now,
    )


def expire_due(now: datetime | None = None) -> int:
    """End the invitations that nobody answered in time, in all stores; returns how many."""
    now = now or clock.now()
    over = Invitation._base_manager.filter(state=InvitationState.SENT, expires_at__lte=now).order_by("expires_at", "pk")
    return sum(
        _safely(_close, store_id, visit_id, InvitationState.EXPIRED)
        for store_id, visit_id in list(over.values_list("store_id", "visit_id")[:BATCH])
    )


@transaction.atomic
def _close(store_id: int, visit_id: int, state: InvitationState) -> int:
    with in_store(store_id):
        visits.lock(visit_id)
        invitation = Invitation.objects.select_for_update().get(visit_id=visit_id)
        if invitation.state not in OPEN_STATES:
            return 0
        _end(invitation, state)
        return 1


@transaction.atomic
def close_invitation(visit: Visit, *, reason: EndReason, by: Actor | HasActor) -> bool:
    """Do not ask this customer by link any more (he was asked by phone, or does not want it); False if it was over."""
    visits.lock(visit)
    invitation = Invitation.objects.select_for_update().filter(visit_id=visit.pk).first()
    if invitation is None or invitation.state not in OPEN_STATES:
        return False
    _end(invitation, InvitationState.CLOSED, reason, by=by)
    return True


@transaction.atomic
def stop_asking(visit: Visit, *, by: Actor | HasActor, evidence: str) -> None:
    """The customer wants no questionnaires any more, neither about this visit nor about later ones."""
    visit = visits.lock(visit)
    customers.hear_wishes(visit.customer, {Purpose.SURVEY: False}, by=by, evidence=evidence)
    close_invitation(visit, reason=EndReason.REFUSED, by=by)


@transaction.atomic
def not_delivered(visit: Visit, *, reason: EndReason, by: Actor | HasActor) -> bool:
    """The relay found at the moment of sending that he must not be written to: he was not invited after all."""
    visits.lock(visit)
    invitation = Invitation.objects.select_for_update().filter(visit_id=visit.pk).first()
    if invitation is None or invitation.state != InvitationState.SENT:
        return False
    _end(invitation, InvitationState.SUPPRESSED, reason, by=by)
    return True


def _end(invitation: Invitation, state: InvitationState, reason: str = "", *, by: Actor | HasActor = SYSTEM) -> None:
    invitation.state, invitation.reason = state, reason
    invitation.save(update_fields=["state", "reason"])
    record(
        InvitationEnded(str(state), str(reason), invitation.pk),
        store_id=invitation.store_id,
        subject=invitation,
        visit_id=invitation.visit_id,
        by=by,
    )
