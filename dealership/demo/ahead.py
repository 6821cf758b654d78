"""The coming days: bookings of every kind, who is away, who waits for a place, and numbers at the counter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from appointments import domain as appointments
from appointments import sheets
from appointments.choices import BookingChannel, ServiceKind
from appointments.models import Appointment
from appointments.offers import Item, Offer, Wish
from core import clock
from dealership.demo.cars import MODELS, NEW_ENERGY
from dealership.demo.words import mobile, person_name, plate
from stores.choices import LeaveKind, RoleCode, Skill
from stores.models import Qualification, Staff, Store
from visits.choices import NeedKind

FIRST_NUMBER, APART = 820_000, 7_919  # cars of the coming days share no plate with the others
# Per day from tomorrow on: how many are booked. Two of the third day's take the loan cars.
BOOKED = (9, 6, 5, 4, 3, 2)
LENT_ON = 2
WISHES = ("下班前取车", "想顺便看看轮胎还能用多久", "费用先报给我再做", "空调有异味，请一并检查")
FAULTS = ("冷车启动时抖动，开几公里后好转", "刹车时方向盘发抖", "右前轮过减速带有异响", "空调不制冷")


class Ahead:
    """Books, takes leave and waits as people would, through the domain."""

    def __init__(self, store: Store, random: Random):
        self.store, self.random, self.count = store, random, 0
        self.today = clock.local_day(store.tz)
        self.desk = _one(RoleCode.BOOKING_DESK)
        items = [item for group in sheets.menu_for(store) for item in group.items]
        self.menu = [
            Item(sheets.kind_of(i.operation), i.operation, price_low=i.price_low, price_high=i.price_high)
            for i in items
        ]

    def fill(self) -> None:
        days = list(self._open_days(len(BOOKED)))
        for number, (day, booked) in enumerate(zip(days, BOOKED, strict=True)):
            for place in range(booked):
                self._book(day, place, loan_car=number == LENT_ON and place < 2)
        self._away(days)
        self._wait(days)
        self._numbers()

    # --- Bookings ---------------------------------------------------------------------------------------------------

    def _book(self, day: date, place: int, **more) -> Appointment | None:
        """One booking of a day, spread over its offers; None when the day has no room for such work."""
        items, more = self._services(place), {"waits": place % 4 == 3, "wash": place % 5 != 4, **more}
        if more["waits"]:
            items = items[:1]
        address = "安驰路 88 弄 6 号" if place == 4 else ""
        wish = Wish.of(items, loan_car=more.get("loan_car", False), pickup=bool(address))
        offer = self._offer(replace(wish, waits=more["waits"], wash=more["wash"]), day)
        if offer is None:
            return None
        return appointments.book_for(
            store=self.store,
            caller=self._caller(),
            by=self.desk,
            advisor=offer.advisor,
            start=offer.start,
            items=items,
            needs=[(NeedKind.MATTERS_MOST, self.random.choice(WISHES))],
            channel=self.random.choice([BookingChannel.PHONE, BookingChannel.WECHAT, BookingChannel.DESK]),
            pickup_address=address,
            **more,
        )

    def _services(self, place: int) -> list[Item]:
        """One or two of the menu; now and then a fault in the customer's words."""
        chosen = self.random.sample(self.menu, 1 + place % 2)
        if place % 3 == 2:
            return [chosen[0], Item(ServiceKind.REPAIR, words=self.random.choice(FAULTS))]
        return chosen

    def _offer(self, wish: Wish, day: date) -> Offer | None:
        found = appointments.offers(self.store, wish, first=day, days=1)[0].offers
        return self.random.choice(found) if found else None

    def _caller(self) -> appointments.Caller:
        self.count += 1
        model = self.random.choice(MODELS)
        number = plate(
            FIRST_NUMBER + self.count * APART,
            new_energy=model.powertrain in NEW_ENERGY,
            pure_electric=model.powertrain == "electric",
        )
        return appointments.Caller(
            name=person_name(self.random),
            phone=mobile(self.random),
            plate=number,
            brand=model.brand,
            model=model.name,
        )

    # --- Who is away ------------------------------------------------------------------------------------------------

    def _away(self, days: list[date]) -> None:
        """An advisor for whom others stand in, and the painter, without whom a booking has to be moved."""
        receives = Appointment.objects.filter(during__startswith__gt=self._midnight(days[1])).order_by("during", "pk")
        self._leave(receives.select_related("advisor__store")[0].advisor, days[1], LeaveKind.TRAINING)
        painters = Qualification.objects.filter(skill=Skill.PAINT, staff__active=True).select_related("staff")
        paint = [item for item in self.menu if item.need and item.need.skill == Skill.PAINT]
        if not painters or not paint:
            return
        offer = self._offer(Wish.of(paint[:1], wash=False), days[3])
        if offer is None:
            return
        appointments.book_for(
            store=self.store,
            caller=self._caller(),
            by=self.desk,
            advisor=offer.advisor,
            start=offer.start,
            items=paint[:1],
            wash=False,
            channel=BookingChannel.PHONE,
        )
        for row in painters:
            for day in days[3:]:
                self._leave(row.staff, day, LeaveKind.SICK)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.store.tz)

    def _leave(self, person: Staff, day: date, kind: LeaveKind) -> None:
        start = self._midnight(day)
        appointments.take_leave(person, start=start, end=start + timedelta(days=1), kind=kind, by=self.desk)

    # --- Who waits --------------------------------------------------------------------------------------------------

    def _wait(self, days: list[date]) -> None:
        """Two for whom nothing is free while the loan cars are lent; one to whom a place is offered at once."""
        for words in ("需要代步车，哪天有车就哪天来", "出差前要保养好，必须有代步车"):
            appointments.wait_for(
                store=self.store,
                caller=self._caller(),
                by=self.desk,
                first_day=days[LENT_ON],
                channel=BookingChannel.PHONE,
                items=[self.random.choice(self.menu)],
                loan_car=True,
                words=words,
            )
        appointments.wait_for(
            store=self.store,
            caller=self._caller(),
            by=self.desk,
            first_day=days[0],
            last_day=days[1],
            not_before=time(15),
            channel=BookingChannel.WECHAT,
            items=[self.menu[0]],
        )
        appointments.fill_freed(self.store)

    def _numbers(self) -> None:
        """Five numbers taken at the door: one has been at the counter, one is called, three wait."""
        advisor = _one(RoleCode.ADVISOR)
        for number in range(5):
            known = plate(FIRST_NUMBER - 1 - number, new_energy=False) if number % 2 else ""
            appointments.take_number(self.store, plate=known)
        appointments.serve_number(appointments.call_next(self.store, by=advisor), by=advisor)
        appointments.call_next(self.store, by=advisor)

    def _open_days(self, count: int) -> Iterator[date]:
        answers = appointments.offers(self.store, Wish(wash=False), first=self.today + timedelta(days=1), days=30)
        yield from [answer.day for answer in answers if answer.offers][:count]


def _one(role: RoleCode, place: int = 0) -> Staff:
    """Somebody of a role, the one with the demo login first."""
    people = list(Staff.objects.filter(role__code=role, active=True).order_by("-user__is_active", "id"))
    return people[place % len(people)]
