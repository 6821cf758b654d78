"""Work in the house that lost its time: the same amounts in the same part or the next ones that have room."""

from __future__ import annotations

from collections.abc import Iterable

from appointments.choices import Resource, Side
from appointments.domain.floor import REACH
from appointments.domain.ledger import Frame
from appointments.models import Claim
from core import clock
from stores.models import Store


def find_room(store: Store, lost: Iterable[Claim]) -> None:
    """Write floor claims that were taken away again, each from its own day on; what finds no room stays away until the
    visit is planned anew. The days are held by the caller."""
    for row in sorted(lost, key=lambda row: (row.bucket.starts_at, row.pk)):
        day = max(row.bucket.ledger_day.day, clock.local_day(store.tz))
        frame = Frame(store, day, reach=REACH)
        if not frame.days:
            continue
        frame.lay_out()
        left, claims = row.amount, []
        for part in (part for day in frame.read(Side.FLOOR).days.values() for part in day.parts):
            free = part.free.get((row.bucket.resource, row.bucket.key))
            if not left or not free or part.end <= clock.now() or part.end <= row.bucket.starts_at:
                continue
            amount = min(left, free.amount)
            if row.bucket.resource != Resource.WASH:
                amount = min(amount, part.left(clock.now()))
            if amount > 0:
                left -= amount
                claims.append(
                    Claim(
                        store_id=row.store_id,
                        bucket_id=free.bucket_id,
                        side=row.side,
                        source=row.source,
                        amount=amount,
                        visit_id=row.visit_id,
                    )
                )
        Claim.objects.bulk_create(claims)
