"""Rows that stand in an order people choose, one place each."""

from __future__ import annotations

from django.db.models import Model, QuerySet

# Where a row waits while its neighbour takes its place: no list is that long, and a small integer holds it.
ASIDE = 20_000


def swap(row: Model, among: QuerySet, *, up: bool) -> None:
    """Swap `row` with its neighbour before or behind it; at the end of the list nothing happens.

    The caller holds the list's lock and a transaction. `position` is unique among `among`.
    """
    if up:
        neighbour = among.filter(position__lt=row.position).order_by("-position").first()
    else:
        neighbour = among.filter(position__gt=row.position).order_by("position").first()
    if neighbour is None:
        return
    here, there = row.position, neighbour.position
    among.filter(pk=row.pk).update(position=ASIDE)
    among.filter(pk=neighbour.pk).update(position=here)
    among.filter(pk=row.pk).update(position=there)
