"""Pages of `followups`."""

from __future__ import annotations

from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import read
from tests.visits_at_stage import Maker


def call(maker: Maker) -> Target:
    visit = maker("follow_up")
    words = {"customer": visit.customer.name, "plate": read(visit)}
    return Target({"pk": visit.follow_up.pk}, who=maker.person("customer_relations"), words=words)


PAGES = [
    Page("followups:queue", "customer_relations", heading="回访"),
    Page("followups:call", "customer_relations", call, "回访 {customer}"),
    Page("followups:take", "customer_relations", call, post=True, status=DONE),
]
