"""Whatever is booked, held, moved, cancelled, worked on and away, in any order: nothing is ever over its capacity, what is
offered is what a brute-force search finds, and each offer can be booked."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.db.models import F, Q, Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from appointments import domain as appointments
from appointments.domain import Item, Need, SlotTaken, Wish
from appointments.domain.ledger import wish_of
from appointments.models import Appointment, BookingPolicy, Bucket, Hold
from core import clock
from core.errors import Conflict, DomainError
from core.stages import Stage
from stores.access import in_store
from stores.models import Bay, Leave, LoanCar, OpeningPeriod, ParkingSpace, Qualification
from tests import factories
from tests.appointments.brute import Brute
from visits import domain as visits

LONG = os.environ.get("TEST_LONG") == "1"
EXAMPLES = 250 if LONG else 8
# A Saturday: the horizon goes over a Sunday with one long part.
BEGIN = datetime(2026, 11, 21, 8, 10, tzinfo=ZoneInfo("Asia/Shanghai"))

number = st.integers(0, 9)
need = st.builds(
    Need,
    st.sampled_from(["mechanical", "mechanical", "mechanical", "electrical", "electrical", "paint"]),
    st.sampled_from(["lift", "fast", ""]),
    st.sampled_from([20, 60, 60, 150, 300, 500]),
)
wish = st.builds(
    Wish,
    needs=st.lists(need, max_size=2).map(tuple),
    waits=st.sampled_from([False, False, True]),
    loan_car=st.sampled_from([False, False, True]),
    pickup=st.sampled_from([False, False, True]),
    wash=st.booleans(),
)
at = st.tuples(st.integers(0, 3), st.sampled_from(range(0, 540, 60)))
step = st.one_of(
    st.tuples(st.just("book"), at, wish, number),
    st.tuples(st.just("book"), at, wish, number),
    st.tuples(st.just("hold"), at, wish, number),
    st.tuples(st.just("hold"), at, wish, number),
    st.tuples(st.just("take_up"), at, wish, number),
    st.tuples(st.just("move"), at, wish, number),
    st.tuples(st.just("cancel"), at, wish, number),
    st.tuples(st.just("floor"), at, wish, number),
    st.tuples(st.just("leave"), at, wish, number),
    st.tuples(st.just("come_back"), at, wish, number),
    st.tuples(st.just("bay"), at, wish, number),
    st.tuples(st.just("tick"), at, wish, number),
    st.tuples(st.just("tick"), at, wish, number),
)


@pytest.fixture
def house(db):
    """A small house that is soon full: hours to the hour, two advisors, three technicians, two lifts, one of the rest."""
    with time_machine.travel(BEGIN, tick=False):
        store = factories.store(slot_minutes=60)
    with in_store(store):
        OpeningPeriod.objects.all().delete()
        OpeningPeriod.objects.bulk_create(
            OpeningPeriod(store=store, weekday=day, opens=f"{a}:00", closes=f"{b}:00")
            for day in range(7)
            for a, b in ([(9, 16)] if day == 6 else [(9, 12), (13, 17)])
        )
        Bay.objects.exclude(code__in=["J1", "J2", "K1", "X1"]).update(active=False)
        people = [factories.staff(store, role) for role in ("advisor", "advisor", "technician", "technician")]
        people.append(factories.staff(store, "technician", skills=["electrical"]))
        Qualification.objects.filter(staff=people[3], skill="electrical").update(
            level=2, valid_until=(BEGIN + timedelta(days=1)).date()
        )
        ParkingSpace.objects.bulk_create(ParkingSpace(store=store, code=code) for code in ("P1", "P2"))
        LoanCar.objects.create(store=store, plate="沪A00001", title="朗逸")
        BookingPolicy.objects.create(store=store, wash_minutes=90, pickup_runs=1, hold_minutes=15)
        yield Steps(store, people)


class Steps:
    """The house, and everything that can happen in it by name; a refusal is as good as a deed."""

    def __init__(self, store, people):
        self.store, self.people, self.manager = store, people, people[0]

    def do(self, traveller, steps):
        self.traveller, self.inside = traveller, []
        for name, when, wished, n in steps:
            day, minutes = when
            start = BEGIN.replace(hour=9, minute=0) + timedelta(days=day, minutes=minutes)
            try:
                getattr(self, name)(start, wished, n)
            except (Conflict, DomainError):
                continue

    def book(self, start, wished, n, hold=None):
        owner = factories.customer(self.store, phone="", preferred_advisor=self.people[n % 2] if n < 4 else None)
        car = factories.vehicle(self.store, owner)
        items = [
            Item("repair", minutes=each.minutes, skill=each.skill, bay_kind=each.bay_kind) for each in wished.needs
        ]
        return appointments.book(
            store=self.store,
            customer=owner,
            vehicle=car,
            start=start,
            by=self.manager,
            channel="desk",
            items=items,
            waits=wished.waits,
            loan_car=wished.loan_car,
            pickup_address="南京路1号" if wished.pickup else "",
            wash=wished.wash,
            advisor=next((p for p in self.people[:2] if p.pk == wished.advisor_id), None),
            hold=hold,
        )

    def hold(self, start, wished, n):
        advisor = self.people[n] if n < 2 else None
        appointments.hold(self.store, wished, start=start, advisor=advisor, channel="web", by=self.manager)

    def take_up(self, start, wished, n):
        held = self._pick(Hold.objects.order_by("pk"), n)
        if held:
            self.book(held.start, Wish.from_data(held.wish) if n % 3 else wished, n, hold=held.token)

    def move(self, start, wished, n):
        booked = self._pick(Appointment.objects.filter(status="booked").order_by("pk"), n)
        if booked:
            appointments.reschedule(booked, start=start, by=self.manager, advisor=self.people[n % 2])

    def cancel(self, start, wished, n):
        booked = self._pick(Appointment.objects.filter(status="booked").order_by("pk"), n)
        if booked:
            appointments.cancel(booked, reason="-", by=self.manager)

    def floor(self, start, wished, n):
        """A car in the house is planned, or planned anew."""
        if n < 5 or not self.inside:
            car = factories.vehicle(self.store, factories.customer(self.store, phone=""))
            with transaction.atomic():
                self.inside.append(
                    visits.open_visit(
                        store=self.store, customer=car.owner, vehicle=car, by=self.manager, stage=Stage.RECEPTION
                    )
                )
        visit = self.inside[n % len(self.inside)]
        if n == 9:
            return appointments.release_floor(visit)
        appointments.keep_floor(visit, wished.needs, not_before=start, source="carry_over", wash=wished.wash)

    def leave(self, start, wished, n):
        person = self.people[n % len(self.people)]
        appointments.take_leave(person, start=start, end=start + timedelta(minutes=75 * (n + 1)), by=self.manager)

    def come_back(self, start, wished, n):
        leave = self._pick(Leave.objects.order_by("pk"), n)
        if leave:
            appointments.end_leave(leave, by=self.manager)

    def bay(self, start, wished, n):
        bay = self._pick(Bay.objects.filter(code__in=["J1", "J2", "X1"]).order_by("pk"), n)
        bay.active = not bay.active
        bay.save()
        appointments.relay(self.store, by=self.manager)

    def tick(self, start, wished, n):
        self.traveller.shift(timedelta(minutes=7 + 13 * n))

    def _pick(self, rows, n):
        rows = list(rows)
        return rows[n % len(rows)] if rows else None


def over():
    """Buckets with more claimed than there is, or whose sums are not their claims'."""
    rows = Bucket.objects.annotate(
        b=Sum("claims__amount", filter=Q(claims__side="booked"), default=0),
        f=Sum("claims__amount", filter=Q(claims__side="floor"), default=0),
    )
    return list(rows.filter(Q(capacity__lt=F("b") + F("f")) | ~Q(b=F("booked")) | ~Q(f=F("floor"))))


