"""Reads about the store's people."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from stores.choices import RoleCode, Skill
from stores.models import Staff


def staff_in_role(role: RoleCode | str) -> QuerySet[Staff]:
    """Active people of the current scope in `role`, in pinyin order."""
    return Staff.objects.filter(role__code=role, active=True).select_related("role").order_by("name_pinyin", "id")


def holds_skill(staff: Staff, skill: Skill | str, *, on) -> bool:
    """True if `staff` is qualified for `skill` on the date `on`; an expired certificate does not count."""
    return staff.qualifications.filter(skill=skill).filter(Q(valid_until=None) | Q(valid_until__gte=on)).exists()
