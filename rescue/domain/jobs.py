"""A call for help on its way: asked for, accepted, departed, arrived, fixed or towed. Lock order: visit → rescue → driver, van."""

from __future__ import annotations

import secrets
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appointments import domain as appointments
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError, NotAllowed
from core.phones import normalise_phone
from core.stages import Stage
from journal.domain import record
from messaging import domain as messaging
from rescue import queries
from rescue.choices import RescueChannel, RescueState, Trouble
from rescue.events import RescueAccepted, RescueArrived, RescueDeparted, RescueEnded, RescueLocated, RescueRequested
from rescue.models import Rescue, Van
from stores.models import Staff, Store
from stores.numbers import next_number
from visits import domain as visits
from visits.models import Visit
from visits.tokens import token_hash

BY = Actor.system("rescue")
POSITION, POSITION_LIFE = "rescue.position", timedelta(minutes=30)
# The longest time a driver may say he needs.
LONGEST = timedelta(hours=6)
# From the roadside to reception, until somebody says better [default].
UNLOADING = timedelta(hours=1)


@transaction.atomic
def request_help(
    *,
    store: Store,
    caller: appointments.Caller,
    trouble: Trouble | str,
    place: str,
    channel: RescueChannel | str,
    token: UUID,
    by: Staff | None = None,
    words: str = "",
    safe: bool = False,
) -> tuple[Rescue, str]:
    """Take a call for help: the customer and his car, a visit, the job, and a message with its link.

    `by` None: the customer himself on the public page. Returns the job and the link's token ("" when the same form was
    sent before: the link went out with the first). DomainError: no trouble or place named.
    """
    if visit := Visit.objects.filter(request_token=token).first():
        return Rescue.objects.get(visit=visit), ""
    if trouble not in Trouble.values:
        raise DomainError(_("Say what is wrong with the car."), code="trouble")
    if not place.strip():
        raise DomainError(_("Say where the car stands: road, direction, kilometre, what is near."), code="place")
    if by:
        customer, vehicle = appointments.who(store=store, caller=caller, by=by)
    else:
        customer, vehicle = appointments.stranger(store=store, caller=caller)
    actor, now = by or Actor.customer(customer.pk), clock.now()
    visit = visits.open_visit(store=store, customer=customer, vehicle=vehicle, by=actor, token=token)
    link = secrets.token_urlsafe(32)
    job = Rescue.objects.create(
        store=store,
        visit=visit,
        number=next_number(store, "JY", at=now),
        channel=channel,
        trouble=trouble,
        words=words.strip(),
        place=place.strip()[:200],
        safe=safe,
        phone=normalise_phone(caller.phone),
        requested_at=now,
        link_hash=token_hash(link),
    )
    _journal(job, RescueRequested(str(trouble), str(channel)), by=actor, at=now)
    address = f"{settings.PUBLIC_URL.rstrip('/')}/c/rescue/{link}/"
    _tell(job, "rescue_received", "received", {"number": job.number, "link": address}, by=actor)
    return job, link


def offer_position(job: Rescue) -> str:
    """A right to send one position for the job as it stands, for half an hour. Whatever happens to the job uses it up."""
    return signing.dumps([job.pk, job.version], salt=POSITION)


@transaction.atomic
def locate(job: Rescue, *, latitude: str | Decimal, longitude: str | Decimal, write_token: str) -> Rescue:
    """The customer sends his position from his page; it is kept until the job has ended. Conflict from a stale page."""
    try:
        pk, version = signing.loads(write_token, salt=POSITION, max_age=POSITION_LIFE)
    except signing.BadSignature as error:
        raise Conflict(_("This page was open too long; open your link again."), code="token_expired") from error
    if pk != job.pk:
        raise Conflict(_("This page was open too long; open your link again."), code="token_expired")
    job = _lock(job, version=version)
    _must_be(job, *RescueState.open())
    job.latitude, job.longitude = _degrees(latitude, 90), _degrees(longitude, 180)
    job.located_at = clock.now()
    _save(job, "latitude", "longitude", "located_at")
    _journal(job, RescueLocated(), by=Actor.customer(job.visit.customer_id))
    return job


