"""Opening a store with everything it works with, across the apps."""

from __future__ import annotations

from django.db import transaction

from stores import domain as stores
from stores.models import Store


@transaction.atomic
def open_full_store(*, code: str, name_zh: str, name_en: str = "", **fields) -> Store:
    """Open a store with roles, calendar and bays, and with operations, parts, rules and checklists in force."""
    return stores.open_store(code=code, name_zh=name_zh, name_en=name_en, **fields)
