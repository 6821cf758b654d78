"""What the journal says about check-in."""

from django.utils.translation import gettext_lazy as _

from journal.events import event
from reception.choices import CallKind, WashWish


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
    kept_minutes: int = 0  # on the tablet, until there was a connection


@event("reception.photo_came_late")
class PhotoCameLate:
    """A picture of the walk-around that the tablet could not send while the car stood at reception."""

    sentence = _("A photo of the walk-around came later: it was kept on the tablet for {kept_minutes} min")

    photo_id: int
    kept_minutes: int


@event("reception.customer_called")
class CustomerCalled:
    sentence = _("Customer asked for: {kind}")
    labels = {"kind": CallKind}

    call_id: int
    kind: str


@event("reception.call_answered")
class CallAnswered:
    sentence = _("Answered the customer's call: {kind}")
    labels = {"kind": CallKind}

    call_id: int
    kind: str
    seconds: int  # since he asked
    late: bool
