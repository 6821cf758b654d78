"""Reception times that can still be booked, as the pages offer them."""

from __future__ import annotations

from datetime import date, datetime

from appointments import domain as appointments
from appointments.offers import Offer, Wish
from core import clock
from stores.models import Staff, Store


def on(store: Store, day: date, advisor: Staff | None = None) -> list[Offer]:
    """Of one local day, by time; of one advisor if given."""
    return appointments.offers(store, _wish(advisor), first=day, days=1)[0].offers


def after(store: Store, moment: datetime, advisor: Staff | None = None) -> list[Offer]:
    """Of the two weeks that follow a moment, by time."""
    answers = appointments.offers(store, _wish(advisor), first=clock.local_day(store.tz, moment), days=14)
    return [offer for answer in answers for offer in answer.offers if offer.start >= moment]


def _wish(advisor: Staff | None) -> Wish:
    return Wish(wash=False, advisor_id=advisor.pk if advisor else None)
