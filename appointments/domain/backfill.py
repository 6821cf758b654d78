"""Bookings that are older than the ledger of their day get their claims when the day is laid out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db import transaction

from appointments.choices import DEFAULT_WORK, OCCUPYING, AppointmentStatus, ClaimSource, Resource
from appointments.domain.ledger import Frame, claim, wish_of
from appointments.models import Appointment, Bucket, LedgerDay
from appointments.offers import Need, Piece, Plan, Wish


def take_in(frame: Frame, new: Iterable[LedgerDay]) -> None:
    """Claim for the bookings that stand in days laid out just now what they hold: the advisor's slots in any case, of the
    workshop what is free."""
    days = {row.day for row in new} & set(frame.days)
    if not days:
        return
    begin = min(frame.calendar.periods(min(days)))[0]
    end = max(frame.calendar.periods(max(days)))[1]
    rows = Appointment.objects.filter(
        during__startswith__gte=begin,
        during__startswith__lt=end,
        status__in=OCCUPYING,
        visit__ended_at=None,
        displaced_at=None,
        claims=None,
    )
    for appointment in rows.select_related("visit__store").order_by("booked_at", "pk"):
        day = appointment.start.astimezone(frame.store.tz).date()
        if day in days:
            _take_in(frame, appointment, day)


@transaction.atomic
def _take_in(frame: Frame, appointment: Appointment, day: date) -> None:
    frame.lock(frame.days)
    pieces = [
        Piece(bucket.pk, Resource.ADVISOR, bucket.key, day, 1)
        for bucket in Bucket.objects.filter(
            resource=Resource.ADVISOR,
            key=str(appointment.advisor_id),
            starts_at__lt=appointment.end,
            ends_at__gt=appointment.start,
            booked=0,
            capacity=1,
        )
    ]
    if appointment.status == AppointmentStatus.BOOKED:
        plan = frame.read().plan(_wish(appointment), day=day, start=appointment.start, end=appointment.end)
        pieces += plan.pieces if isinstance(plan, Plan) else ()
    claim(appointment, pieces, ClaimSource.BOOKING)


def _wish(appointment: Appointment) -> Wish:
    """A booking from before services had lines of their own takes what such services usually take."""
    wish = wish_of(appointment)
    usual = tuple(Need(*map(str, DEFAULT_WORK[kind][:2]), DEFAULT_WORK[kind][2]) for kind in appointment.services)
    return replace(wish, needs=wish.needs or tuple(need for need in usual if need.minutes))
