"""What the journal says of bookings and check-ins, and what an operator sees."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from appointments import domain as appointments
from appointments import events
from journal.events import sentence, to_data
from journal.testing import assert_tellable
from reception import domain as reception
from reception.events import CheckedIn
from tests.appointments.conftest import NOW

TOLD = [
    (events.AppointmentBooked(NOW, 1, "web", ["maintenance", "recall"], True), "定期保养、召回"),
    (events.AppointmentMoved(NOW, NOW, 1, 2), "预约由"),
    (events.AppointmentCancelled(NOW, 1, -5), "取消"),
    (events.AppointmentMissed(NOW, 1), "未按"),
    (events.AppointmentKept(NOW, 1, 20), "到店"),
    (CheckedIn(23456, 50, 2, 4, "outside", 12), "仅洗外观"),
]


@pytest.mark.parametrize(("event", "word"), TOLD, ids=lambda value: type(value).__name__)
def test_an_event_survives_and_reads_as_a_sentence(event, word):
    assert_tellable(event)
    assert word in sentence(event.event_name, to_data(event))


def test_an_operator_looks_and_changes_nothing(client, store, advisor, car, at):
    visit = reception.walk_in(store=store, customer=car.owner, vehicle=car, advisor=advisor, by=advisor)
    sheet = reception.check_in(visit, by=advisor, fuel_percent=50, mileage=1, valuables="墨镜一副")
    booked = appointments.book(
        store=store, customer=car.owner, vehicle=car, advisor=advisor, start=at("09:00", 1), by=advisor, channel="desk"
    )
    client.force_login(get_user_model().objects.create_superuser("operator"))

    assert client.get(reverse("admin:appointments_appointment_changelist")).status_code == 200
    assert client.get(reverse("admin:reception_checkin_changelist")).status_code == 200
    assert client.get(reverse("admin:appointments_appointment_change", args=[booked.pk])).status_code == 200
    page = client.get(reverse("admin:reception_checkin_change", args=[sheet.pk]))
    assert "墨镜一副" in page.content.decode()
    assert client.post(reverse("admin:reception_checkin_change", args=[sheet.pk]), {}).status_code == 403
