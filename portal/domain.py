"""What a customer writes by his link: an answer, another time for his booking, each by a token made for it, with the digits
only he should know."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments.models import Appointment, BookingPolicy
from core import clock, limits
from core.actors import Actor
from core.errors import Conflict, DomainError
from customers import domain as customers
from customers.models import PhoneCode
from messaging import domain as messaging
from orders import domain as orders
from orders.choices import ConsentMethod
from orders.models import Consent, ConsentPack
from stores.models import Store
from visits import domain as visits
from visits.models import Visit, VisitLink

DECIDE = "orders.decide"
MOVE, CANCEL = "appointments.move", "appointments.cancel"
# Wrong digits by one link before it waits.
WRONG_DIGITS, WRONG_SECONDS = 5, 3600
DIGITS = 4


def offer_answer(visit: Visit, pack: ConsentPack) -> str:
    """A one-use token to answer this pack as it was shown; half an hour."""
    return visits.make_write_token(visit, action=DECIDE, subject_id=pack.pk, subject_version=pack.sha256)


def answer(
    link: VisitLink,
    pack: ConsentPack,
    *,
    write_token: str,
    decisions: dict[int, bool],
    reasons: dict[int, str],
    tail: str = "",
    ip: str = "",
    device: str = "",
) -> Consent:
    """Take the customer's answer. Approving anything needs the last four digits of his phone; wrong ones are counted and
    use up nothing else. Token and answer stand or fall together."""
    visit = link.visit
    by = Actor.customer(visit.customer_id, label=visit.customer.name)
    if any(decisions.values()):
        orders.verify_phone(pack, tail=tail, by=by)
    with transaction.atomic():
        visits.use_write_token(
            write_token,
            visit=visit,
            action=DECIDE,
            subject_id=pack.pk,
            subject_version=pack.sha256,
        )
        return orders.decide(
            pack,
            decisions=decisions,
            reasons=reasons,
            method=ConsentMethod.LINK,
            decided_by=visit.customer.name,
            phone=visit.customer.phone,
            evidence=f"link {link.pk}; {ip}; {device}"[:200],
            by=by,
        )


# --- His booking ----------------------------------------------------------------------------------------------------------


def change_until(appointment: Appointment):
    """Until when the customer may move or cancel his booking himself; afterwards he calls."""
    return appointment.start - timedelta(hours=BookingPolicy.of(appointment.store).change_hours)


def may_change(appointment: Appointment) -> bool:
    """Whether it still stands and its deadline has not passed."""
    return appointment.is_open and clock.now() < change_until(appointment)


def offer_change(appointment: Appointment, *, action: str, to: str = "") -> str:
    """A one-use token to move the booking to the moment `to` (as its button posts it), or to cancel it; half an hour."""
    _changeable(appointment)
    return visits.make_write_token(
        appointment.visit, action=action, subject_id=appointment.pk, subject_version=_version(appointment, to)
    )


def move_booking(
    link: VisitLink, appointment: Appointment, *, write_token: str, to: str, start, advisor, tail: str = ""
) -> Appointment:
    """The customer takes another time. Token and move stand or fall together; SlotTaken and SlotRefused as `reschedule`."""
    by = _confirmed_by(link, appointment, tail)
    with transaction.atomic():
        _use(appointment, write_token, MOVE, to)
        return appointments.reschedule(appointment, start=start, advisor=advisor, by=by)


def cancel_booking(
    link: VisitLink, appointment: Appointment, *, write_token: str, reason: str, tail: str = ""
) -> Appointment:
    """The customer calls his booking off."""
    by = _confirmed_by(link, appointment, tail)
    with transaction.atomic():
        _use(appointment, write_token, CANCEL)
        return appointments.cancel(appointment, reason=reason or _("By the customer, with his link"), by=by)


def _use(appointment: Appointment, write_token: str, action: str, to: str = "") -> None:
    _changeable(appointment)
    visits.use_write_token(
        write_token,
        visit=appointment.visit,
        action=action,
        subject_id=appointment.pk,
        subject_version=_version(appointment, to),
    )


def _version(appointment: Appointment, to: str) -> str:
    return f"{appointment.visit.version}@{to}"


def _changeable(appointment: Appointment) -> None:
    if not appointment.is_open:
        raise Conflict(_("This booking is over; nothing was changed."), code="booking_over")
    if not may_change(appointment):
        raise Conflict(
            _("It is too late to change this here. Call us, please: we find a way."), code="too_late_to_change"
        )


def _confirmed_by(link: VisitLink, appointment: Appointment, tail: str) -> Actor:
    """The customer, who knows the end of his number: a link alone may have been passed on. Wrong digits are counted."""
    customer = appointment.visit.customer
    phone = customer.phone
    if phone and tail.strip() != phone[-DIGITS:]:
        if limits.exceeded("link-digits", f"{link.pk}", limit=WRONG_DIGITS, seconds=WRONG_SECONDS):
            raise Conflict(_("Too many wrong tries. Call us, please."), code="digits_locked")
        raise DomainError(_("These are not the last four digits of the phone we know."), code="wrong_digits")
    return Actor.customer(customer.pk, label=customer.name)


# --- Who he is ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_code(store: Store, *, phone: str) -> PhoneCode:
    """Send a one-time code to a phone. An empty one gets a row like any other, and no message."""
    row, code = customers.issue_code(store, phone=phone)
    if phone:
        messaging.send(store=store, template="phone_code", to=phone, params={"code": code}, dedupe_key=f"code:{row.pk}")
    return row
