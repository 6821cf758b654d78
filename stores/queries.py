"""Reads about the store's people."""

from __future__ import annotations

from django.db.models import QuerySet

from stores.choices import RoleCode
from stores.models import Staff


def staff_in_role(role: RoleCode | str) -> QuerySet[Staff]:
    """Active people of the current scope in `role`, in pinyin order."""
    return Staff.objects.filter(role__code=role, active=True).select_related("role").order_by("name_pinyin", "id")
