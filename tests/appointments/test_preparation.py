"""Before the day (F1b), late and missed: what is asked, answered, and what the desk has to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from appointments import domain as appointments
from appointments import waiting
from appointments.models import Appointment, BookingTask, Preparation
from core.errors import Conflict, DomainError
from journal.testing import drain
from messaging.models import Message
from tests import factories


def go(to):
    return time_machine.travel(to, tick=False)


@pytest.fixture
def book(store, advisor, at):
    def make(time="10:00", days=2, **more):
        car = factories.vehicle(store)
        return appointments.book(
            store=store,
            customer=car.owner,
            vehicle=car,
            advisor=advisor,
            start=at(time, days=days),
            by=advisor,
            channel="desk",
            **more,
        )

    return make


def sides():
    return [(row.side, row.state) for row in Preparation.objects.order_by("appointment", "side")]


class TestAsked:
    def test_at_four_two_open_days_ahead(self, store, book, at):
        """Tuesday: Wednesday's bookings before 16:00, Thursday's with it; Friday's tomorrow."""
        rows = [book(days=days) for days in (1, 2, 3)]
        for moment, known in [("15:59", rows[:1]), ("16:00", rows[:2])]:
            with go(at(moment)):
                appointments.ask_preparation(store)
            assert set(Preparation.objects.values_list("appointment", flat=True)) == {row.pk for row in known}
        with go(at("16:01")):
            assert appointments.ask_preparation(store) == 0

    def test_a_moved_booking_is_asked_again(self, store, book, staff, at):
        booked = book()
        with go(at("16:00")):
            appointments.ask_preparation(store)
            row = Preparation.objects.get(side="parts")
            appointments.answer_preparation(row, state="missing", note="机油滤清器缺货", by=staff("parts_clerk"))
            assert BookingTask.objects.get().reason == "配件: 机油滤清器缺货"
            appointments.reschedule(booked, start=at("14:00", days=2), by=booked.advisor)
            drain()
            assert sides() == []
            assert BookingTask.objects.get().outcome == "settled"
            assert appointments.ask_preparation(store) == 2


class TestAnswered:
    @pytest.fixture
    def asked(self, store, book, at):
        book()
        with go(at("16:00")):
            appointments.ask_preparation(store)
            yield {row.side: row for row in Preparation.objects.all()}

    def test_each_side_signs_for_itself(self, store, asked, staff):
        clerk, controller = staff("parts_clerk"), staff("controller")
        bay = factories.bay(store)
        man = staff("technician")
        appointments.answer_preparation(asked["parts"], state="ready", by=clerk)
        appointments.answer_preparation(asked["workshop"], state="ready", bay=bay, technician=man, by=controller)
        ((_day, (row,)),) = waiting.to_prepare()
        assert [(side.answered_by, side.bay, side.technician) for side in row.rows] == [
            (controller, bay, man),
            (clerk, None, None),
        ]
        assert not row.open and BookingTask.objects.count() == 0

    def test_what_is_missing_is_a_task_until_it_is_there(self, asked, staff):
        clerk = staff("parts_clerk")
        appointments.answer_preparation(asked["parts"], state="missing", note="缺货", by=clerk)
        assert waiting.open_tasks().get().kind == "unready"
        appointments.answer_preparation(asked["parts"], state="ready", by=clerk)
        assert not waiting.open_tasks().exists()

    @pytest.mark.parametrize(
        ("side", "said", "code"),
        [
            ("parts", {"state": "missing"}, "missing_what"),
            ("parts", {"state": "ordered"}, "there_on"),
            ("workshop", {"state": "ordered"}, "there_on"),
            ("parts", {"state": "asked"}, "answer"),
        ],
    )
    def test_half_an_answer_is_none(self, asked, staff, side, said, code):
        with pytest.raises(DomainError) as refused:
            appointments.answer_preparation(asked[side], by=staff("service_manager"), **said)
        assert refused.value.code == code

    def test_parts_that_come_too_late_are_missing(self, asked, staff, at):
        clerk = staff("parts_clerk")
        with pytest.raises(DomainError) as refused:
            appointments.answer_preparation(
                asked["parts"], state="ordered", there_on=at("10:00", days=3).date(), by=clerk
            )
        assert refused.value.code == "too_late"
        row = appointments.answer_preparation(
            asked["parts"], state="ordered", there_on=at("10:00", days=2).date(), by=clerk
        )
        assert row.state == "ordered"

    def test_a_cancelled_booking_needs_nothing(self, asked, staff):
        booked = asked["parts"].appointment
        appointments.cancel(booked, reason="客户取消", by=booked.advisor)
        with pytest.raises(Conflict):
            appointments.answer_preparation(asked["parts"], state="ready", by=staff("parts_clerk"))
        assert waiting.to_prepare() == []

    @pytest.mark.parametrize(("role", "page"), [("parts_clerk", "repairs:parts"), ("controller", "repairs:board")])
    def test_it_stands_on_the_page_they_work_on(self, asked, client_as, role, page):
        said = "有 1 个预约待您确认"
        browser = client_as(role)
        assert said in browser.get(reverse(page)).content.decode()
        side = asked["parts" if role == "parts_clerk" else "workshop"]
        browser.post(reverse("appointments:confirm_preparation", args=[side.pk]))
        assert said not in browser.get(reverse(page)).content.decode()

    def test_a_clerk_confirms_parts_and_not_the_workshop(self, asked, client_as):
        clerk = client_as("parts_clerk")
        page = clerk.get(reverse("appointments:preparation")).content.decode()
        confirm = {side: reverse("appointments:confirm_preparation", args=[row.pk]) for side, row in asked.items()}
        assert confirm["parts"] in page and confirm["workshop"] not in page
        assert clerk.post(confirm["workshop"]).status_code == 404
        assert clerk.post(confirm["parts"]).status_code == 303
        said = clerk.post(
            reverse("appointments:prepare", args=[asked["parts"].pk]), {"state": "missing", "note": "", "there_on": ""}
        )
        assert said.status_code == 422
        assert sides() == [("parts", "ready"), ("workshop", "asked")]


