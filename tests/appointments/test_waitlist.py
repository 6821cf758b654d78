"""The waitlist: what becomes free goes to those who wait, one after the other, and nobody gets lost."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from appointments import domain as appointments
from appointments import waiting
from appointments.models import Appointment, BookingTask, Claim, Hold, WaitlistEntry, WaitlistOffer
from appointments.offers import Item
from catalogue.models import Operation
from core.actors import Actor
from core.errors import Conflict, DomainError
from journal.testing import drain
from messaging.models import Message
from stores.models import CalendarDay, LoanCar
from tests import factories
from tests.together import together

BY = Actor.system("test")


def go(to):
    return time_machine.travel(to, tick=False)


@pytest.fixture
def short(store, at):
    """Tomorrow has four reception slots, from ten to twelve."""
    begin, end = at("10:00").time(), at("12:00").time()
    CalendarDay.objects.create(store=store, day=at("09:00", days=1).date(), kind="special", opens=begin, closes=end)


@pytest.fixture
def full(store, advisor, at, short):
    """Tomorrow has no free reception slot; gives the bookings in their order."""
    rows = []
    for answer in appointments.offers(store, appointments.Wish(), first=at("09:00", days=1).date(), days=1):
        for offer in answer.offers:
            car = factories.vehicle(store)
            rows.append(
                appointments.book(
                    store=store,
                    customer=car.owner,
                    vehicle=car,
                    start=offer.start,
                    advisor=advisor,
                    channel="desk",
                    wash=False,
                    by=BY,
                )
            )
    return rows


@pytest.fixture
def wait(store, at):
    """`wait()`: somebody puts himself on the list for tomorrow."""

    def make(**more):
        car = more.pop("car", None) or factories.vehicle(store)
        wish = {"first_day": at("09:00", days=1).date(), "items": [Item(kind="insurance")], "wash": False, **more}
        return appointments.join_waitlist(store=store, customer=car.owner, vehicle=car, by=BY, channel="phone", **wish)

    return make


def offered():
    return [(row.entry_id, row.state) for row in WaitlistOffer.objects.order_by("pk")]


def free_one(full, number=3):
    appointments.cancel(full[number], reason="客户取消", by=BY)
    drain()
    return full[number].start


class TestOneCancelledSlot:
    def test_goes_to_who_has_waited_longest(self, store, full, wait, at):
        with go(at("10:11")):
            first = wait()
        with go(at("10:12")):
            wait()
            start = free_one(full)

            offer = WaitlistOffer.objects.get()
            assert (offer.entry, offer.start) == (first, start)
            assert offer.expires_at == at("10:42")
            message = Message.objects.get(template="waitlist_offer")
            assert "/c/offer/" in message.body and "10:42" in message.body
            assert appointments.offers(store, appointments.Wish(), first=start.date(), days=1)[0].offers == []

    def test_is_booked_by_a_yes(self, full, wait):
        entry = wait(words="空调不凉")
        start = free_one(full)
        booked = appointments.accept_offer(WaitlistOffer.objects.get(), by=Actor.customer(entry.customer_id))

        entry.refresh_from_db()
        assert (booked.start, booked.visit.vehicle_id) == (start, entry.vehicle_id)
        assert (entry.state, entry.appointment) == ("booked", booked)
        assert booked.visit.needs.get().words == "空调不凉"
        assert Hold.objects.count() == 0
        with pytest.raises(Conflict):
            appointments.accept_offer(WaitlistOffer.objects.get(), by=BY)
        drain()
        assert offered() == [(entry.pk, "accepted")]

    def test_not_answered_it_goes_to_the_next_who_keeps_it(self, store, full, wait, at):
        first, second = wait(), wait()
        free_one(full)
        with go(at("10:40")):
            assert appointments.expire_offers(store) == {at("09:00", days=1).date()}
            drain()
        first.refresh_from_db()
        assert offered() == [(first.pk, "expired"), (second.pk, "offered")]
        assert first.state == "waiting"
        with go(at("11:20")):
            appointments.expire_offers(store)
            drain()
        # Both have let it pass: it is free for everybody, and both go on waiting.
        assert offered() == [(first.pk, "expired"), (second.pk, "expired")]
        assert waiting.waitlist(store).count() == 2

    def test_a_no_passes_it_on_at_once(self, full, wait):
        first, second = wait(), wait()
        free_one(full)
        appointments.decline_offer(WaitlistOffer.objects.get(), by=BY)
        drain()
        assert offered() == [(first.pk, "declined"), (second.pk, "offered")]

    def test_an_offer_that_is_over_books_nothing(self, full, wait, at):
        wait()
        free_one(full)
        before = Appointment.objects.count()
        with go(at("10:41")), pytest.raises(Conflict) as refused:
            appointments.accept_offer(WaitlistOffer.objects.get(), by=BY)
        assert refused.value.code == "offer_over"
        assert Appointment.objects.count() == before

    def test_suits_whoever_named_these_hours(self, full, wait, at):
        wait(not_before=at("11:00").time())
        morning = wait(not_after=at("10:30").time())
        free_one(full, 0)
        assert offered() == [(morning.pk, "offered")]

    def test_at_night_nothing_goes_out(self, store, full, wait, at):
        entry = wait()
        with go(at("22:00")):
            free_one(full)
            assert offered() == []
        with go(at("09:00", days=1)):
            appointments.fill_freed(store)
        assert offered() == [(entry.pk, "offered")]


class TestNobodyIsLost:
    def test_a_moved_booking_frees_its_place_too(self, full, wait, at):
        entry = wait()
        appointments.reschedule(full[0], start=at("09:00", days=2), by=BY)
        drain()
        assert offered() == [(entry.pk, "offered")]

    def test_who_has_found_a_place_himself_waits_no_longer(self, store, advisor, full, wait, at):
        entry = wait(last_day=at("09:00", days=3).date())
        appointments.book(
            store=store,
            customer=entry.customer,
            vehicle=entry.vehicle,
            start=at("09:00", days=3),
            advisor=advisor,
            channel="web",
            by=BY,
        )
        drain()
        entry.refresh_from_db()
        assert entry.state == "booked"

    def test_withdrawn_the_offer_goes_to_the_next(self, full, wait):
        first, second = wait(), wait()
        free_one(full)
        appointments.leave_waitlist(first, by=BY)
        drain()
        assert offered() == [(first.pk, "withdrawn"), (second.pk, "offered")]
        with pytest.raises(Conflict):
            appointments.leave_waitlist(first, by=BY)

    def test_the_day_before_the_last_the_desk_is_asked_to_call(self, store, full, wait, at):
        entry = wait()
        assert appointments.watch_last_days(store) == 0
        with go(at("16:00")):
            assert appointments.watch_last_days(store) == 1
            assert appointments.watch_last_days(store) == 0
        with go(at("09:30", days=2)):
            appointments.watch_last_days(store)
        entry.refresh_from_db()
        assert entry.state == "lapsed"
        assert Message.objects.filter(template="waitlist_lapsed").count() == 1
        task = waiting.open_tasks().get()
        assert (task.kind, task.entry) == ("no_place", entry)

    def test_one_car_waits_once_and_a_form_sent_twice_is_one_wish(self, store, full, wait, car):
        token = uuid4()
        first = wait(car=car, token=token)
        assert wait(car=car, token=token) == first
        with pytest.raises(Conflict):
            wait(car=car)
        assert Message.objects.filter(template="waitlist_joined").count() == 1

    @pytest.mark.parametrize(
        ("first", "last", "code"), [(-1, -1, "past"), (1, 0, "order"), (1, 40, "too_many_days"), (200, 200, "too_far")]
    )
    def test_days_that_cannot_be(self, wait, at, first, last, code):
        today = at("09:00").date()
        with pytest.raises(DomainError) as refused:
            wait(first_day=today + timedelta(days=first), last_day=today + timedelta(days=last))
        assert refused.value.code == code


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_at_once_and_a_round_that_takes_it_back(store, advisor, at, short, wait):
    """One place, one booking: the second yes, and the clock's round at that moment, change nothing."""
    car = factories.vehicle(store)
    entry = wait(car=car)
    (offer,) = appointments.fill_freed(store)
    acts = [lambda: appointments.accept_offer(WaitlistOffer.objects.get(pk=offer.pk), by=BY) for _n in range(4)]
    acts += [lambda: appointments.fill_freed(store), lambda: appointments.expire_offers(store)]
    outcomes = together(store, acts)

    assert sum(isinstance(outcome, Appointment) for outcome in outcomes) == 1
    assert all(isinstance(outcome, (Appointment, Conflict, list, set)) for outcome in outcomes), outcomes
    assert Appointment.objects.count() == 1
    assert WaitlistEntry.objects.get().appointment_id == Appointment.objects.get().pk
    assert not Claim.objects.filter(hold__isnull=False).exists()
    assert entry.tasks.count() == BookingTask.objects.count() == 0


def test_what_was_chosen_on_the_web_page_is_what_one_waits_for(client, store, full):
    LoanCar.objects.create(store=store, plate="沪A00001", title="朗逸")
    service = Operation.objects.get(code="B001")
    chosen = f"?op={service.pk}&wash=0&loan=1&pickup=1"
    times = client.get(f"/c/book/{store.code}/time/{chosen}&day=2026-11-18").content.decode()
    address = re.search(r'href="(/c/wait/[^"]+)"', times).group(1).replace("&amp;", "&")
    page = client.get(address).content.decode()
    typed = {
        "token": str(uuid4()),
        "first_day": "2026-11-18",
        "plate": "京B22222",
        "phone": "13900001111",
        "name": "陈晨",
    }

    assert service.name in page
    assert client.post(address, typed).status_code == 422  # where shall the car be fetched?
    assert client.post(address, {**typed, "pickup_address": "南京路1号"}).status_code == 303

    entry = WaitlistEntry.objects.get()
    assert (entry.loan_car, entry.wash, entry.pickup_address) == (True, False, "南京路1号")
    assert [row["operation"] for row in entry.items] == [service.pk]
