"""What came after the car had left: the follow-up call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealership.demo.copying import NULL
from dealership.demo.history.phrases import PRAISE

if TYPE_CHECKING:
    from dealership.demo.history.stay import Stay


def call(stay: Stay) -> None:
    c, r, ts = stay.c, stay.r, stay.c.ts
    late = stay.ready > stay.first
    score = max(1, min(10, round(r.gauss(8.9 - 1.3 * late - 0.9 * stay.sent_back, 1.1))))
    nps = max(0, min(10, round(r.gauss(8.7 - 1.6 * late, 1.5))))
    caller = str(r.choice(c.m.staff["customer_relations"]))
    call = str(c.at.call + stay.i)
    reached = r.random() < 0.86
    row = (str(score), str(nps), r.choice(PRAISE), "f") if reached else (NULL, NULL, "", NULL)
    c.tables["call"].add(
        call, c.store, stay.id, ts(stay.released + 72 * 3600), ts(stay.called), "done" if reached else "unreachable", caller,
        ts(stay.called), *row,
    )  # fmt: skip
    c.tables["attempt"].add(
        str(c.at.attempt + stay.i * 2),
        c.store,
        call,
        "1",
        "done" if reached else "no_answer",
        caller,
        ts(stay.called),
    )
