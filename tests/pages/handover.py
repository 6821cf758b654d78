"""Pages of `handover`."""

from __future__ import annotations

from handover import domain as handovers
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import at, of, picture_of
from tests.visits_at_stage import Maker


def prepared(maker: Maker) -> Target:
    visit = maker("handover")
    handovers.prepare(visit, by=visit.advisor, mileage_out=23_460)
    return of(visit)


def handed(maker: Maker) -> Target:
    visit = maker("handover")
    row = visit.needs.get()
    return Target(
        {"visit_pk": visit.pk, "need_pk": row.pk},
        data={f"need{row.pk}-outcome": "done", f"need{row.pk}-answer": "已处理"},
    )


PAGES = [
    Page("handover:handover", "advisor", prepared, "{plate} 交车"),
    Page(
        "handover:prepare",
        "advisor",
        lambda make: of(make("handover"), data={"mileage_out": 23_460}),
        post=True,
        status=DONE,
    ),
    Page("handover:explain", "advisor", prepared, post=True, status=DONE),
    Page("handover:photos", "advisor", picture_of("handover"), post=True, status=DONE),
    Page("handover:settle_need", "advisor", handed, post=True, status=DONE),
    Page("handover:print_handover", "advisor", at("checkout"), "交车检查表"),
]
