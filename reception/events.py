"""What the journal says about check-in."""

from django.utils.translation import gettext_lazy as _

from journal.events import event
from reception.choices import WashWish


@event("reception.greeted")
class Greeted:
    """An advisor turned to the customer, before any paper."""

    sentence = _("Customer greeted")

    seconds: int  # since he arrived
    advisor_id: int


@event("reception.checked_in")
class CheckedIn:
    sentence = _(
        "Walk-around done: {mileage} km, fuel or charge {fuel_percent}%, damage marks: {marks}, photos: {photos}; {wash}"
    )
    labels = {"wash": WashWish}

    mileage: int
    fuel_percent: int
    marks: int
    photos: int
    wash: str
    minutes: int  # since the customer arrived
    again: bool = False  # the sheet was corrected
