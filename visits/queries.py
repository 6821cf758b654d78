"""Reads of visits that every door shares."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from visits.choices import SilenceStep
from visits.journey import next_way
from visits.models import SilenceAlarm, Visit, VisitLink
from visits.tokens import token_hash


def open_visits() -> QuerySet[Visit]:
    """Visits of the scope that are not over, with what a board row shows; rides on the partial index `visits_open`."""
    return Visit.objects.filter(ended_at=None).select_related("vehicle", "customer", "advisor")


def blockers(visit: Visit) -> list[str]:
    """What is missing before the visit can take its regular next step; empty at an end or when the gate is open."""
    way = next_way(visit.stage)
    return way.blockers(visit) if way else []


def unanswered_silence() -> QuerySet[Visit]:
    """Visits whose customer still waits for news after their advisor was woken in vain, the longest wait first."""
    alarm = SilenceAlarm.objects.filter(
        visit=OuterRef("pk"), due_at=OuterRef("next_update_due_at"), step=SilenceStep.MANAGER
    )
    return open_visits().filter(Exists(alarm)).order_by("next_update_due_at", "pk")


def open_needs(visit: Visit) -> QuerySet:
    return visit.needs.filter(outcome="")


def visit_by_link(token: str) -> Visit | None:
    """The visit behind a customer's reading token, whatever the store; None if unknown or revoked. Needs no scope: the
    token itself is the right to read."""
    link = (
        VisitLink._base_manager.filter(token_hash=token_hash(token), revoked_at=None)
        .select_related("visit", "visit__store")
        .first()
    )
    return link.visit if link else None