@transaction.atomic
def accept(job: Rescue, *, driver: Staff, van: Van, minutes: int, by: Staff, version: int | None = None) -> Rescue:
    """Say who goes with which van and in how many minutes he is there; the customer is told. Again for another driver or
    time, as long as nobody has left."""
    _may(by, "rescue.take", "rescue.drive")
    job = _lock(job, version=version)
    _must_be(job, RescueState.REQUESTED, RescueState.ACCEPTED)
    if not timedelta(minutes=1) <= timedelta(minutes=minutes) <= LONGEST:
        raise DomainError(_("Say in how many minutes he is there: 1 to 360."), code="minutes")
    if driver.pk not in {person.pk for person in queries.drivers()}:
        raise DomainError(
            _("%(name)s is on the road already or does not drive out.") % {"name": driver.name}, code="driver"
        )
    if not queries.free_vans().filter(pk=van.pk).exists():
        raise DomainError(_("The van %(plate)s is on the road.") % {"plate": van.plate}, code="van")
    now = clock.now()
    job.driver, job.van, job.state = driver, van, RescueState.ACCEPTED
    job.accepted_at, job.eta_at = job.accepted_at or now, now + timedelta(minutes=minutes)
    _save(job, "driver", "van", "state", "accepted_at", "eta_at")
    _journal(job, RescueAccepted(driver.pk, van.pk, job.eta_at), by=by, at=now)
    params = {"number": job.number, "at": job.eta_at.isoformat(), "driver": driver.name, "driver_phone": driver.phone}
    _tell(job, "rescue_on_way", f"accepted:{job.version}", params, by=by)
    return job


@transaction.atomic
def depart(job: Rescue, *, kit: list[int], by: Staff, version: int | None = None) -> Rescue:
    """The driver leaves with what he has seen in the van (`kit`: ids). Conflict while he or the van is on the road."""
    job = _lock(job, version=version)
    _drives(job, by)
    _must_be(job, RescueState.ACCEPTED)
    wanted = set(queries.kit_for(job.trouble).values_list("pk", flat=True))
    job.kit, job.state, job.departed_at = sorted(wanted & set(kit)), RescueState.DEPARTED, clock.now()
    try:
        with transaction.atomic():
            _save(job, "kit", "state", "departed_at")
    except IntegrityError as error:
        if "rescue_driver_once" in str(error) or "rescue_van_once" in str(error):
            raise Conflict(
                _("Driver or van is on the road for another customer; choose again."), code="away"
            ) from error
        raise
    _journal(job, RescueDeparted(job.driver_id, len(wanted) - len(job.kit)), by=by, at=job.departed_at)
    return job


