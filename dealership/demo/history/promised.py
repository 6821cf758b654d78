"""What became of the public promises in the last year: the figures only. History owes nobody a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commitments.choices import Code, State
from dealership.demo.copying import NULL
from dealership.demo.history.planning import DAYS

if TYPE_CHECKING:
    from dealership.demo.history.stay import Stay

YEAR = 365


def write(stay: Stay) -> None:
    if stay.day <= DAYS - YEAR:
        return
    r = stay.r
    if stay.booked:
        _measured(stay, 0, Code.CONFIRMED, stay.opened, 600, int(r.lognormvariate(3.6, 0.9)))
    _measured(stay, 1, Code.GREETED, stay.arrived, 180, int(r.lognormvariate(4.4, 0.5)))
    _measured(stay, 2, Code.CONSENT, stay.handed, None, 0)
    _measured(stay, 3, Code.READY, stay.signed, stay.first - stay.signed, stay.ready - stay.signed)
    if stay.called < stay.c.last_second:
        _measured(stay, 4, Code.FOLLOW_UP, stay.released, 72 * 3600, stay.called - stay.released)


def _measured(stay: Stay, place: int, code: Code, start: int, target: int | None, took: int) -> None:
    """`target` and `took` are seconds from the start."""
    c, ts = stay.c, stay.c.ts
    kept = target is None or took <= target
    decided = start + (took if kept else target)
    c.tables["measured"].add(
        str(c.at.measured + stay.i * len(Code) + place), c.store, str(c.m.promises[code]), code.value, stay.id, ts(start),
        NULL if target is None else ts(start + target), ts(start + took), ts(decided),
        (State.KEPT if kept else State.BROKEN).value, "demo",
    )  # fmt: skip
