"""Reads of questionnaires, invitations and answers."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from core.stages import IN_STORE
from repairs.choices import JobState
from repairs.models import Job
from stores.choices import RoleCode
from stores.models import Staff
from surveys.choices import OPEN_STATES, EndReason, InvitationState, ItemKind
from surveys.models import Answer, Factor, Invitation, Item, Questionnaire, Response
from visits.models import Visit
from visits.queries import visit_by_link
from visits.tokens import token_hash


def in_force() -> Questionnaire | None:
    """The questionnaire that is asked now; None before the first one was published."""
    return Questionnaire.objects.filter(published_at__isnull=False, retired_at=None).first()


def draft() -> Questionnaire | None:
    return Questionnaire.objects.filter(published_at=None).first()


def versions() -> QuerySet[Questionnaire]:
    """All of them, the newest first, with how many questions and answers each has."""
    return Questionnaire.objects.annotate(
        item_count=Count("items", distinct=True), answer_count=Count("responses", distinct=True)
    ).order_by("-version")


def items(questionnaire: Questionnaire) -> list[Item]:
    """Its questions in their order, each with its factor."""
    return list(questionnaire.items.select_related("factor").order_by("position"))


def factors(questionnaire: Questionnaire) -> list[Factor]:
    """Its factors, the first written first."""
    return list(questionnaire.factors.order_by("pk"))


def core_items(questions: list[Item]) -> dict[str, Item]:
    """The questions every answer has, by what they ask: overall, nps, problem, and words where there is one."""
    found: dict[str, Item] = {}
    for item in questions:
        if item.kind == ItemKind.SCALE and item.factor_id is None:
            found["overall"] = item
        elif item.kind == ItemKind.NPS:
            found["nps"] = item
        elif item.asks_problem:
            found["problem"] = item
        elif item.kind == ItemKind.TEXT:
            found.setdefault("words", item)
    return found


def invitation_by_link(token: str) -> Invitation | None:
    """The invitation behind its own link, or behind the customer's link to the visit; whatever the store. Needs no scope:
    the token itself is the right to read. None if unknown or revoked."""
    rows = Invitation._base_manager.select_related("store", "visit__store", "visit__vehicle", "questionnaire")
    found = rows.filter(token_hash=token_hash(token)).first()
    if found:
        return found
    visit = visit_by_link(token)
    return rows.filter(visit_id=visit.pk).first() if visit else None


def may_answer(visit: Visit, at: datetime) -> bool:
    """Whether the customer may still answer about this visit by himself: for the entry on his page."""
    invitation = Invitation.objects.filter(visit=visit).first()
    return invitation is not None and is_open(invitation, at)


def is_open(invitation: Invitation, at: datetime) -> bool:
    """Also one that was not sent for want of consent: he who comes by himself need not be invited."""
    willing = invitation.state in OPEN_STATES or (
        invitation.state == InvitationState.SUPPRESSED and invitation.reason != EndReason.IN_REWORK
    )
    return willing and at < invitation.expires_at


def is_back(visit: Visit) -> bool:
    """Whether the car stands in the store again, on a later visit: he is asked when that one is over."""
    return Visit.objects.filter(vehicle_id=visit.vehicle_id, stage__in=IN_STORE).exclude(pk=visit.pk).exists()


def main_technician(visit: Visit) -> int | None:
    """Id of the technician with the most jobs of the visit; the first of them where there are several."""
    row = (
        Job.objects.filter(line__visit=visit)
        .exclude(state=JobState.WITHDRAWN)
        .values("technician_id")
        .annotate(jobs=Count("pk"))
        .order_by("-jobs", "technician_id")
        .first()
    )
    return row["technician_id"] if row else None


def responses() -> QuerySet[Response]:
    """Answers, the newest first, with what a row of the list shows."""
    return Response.objects.select_related("visit__vehicle", "visit__customer", "advisor", "case").order_by(
        "-at", "-pk"
    )


def narrowed(rows: QuerySet[Response], wanted: dict, zone: ZoneInfo) -> QuerySet[Response]:
    """`rows` by what a filter says: low, channel, advisor (id), since and until (days of the store, both included)."""
    if wanted.get("low"):
        rows = rows.filter(low=True)
    if wanted.get("channel"):
        rows = rows.filter(channel=wanted["channel"])
    if wanted.get("advisor"):
        rows = rows.filter(advisor=wanted["advisor"])
    if wanted.get("since"):
        rows = rows.filter(at__gte=datetime.combine(wanted["since"], time.min, zone))
    if wanted.get("until"):
        rows = rows.filter(at__lt=datetime.combine(wanted["until"] + timedelta(days=1), time.min, zone))
    return rows


def advisors() -> QuerySet[Staff]:
    """Who may have served a customer, for the filter."""
    return Staff.objects.filter(role__code=RoleCode.ADVISOR).order_by("name_pinyin", "pk")


def still_open() -> int:
    """How many customers have a link that they have not answered yet."""
    return Invitation.objects.filter(state=InvitationState.SENT).count()


def answers(response: Response) -> list[Answer]:
    return list(response.answers.select_related("item__factor").order_by("item__position"))


def invited_share(since: datetime) -> tuple[int, int]:
    """(answered by link, invited) of invitations sent since then."""
    sent = Invitation.objects.filter(sent_at__gte=since)
    return sent.filter(state=InvitationState.ANSWERED).count(), sent.count()
