"""Pages of `reception`."""

from __future__ import annotations

from reception import domain as reception
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import at, picture_of
from tests.visits_at_stage import Maker


def asked_for(maker: Maker) -> Target:
    """A drink a waiting customer asked for."""
    return Target({"pk": reception.call(maker("repair"), kind="drink", by=maker.person("advisor")).pk})


PAGES = [
    Page("reception:arrive", "advisor", heading="到店接待"),
    Page("reception:walk_in", "advisor", heading="无预约接车"),
    Page("reception:check_in", "advisor", at("reception"), "环车检查"),
    Page("reception:greet", "advisor", at("reception"), post=True, status=DONE),
    Page("reception:photos", "advisor", picture_of("reception", kind="walk_around"), post=True, status=302),
    Page("reception:send_sheet", "advisor", at("reception"), post=True, status=422),
    Page("reception:send_photo", "advisor", at("reception"), post=True, status=422),
    Page("reception:worker", "advisor", public=True),
    Page("reception:calls", "booking_desk", heading="客户呼叫"),
    Page("reception:answer_call", "booking_desk", asked_for, post=True, status=DONE),
    Page("reception:print_check_in", "advisor", at("repair"), "接车单"),
    Page("reception:estimate", "advisor", at("reception"), status=302),
    Page("reception:sign", "advisor", at("reception", lines=1, checked_in=True), "估价与签字"),
    Page("reception:leave", "advisor", at("reception"), "未维修离店"),
]