@transaction.atomic
def arrive(job: Rescue, *, by: Staff, version: int | None = None) -> Rescue:
    """The van is at the car; what was promised in public is measured to this moment."""
    job = _lock(job, version=version)
    _drives(job, by)
    _must_be(job, RescueState.DEPARTED)
    job.state, job.arrived_at = RescueState.ARRIVED, clock.now()
    _save(job, "state", "arrived_at")
    minutes = int((job.arrived_at - job.requested_at).total_seconds() // 60)
    _journal(job, RescueArrived(minutes, job.arrived_at <= job.eta_at), by=by, at=job.arrived_at)
    return job


@transaction.atomic
def finish(
    job: Rescue, *, towed: bool, outcome: str, by: Staff, comes_in: bool = False, version: int | None = None
) -> Rescue:
    """Fixed on the spot, or towed. A towed car, and one that `comes_in` for a proper repair, stays expected at reception;
    otherwise its visit is over. `outcome` says what was done."""
    job = _lock(job, version=version)
    _drives(job, by)
    _must_be(job, RescueState.ARRIVED)
    if towed and not job.van.tows:
        raise DomainError(_("The van %(plate)s cannot tow.") % {"plate": job.van.plate}, code="tow")
    state = RescueState.TOWED if towed else RescueState.FIXED
    if towed:
        # Reception expects it: it stands among today's arrivals.
        job.visit.due_in_at = clock.now() + UNLOADING
        job.visit.save(update_fields=["due_in_at"])
    return _end(job, state, outcome, by=by, comes_in=towed or comes_in)


@transaction.atomic
def call_off(job: Rescue, *, reason: str, by: Staff, version: int | None = None) -> Rescue:
    """Nobody needs to go any more, with the reason."""
    _may(by, "rescue.take")
    job = _lock(job, version=version)
    _must_be(job, *RescueState.open())
    return _end(job, RescueState.CANCELLED, reason, by=by, comes_in=False)


def _end(job: Rescue, state: RescueState, outcome: str, *, by: Staff, comes_in: bool) -> Rescue:
    outcome = outcome.strip()[:300]
    if not outcome:
        raise DomainError(_("Write in a few words what was done, or why nobody is needed."), code="outcome")
    now = clock.now()
    job.state, job.outcome, job.ended_at = state, outcome, now
    # What is no longer needed is not kept (PIPL 19).
    job.latitude = job.longitude = job.located_at = None
    _save(job, "state", "outcome", "ended_at", "latitude", "longitude", "located_at")
    minutes = int((now - job.requested_at).total_seconds() // 60)
    _journal(job, RescueEnded(str(state), minutes, comes_in), by=by, at=now)
    if not comes_in and job.visit.stage == Stage.BOOKING:
        reason = f"{RescueState(state).label}: {outcome}"[:200]
        visits.advance(job.visit, to=Stage.CANCELLED, by=BY, reason=reason)
    return job


def _lock(job: Rescue, *, version: int | None) -> Rescue:
    visit = visits.lock(job.visit_id)
    locked = Rescue.objects.select_for_update(of=("self",)).select_related("driver", "van").get(pk=job.pk)
    locked.visit = visit
    if version is not None and locked.version != version:
        raise Conflict(_("Somebody was faster; look at the job again."), code="stale")
    return locked


def _must_be(job: Rescue, *states: str) -> None:
    if job.state not in states:
        raise Conflict(
            _("This job is at “%(state)s”; nothing was changed.") % {"state": RescueState(job.state).label},
            code="state",
        )


def _may(by: Staff, *rights: str) -> None:
    if not by.may(*rights):
        raise NotAllowed(_("Your role does not take calls for help."))


def _drives(job: Rescue, by: Staff) -> None:
    """The driver himself, or somebody at the desk to whom he says it by phone."""
    if by.pk != job.driver_id and not by.may("rescue.take"):
        raise NotAllowed(_("Only the driver or the desk can say this."))


def _save(job: Rescue, *fields: str) -> None:
    job.version += 1
    job.save(update_fields=[*fields, "version"])


def _degrees(value, most: int) -> Decimal:
    try:
        degrees = Decimal(str(value)).quantize(Decimal("0.000001"))
    except InvalidOperation:
        degrees = None
    if degrees is None or not -most <= degrees <= most:
        raise DomainError(_("This is no position on earth; describe the place in words."), code="position")
    return degrees


def _tell(job: Rescue, template: str, occasion: str, params: dict, *, by: Actor | HasActor) -> None:
    customer = job.visit.customer
    if not (customer.phone or customer.wechat_openid or customer.email):
        return
    duty = next((row for row in queries.on_duty()), None)
    messaging.send(
        store=job.store,
        template=template,
        customer=customer,
        params={"duty_phone": duty.phone, **params} if duty else params,
        dedupe_key=f"rescue:{job.pk}:{occasion}",
        visit_id=job.visit_id,
        by=by,
    )


def _journal(job: Rescue, event, *, by, at=None) -> None:
    record(event, store_id=job.store_id, subject=job, visit_id=job.visit_id, by=by, at=at)
