"""Every address of the product, with the role whose page it is, something to open it on, and what it must say.

Kept by hand, a file for each app: `tests/test_views.py` fails while an address of the resolver has no row here.
`tests/test_pages_accessible.py` opens the same rows in a browser.
"""

from __future__ import annotations

from tests.pages import (
    api,
    appointments,
    checkout,
    commitments,
    complaints,
    customers,
    desk,
    doors,
    followups,
    guarantees,
    handover,
    inspections,
    messaging,
    orders,
    outreach,
    portal,
    reception,
    repairs,
    reports,
    rescue,
    standards,
    surveys,
    symptoms,
    visits,
)
from tests.pages.rows import NOT_OURS, Page, Target, names

PAGES: list[Page] = [
    row
    for app in (
        desk,
        appointments,
        symptoms,
        reception,
        orders,
        repairs,
        inspections,
        guarantees,
        handover,
        rescue,
        checkout,
        followups,
        complaints,
        reports,
        surveys,
        commitments,
        outreach,
        portal,
        messaging,
        standards,
        customers,
        api,
        visits,
        doors,
    )
    for row in app.PAGES
]
# For those who build pages: nobody else finds them.
GALLERY = {"gallery", "gallery_portal", "gallery_print", "gallery_dialog", "gallery_poll", "gallery_refused"}
BY_NAME = {page.name: page for page in PAGES}

__all__ = ["BY_NAME", "GALLERY", "NOT_OURS", "PAGES", "Page", "Target", "names"]