def more_than_there_is(store):
    """The same, against capacities counted from people and places."""
    brute, wrong = Brute(store, clock.now()), []
    people = {str(person.pk): person for person in brute.advisors}
    for bucket in Bucket.objects.exclude(resource__in=["parking", "loan_car"]):
        span = bucket.starts_at.astimezone(store.tz), bucket.ends_at.astimezone(store.tz)
        if bucket.resource == "advisor":
            if bucket.booked and brute.present(people[bucket.key], *span) < 60:
                wrong.append(bucket)
        elif bucket.booked + bucket.floor > brute.capacity(bucket.resource, bucket.key, *span):
            wrong.append(bucket)
    return wrong


def bookable(house, offer, wished):
    """Whether an offer can be booked as it says; nothing of it stays."""
    try:
        with transaction.atomic():
            made = house.book(offer.start, wished, 9)
            same = (made.start, made.parking, made.expected_ready_at) == (offer.start, offer.parking, offer.ready_at)
            raise Undo(same)
    except Undo as undone:
        return undone.args[0]


class Undo(Exception):
    pass


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=not LONG,
    database=None,
    # A failure is shown as it was found: making it smaller takes minutes, and TEST_LONG has them.
    phases=[Phase.generate, *([Phase.shrink] if LONG else [])],
    print_blob=False,
)
@given(steps=st.lists(step, min_size=6, max_size=14), asked=wish, own=number)
def test_nothing_is_over_and_the_offers_are_what_a_search_finds(house, steps, asked, own):
    save = transaction.atomic()
    save.__enter__()
    try:
        with time_machine.travel(BEGIN, tick=False) as traveller:
            house.do(traveller, steps)
            assert over() == []
            assert more_than_there_is(house.store) == []
            asked = replace(asked, own_advisor_id=house.people[own % 2].pk)
            brute, first = Brute(house.store, clock.now()), clock.local_day(house.store.tz)
            answers = appointments.offers(house.store, asked, first=first, days=4)
            # A wish of nothing but a reception is refused seldom: it sees what the other does not reach.
            simple = Wish(wash=False)
            for answer in appointments.offers(house.store, simple, first=first, days=4):
                assert [(o.start, o.advisor.pk, o.parking.pk, o.ready_at) for o in answer.offers] == brute.offers(
                    simple, answer.day
                )
            for answer in answers:
                found = [(o.start, o.advisor.pk, o.parking and o.parking.pk, o.ready_at) for o in answer.offers]
                assert found == brute.offers(asked, answer.day)
                assert bool(answer.offers) != bool(answer.code)
            free = [offer for answer in answers for offer in answer.offers]
            for offer in free[:: max(len(free) // 3, 1)]:
                exact = replace(asked, advisor_id=offer.advisor.pk, own_advisor_id=None)
                assert bookable(house, offer, exact)
            refuses_what_is_not_offered(house, answers, asked)
            moves_where_it_is_offered(house, first, own)
    finally:
        transaction.set_rollback(True)
        save.__exit__(None, None, None)


def moves_where_it_is_offered(house, first, n):
    """A booking is not in its own way: what is offered for moving it is what is free without it, and it can be moved there."""
    booked = house._pick(Appointment.objects.filter(status="booked").order_by("pk"), n)
    if booked is None:
        return
    wished = wish_of(booked, own_advisor_id=booked.advisor_id)
    brute = Brute(house.store, clock.now(), besides=booked.pk)
    answers = appointments.offers(house.store, wished, first=first, days=3, besides=booked)
    for answer in answers:
        found = [(o.start, o.advisor.pk, o.parking and o.parking.pk, o.ready_at) for o in answer.offers]
        assert found == brute.offers(wished, answer.day)
    stands = (booked.start, booked.advisor_id)
    free = [offer for answer in answers for offer in answer.offers if (offer.start, offer.advisor.pk) != stands]
    for offer in free[:: max(len(free) // 2, 1)]:
        try:
            with transaction.atomic():
                made = appointments.reschedule(booked, start=offer.start, advisor=offer.advisor, by=house.manager)
                assert (made.start, made.parking, made.expected_ready_at) == (
                    offer.start,
                    offer.parking,
                    offer.ready_at,
                )
                raise Undo
        except Undo:
            continue


def refuses_what_is_not_offered(house, answers, asked):
    for answer in answers[1:3]:
        offered = {offer.start for offer in answer.offers}
        midnight = datetime.combine(answer.day, datetime.min.time(), house.store.tz)
        hidden = [midnight + timedelta(hours=hour) for hour in range(9, 17)]
        start = next((moment for moment in hidden if moment not in offered), None)
        if start:
            with pytest.raises((SlotTaken, DomainError)), transaction.atomic():
                house.book(start, asked, 9)
