"""Writing a day's orders out for the vehicle e-health record."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from django.db import transaction

from core import clock
from core.clock import local_day
from guarantees.models import HealthFile
from guarantees.queries.ehealth import as_json, health_records
from stores.models import Store

# Lists may be corrected for some days after; their files are then written again.
LOOK_BACK_DAYS = 7


@transaction.atomic
def write_day(store: Store, day: date) -> HealthFile:
    """Write a day's file, or write it again if anything in it changed."""
    records = health_records(store, day)
    content = as_json(store, day, records)
    digest = hashlib.sha256(content.encode()).hexdigest()
    known = HealthFile.objects.select_for_update().filter(store=store, day=day).first()
    if known and known.sha256 == digest:
        return known
    values = {
        "content": content,
        "sha256": digest,
        "orders": len(records),
        "incomplete": sum(bool(record.missing) for record in records),
        "made_at": clock.now(),
    }
    return HealthFile.objects.update_or_create(store=store, day=day, defaults=values)[0]


def write_days(store: Store) -> list[HealthFile]:
    """Yesterday's file and those of the days before it in which something may have changed."""
    today = local_day(store.tz)
    return [write_day(store, today - timedelta(days=back)) for back in range(1, LOOK_BACK_DAYS + 1)]
