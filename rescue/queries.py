"""Reads of help on the road."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from core import clock
from rescue.choices import RescueState
from rescue.models import Duty, KitItem, Rescue, Van
from stores.choices import RoleCode
from stores.models import Staff
from visits.tokens import token_hash


def jobs() -> QuerySet[Rescue]:
    return Rescue.objects.select_related("visit__vehicle", "visit__customer", "visit__store", "driver", "van")


def open_jobs() -> QuerySet[Rescue]:
    """Who still waits, the longest first."""
    return jobs().filter(state__in=RescueState.open()).order_by("requested_at", "id")


def ended_jobs() -> QuerySet[Rescue]:
    return jobs().exclude(state__in=RescueState.open()).order_by("-ended_at", "-id")


def jobs_of(driver: Staff) -> QuerySet[Rescue]:
    return open_jobs().filter(driver=driver)


def by_token(token: str) -> Rescue | None:
    """The job a customer's link opens, of whatever store; None for an unknown token."""
    # Not through the scoped manager: the link says which store it is.
    return (
        Rescue._base_manager.filter(link_hash=token_hash(token))
        .select_related("visit__vehicle", "visit__customer", "visit__store", "store", "driver", "van")
        .first()
    )


def on_duty(at: datetime | None = None) -> list[Duty]:
    """Who is on duty at a moment (now), who began first on top."""
    return list(
        Duty.objects.filter(during__contains=at or clock.now()).select_related("staff").order_by("during", "id")
    )


def duties(since: datetime) -> QuerySet[Duty]:
    """Duties that have not ended before `since`."""
    return Duty.objects.filter(during__endswith__gt=since).select_related("staff").order_by("during", "id")


def kit_for(trouble: str) -> QuerySet[KitItem]:
    """What has to be in the van for this trouble."""
    return KitItem.objects.filter(Q(trouble="") | Q(trouble=trouble), active=True)


def free_vans() -> QuerySet[Van]:
    """Vans that stand in the store, those that can tow first."""
    away = Rescue.objects.filter(state__in=RescueState.on_the_road(), van__isnull=False).values("van")
    return Van.objects.filter(active=True).exclude(pk__in=away).order_by("-tows", "plate")


def drivers() -> list[Staff]:
    """Who may drive out: those on duty first, then every technician who is not on the road already."""
    away = set(Rescue.objects.filter(state__in=RescueState.on_the_road()).values_list("driver_id", flat=True))
    ready = [duty.staff_id for duty in on_duty()]
    people = Staff.objects.filter(Q(role__code=RoleCode.TECHNICIAN) | Q(pk__in=ready), active=True).exclude(pk__in=away)
    return sorted(people, key=lambda person: (person.pk not in ready, person.name_pinyin))
