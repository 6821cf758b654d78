"""What the customer is told about his booking: an outbox row in the transaction of the booking itself."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from appointments import sheets
from appointments.models import Appointment
from core.actors import Actor, HasActor
from customers.models import Customer
from messaging import domain as messaging
from messaging.texts import language_of
from stores.models import Store
from visits import domain as visits


def reachable(customer: Customer) -> bool:
    """Whether there is an address to write to; a customer taken over from another system may have none."""
    return bool(customer.phone or customer.wechat_openid or customer.email)


def confirmed(appointment: Appointment, *, by: Actor | HasActor) -> None:
    """Immediate confirmation: the plan (work, time, price range, what to bring) and the visit's link."""
    if reachable(appointment.visit.customer):
        _send(appointment, "appointment_confirmed", "confirmed", by=by, link=True, **_plan(appointment))


def _plan(appointment: Appointment) -> dict[str, str]:
    """The plan in the customer's language; what is not known is left out of the message."""
    with translation.override(language_of(appointment.visit.customer)):
        plan = sheets.plan_of(appointment)
        said = {
            "work": _(", ").join(row.label for row in plan.work),
            "bring": _(", ").join(plan.bring),
            "ready_about": plan.ready_at.isoformat() if plan.ready_at else "",
            "price_about": "",
        }
    if plan.price_high is not None and not plan.open_price:
        said["price_about"] = f"{plan.price_low:.0f}–{plan.price_high:.0f}"
    return {name: text for name, text in said.items() if text}


def changed(appointment: Appointment, *, by: Actor | HasActor) -> None:
    """A new time or another advisor; each move is a message of its own."""
    _send(appointment, "appointment_changed", f"moved:{appointment.visit.version}", by=by, link=True)


def cancelled(appointment: Appointment, *, by: Actor | HasActor) -> None:
    _send(appointment, "appointment_cancelled", "cancelled", by=by, link=False)


def missed(appointment: Appointment, *, by: Actor | HasActor) -> None:
    """He did not come: another time is a link away."""
    _send(appointment, "appointment_missed", "missed", by=by, link=False)


def _send(
    appointment: Appointment, template: str, occasion: str, *, by: Actor | HasActor, link: bool, **more: str
) -> None:
    visit = appointment.visit
    if not reachable(visit.customer):
        return
    links = {"link": visits.link_address(visit)} if link else {"book_link": _book_again(visit.store)}
    messaging.send(
        store=visit.store,
        template=template,
        customer=visit.customer,
        params={
            "plate": visit.vehicle.plate or visit.vehicle.title,
            "at": appointment.start.isoformat(),
            "advisor": appointment.advisor.name,
            **links,
            **more,
        },
        dedupe_key=f"appointment:{appointment.pk}:{occasion}",
        visit_id=visit.pk,
        by=by,
    )


def _book_again(store: Store) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/c/book/{store.code}/"
