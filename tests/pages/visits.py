"""Pages of `visits`."""

from __future__ import annotations

from tests.pages.rows import Page, Target
from tests.pictures import jpeg
from tests.visits_at_stage import Maker
from visits import domain as visits


def photo(maker: Maker) -> Target:
    visit = maker("repair")
    row = visits.store_photo(visit, kind="walk_around", upload=jpeg(), by=visit.advisor)
    return Target({"pk": row.pk})


PAGES = [
    Page("visits:photo", "advisor", photo),
]
