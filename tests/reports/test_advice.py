"""Added work that was sold, and what it rested on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core import clock
from orders.models import LinePhoto
from repairs.models import Finding
from reports.queries import advice
from tests import factories
from visits.models import Photo


def test_added_work_rests_on_a_finding_that_shows_something(make_visit, staff):
    visit, technician = make_visit("repair", lines=0), staff("technician")
    consent, now = factories.consent(visit), clock.now()

    def line(**fields):
        return factories.line(visit, consent=consent, origin="added", **fields)

    def found(row):
        Finding.objects.create(store=visit.store, line=row, found_by=technician, at=now)
        return row

    nobody, word = line(), found(line())
    found(line(measured=Decimal("1.20"), measured_low=Decimal("3.00")))
    pictured = found(line())
    photo = Photo.objects.create(
        store=visit.store, visit=visit, kind="finding", image="x.jpg", width=1, height=1, sha256="0" * 64, at=now
    )
    LinePhoto.objects.create(store=visit.store, line=pictured, photo=photo)
    factories.line(visit, consent=consent)  # agreed at reception

    since = now - timedelta(days=1)

    assert set(advice.unfounded(since)) == {nobody, word}
    assert advice.by_advisor(since) == [advice.Advisor(visit.advisor.name, 4, 2)]


def test_a_part_replaced_in_range_is_listed_with_its_reason(make_visit):
    visit = make_visit("repair", lines=0)
    consent, since = factories.consent(visit), clock.now() - timedelta(days=1)
    limits = {"measured_low": Decimal("3.00"), "measured_high": Decimal("14.00")}
    inside = factories.line(visit, consent=consent, measured=Decimal("6.00"), replace_reason="偏磨", **limits)
    factories.line(visit, consent=consent, measured=Decimal("2.00"), **limits)
    factories.line(visit, consent=consent, measured=Decimal("2.00"))

    assert list(advice.replaced_in_range(since)) == [inside]