class TestLateAndMissed:
    def test_who_is_late_is_called_until_he_comes(self, store, book, at):
        booked = book("11:00", 0)
        for moment, new in [("11:14", 0), ("11:15", 1), ("11:30", 0)]:
            with go(at(moment)):
                assert appointments.watch_late(store) == new
        with go(at("11:31")):
            appointments.arrive(booked.visit, by=booked.advisor)
            drain()
        task = BookingTask.objects.get()
        assert (task.kind, task.outcome, task.done_by) == ("late", "settled", None)

    def test_who_did_not_come_is_written_to_and_called(self, store, book, at):
        booked = book("11:00", 0)
        with go(at("11:40")):
            appointments.watch_late(store)
            appointments.mark_no_show(booked, reason="忘记了", by=booked.advisor)
            drain()
            assert [(row.kind, row.done_at is None) for row in BookingTask.objects.order_by("pk")] == [
                ("late", False),
                ("missed", True),
            ]
            assert "重新选择时间" in Message.objects.get(template="appointment_missed").body
            task = waiting.open_tasks().get()
            assert task.reason == "忘记了"
            # He books again: nobody has to call him.
            appointments.book(
                store=store,
                customer=booked.visit.customer,
                vehicle=booked.visit.vehicle,
                advisor=booked.advisor,
                start=at("10:00", days=3),
                channel="web",
                by=booked.advisor,
            )
            drain()
        task.refresh_from_db()
        assert task.outcome == "booked"

    def test_the_desk_says_what_came_of_it_once(self, store, book, client_as, at):
        booked = book("11:00", 0)
        desk = client_as("booking_desk")
        with go(at("11:20")):
            appointments.watch_late(store)
            home = desk.get(reverse("desk:home")).content.decode()
            assert "迟到：联系客户" in home and booked.visit.customer.name in home
            task = BookingTask.objects.get()
            url = reverse("appointments:finish_task", args=[task.pk])
            assert desk.post(url, {"outcome": "settled"}).status_code == 422
            assert desk.post(url, {"outcome": "coming", "note": "堵车"}).status_code == 303
            assert desk.get(url).status_code == 404
        task.refresh_from_db()
        assert (task.outcome, task.done_by, task.note) == ("coming", desk.staff, "堵车")
        with pytest.raises(Conflict):
            appointments.finish_task(task, outcome="coming", by=desk.staff)

    def test_a_displaced_booking_is_nobodys_fault(self, store, book, at):
        booked = book("11:00", 0)
        Appointment.objects.filter(pk=booked.pk).update(displaced_at=at("10:30"), displaced_reason="leave")
        with go(at("11:00") + timedelta(hours=1)):
            assert appointments.watch_late(store) == 0
