"""Each endpoint from its request to the rows it leaves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment, Hold
from complaints import domain as complaints
from complaints.models import Case
from core import clock
from customers.models import Customer, Vehicle
from journal.models import Event
from tests import factories
from tests.api import things
from tests.api.conftest import problem
from tests.appointments import free
from tests.appointments import targets as waits
from visits.models import Visit


@pytest.fixture
def advisor(staff):
    return staff("advisor")


@pytest.fixture
def car(store):
    return factories.vehicle(store)


@pytest.fixture
def slot(store, advisor):
    """A free slot of some day ahead."""
    return free.after(store, clock.now() + timedelta(days=1))[0]


# --- Customers and cars


def test_a_customer_is_entered_read_and_corrected(dms, store):
    made = dms.post("/customers", {"name": "王小明", "phone": "+86 138 0013 8000", "gender": "male"})

    assert made.status_code == 201
    customer = Customer.objects.get()
    assert made["Location"] == f"/api/v1/customers/{customer.pk}"
    assert made.json() == {
        "id": customer.pk,
        "store": "north",
        "kind": "person",
        "name": "王小明",
        "gender": "male",
        "phone": "13800138000",
        "email": "",
        "language": "zh-hans",
        "preferred_channel": "sms",
        "created_at": made.json()["created_at"],
    }
    assert dms.get(f"/customers/{customer.pk}").json() == made.json()

    changed = dms.patch(f"/customers/{customer.pk}", {"email": "w@example.cn"})

    assert (changed.status_code, changed.json()) == (200, {**made.json(), "email": "w@example.cn"})
    assert Event.objects.get(name="customers.registered").actor_kind == "api"


def test_a_car_is_registered_for_its_owner_and_not_doubled(dms, store):
    owner = factories.customer(store)

    made = dms.post("/vehicles", {"owner": owner.pk, "plate": "京A 12345", "brand": "大众"})
    again = dms.post("/vehicles", {"owner": owner.pk, "plate": "京a·12345", "model": "帕萨特", "year": None})

    assert (made.status_code, again.status_code) == (201, 201)
    car = Vehicle.objects.get()
    assert (car.plate, car.brand, car.model, car.owner_id) == ("京A12345", "大众", "帕萨特", owner.pk)
    assert dms.get("/vehicles", plate="京A-12345").json()["items"] == [again.json()]
    assert dms.patch(f"/vehicles/{car.pk}", {"colour": "白"}).json()["colour"] == "白"
    assert problem(dms.post("/vehicles", {"owner": owner.pk})) == (422, "identity_missing")


def test_filters_find_what_they_name(dms, store):
    one, _two = factories.customer(store, phone="13911112222"), factories.customer(store)

    assert [row["id"] for row in dms.get("/customers", phone="139 1111 2222").json()["items"]] == [one.pk]
    assert [row["id"] for row in dms.get("/customers", name=one.name).json()["items"]] == [one.pk]


# --- Appointments


def test_a_slot_is_booked_moved_and_cancelled(dms, store, car, slot):
    slots = dms.get("/slots", day=str(clock.local_day(store.tz, slot.start))).json()["items"]
    assert slots[0]["advisor"] == {"id": slot.advisor.pk, "name": slot.advisor.name}

    body = {"customer": car.owner_id, "vehicle": car.pk, "start": slots[0]["start"], "services": ["maintenance"]}
    made = dms.post("/appointments", {**body, "needs": [{"kind": "fault", "words": "刹车异响"}], "waits": True})

    assert made.status_code == 201
    booked = Appointment.objects.select_related("visit").get()
    assert (booked.channel, booked.booked_by_kind, booked.waits) == ("api", "api", True)
    assert booked.visit.needs.get().words == "刹车异响"
    assert made["Location"] == f"/api/v1/appointments/{booked.pk}"
    assert dms.get(f"/appointments/{booked.pk}").json() == made.json()

    moved = dms.post(
        f"/appointments/{booked.pk}/reschedule", {"start": slots[1]["start"], "version": made.json()["version"]}
    )
    assert (moved.status_code, moved.json()["start"]) == (200, slots[1]["start"])

    stale = dms.post(f"/appointments/{booked.pk}/cancel", {"reason": "客户取消", "version": made.json()["version"]})
    assert problem(stale) == (409, "conflict")
    cancelled = dms.post(f"/appointments/{booked.pk}/cancel", {"reason": "客户取消"})
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert problem(dms.post(f"/appointments/{booked.pk}/cancel", {"reason": "再次"})) == (409, "booking_over")


def test_a_slot_that_is_taken_answers_with_others(dms, store, car, slot):
    body = {"start": slot.start.isoformat(), "advisor": slot.advisor.pk}
    dms.post("/appointments", {**body, "customer": car.owner_id, "vehicle": car.pk})
    other = factories.vehicle(store)

    refused = dms.post("/appointments", {**body, "customer": other.owner_id, "vehicle": other.pk})

    assert problem(refused) == (409, "slot_taken")
    assert refused.json()["alternatives"][0]["advisor"] == slot.advisor.pk
    assert Appointment.objects.count() == Visit.objects.count() == 1


def test_what_is_offered_is_held_and_booked(dms, store, car, slot):
    """From the offer with its reasons over the hold to the booking, which takes the hold's place."""
    work = {"items": [{"kind": "maintenance", "operation": "M-1"}], "wash": False}
    factories.operation(store, code="M-1", hours=Decimal("0.50"), skill="mechanical", bay_kind="lift")
    factories.staff(store, "technician", skills=["mechanical"])
    day = clock.local_day(store.tz, slot.start)
    (answer,) = dms.get("/offers", first=str(day), days=1, services="maintenance", wash="false").json()["items"]
    offer = answer["offers"][0]
    assert (answer["code"], offer["advisor"]["id"], bool(offer["reasons"])) == ("", slot.advisor.pk, True)

    held = dms.post("/holds", {**work, "start": offer["start"]})
    assert (held.status_code, held.json()["start"]) == (201, offer["start"])
    other = factories.vehicle(store)
    body = {"customer": other.owner_id, "vehicle": other.pk, "start": offer["start"]}
    assert problem(dms.post("/appointments", {**body, **work})) == (409, "slot_taken")
    body = {"customer": car.owner_id, "vehicle": car.pk, "start": offer["start"], "hold": held.json()["id"]}
    made = dms.post("/appointments", {**body, **work})

    assert made.status_code == 201
    assert made.json()["items"] == [{"kind": "maintenance", "operation": "M-1", "words": "", "minutes": 30}]
    assert Hold.objects.count() == 0


def test_a_hold_given_back_is_free_for_the_next(dms, slot):
    body = {"start": slot.start.isoformat(), "advisor": slot.advisor.pk, "wash": False}
    held = dms.post("/holds", body).json()
    assert problem(dms.post("/holds", body)) == (409, "slot_taken")

    assert dms.post(f"/holds/{held['id']}/release").status_code == 200
    assert dms.post("/holds", body).status_code == 201


def test_an_operation_nobody_knows(dms, slot):
    said = {"start": slot.start.isoformat(), "items": [{"kind": "repair"}, {"kind": "repair", "operation": "X"}]}
    refused = dms.post("/holds", said)
    assert problem(refused) == (404, "not_found")
    assert refused.json()["errors"][0]["pointer"] == "/items/1/operation"


def test_who_waits_takes_what_is_offered(dms, store, car, make_visit):
    day = clock.local_day(store.tz) + timedelta(days=1)
    body = {"customer": car.owner_id, "vehicle": car.pk, "first_day": str(day), "not_before": "09:30"}
    made = dms.post("/waitlist", {**body, "services": ["maintenance"]})
    entry = made.json()
    assert (made.status_code, entry["state"], entry["not_before"]) == (201, "waiting", "09:30:00")
    assert problem(dms.post("/waitlist", body)) == (409, "waits_already")
    assert problem(dms.post(f"/waitlist/{entry['id']}/accept")) == (409, "offer_over")
    assert dms.post(f"/waitlist/{entry['id']}/leave").json()["state"] == "withdrawn"

    offer, _token = waits.offered(make_visit)
    booked = dms.post(f"/waitlist/{offer.entry_id}/accept")
    assert (booked.status_code, booked.json()["start"]) == (201, offer.start.isoformat().replace("+00:00", "Z"))
    (row,) = dms.get("/waitlist", state="booked").json()["items"]
    assert (row["appointment"], row["offers"][0]["state"]) == (booked.json()["id"], "accepted")


# --- Visits


LINES = [
    {
        "title": "更换机油机滤",
        "hours": "0.50",
        "hour_rate": "220.00",
        "parts": [{"number": "EO-5W30-4L", "name": "机油", "unit_price": "288.00"}],
    },
    {"title": "检测", "kind": "testing", "fee": "60.00", "concern": "冷车抖动"},
]


def test_a_walk_in_with_lines(dms, store, car, advisor):
    made = dms.post("/visits", {"vehicle": car.pk, "advisor": advisor.pk, "waiting": True, "lines": LINES})

    assert made.status_code == 201
    visit = Visit.objects.get()
    assert (visit.stage, visit.customer_id, visit.advisor_id, visit.waiting) == (
        "reception",
        car.owner_id,
        advisor.pk,
        True,
    )
    first, second = made.json()["lines"]
    assert (first["labour"], first["material"], first["amount"]) == ("110.00", "288.00", "398.00")
    assert [part["number"] for part in first["parts"]] == ["EO-5W30-4L"]
    assert (second["kind"], second["amount"], second["consent"]) == ("testing", "60.00", "draft")
    assert dms.get(f"/visits/{visit.pk}").json() == made.json()
    assert dms.get("/visits", stage="reception", open="true").json()["items"] == [made.json()]
    assert dms.get("/visits", open="false").json()["items"] == []


def test_an_operation_of_the_catalogue_brings_the_rest(dms, store, car, advisor):
    operation = factories.operation(store, hours=Decimal("1.50"))

    made = dms.post("/visits", {"vehicle": car.pk, "advisor": advisor.pk, "lines": [{"operation": operation.code}]})

    (line,) = made.json()["lines"]
    assert (line["operation"], line["title"], line["hours"]) == (operation.code, operation.name, "1.50")
    assert len(line["parts"]) == 1


def test_a_refused_line_leaves_no_visit(dms, store, car, advisor):
    bad = [*LINES, {"title": "工时", "kind": "job", "fee": "10.00"}]

    assert problem(dms.post("/visits", {"vehicle": car.pk, "advisor": advisor.pk, "lines": bad})) == (422, "job_fee")
    unknown = dms.post("/visits", {"vehicle": car.pk, "advisor": advisor.pk, "lines": [{"operation": "NOPE"}]})
    assert problem(unknown) == (404, "not_found")
    assert unknown.json()["errors"][0]["pointer"] == "/lines/0/operation"
    assert not Visit.objects.exists()


# --- Complaints


def test_a_complaint_is_opened_and_the_next_word_joins_it(dms, store, make_visit, staff):
    staff("customer_relations")
    visit = make_visit("repair")

    made = dms.post("/complaints", {"words": "等了两个小时没人接待", "source": "maker", "visit": visit.pk})
    joined = dms.post("/complaints", {"words": "还是没人", "visit": visit.pk, "severity": "L2"})

    assert (made.status_code, joined.status_code) == (201, 201)
    case = Case.objects.get()
    assert made.json()["id"] == joined.json()["id"] == case.pk
    assert (made.json()["words"], made.json()["customer"]) == ("等了两个小时没人接待", visit.customer_id)
    assert dms.get(f"/complaints/{case.pk}").json() == joined.json()
    assert dms.get("/complaints", state="open", severity="L2").json()["items"] == [joined.json()]


# --- The key itself, and what lists cost


def test_a_key_knows_itself(dms, store):
    said = dms.get("/key").json()

    assert said["stores"] == [{"code": "north", "name": store.name, "zone": "Asia/Shanghai", "slot_minutes": 30}]
    assert said["prefix"] == dms.key.prefix


def test_opening_a_visit_costs_the_same_for_many_lines(dms, store, advisor):
    def statements(lines) -> int:
        body = {"vehicle": factories.vehicle(store).pk, "advisor": advisor.pk, "lines": lines}
        with CaptureQueriesContext(connection) as seen:
            assert dms.post("/visits", body).status_code == 201
        return len(seen)

    statements(LINES)

    assert [statements(LINES), statements(5 * LINES)] == [22, 22]


class Booked:
    def __init__(self, make):
        self.make, self.made = make, 0

    def __call__(self):
        self.made += 1
        at = clock.now().replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return self.make("booking", due_in_at=at + timedelta(minutes=30 * self.made))


def answered(make):
    return lambda: things.answer(make.store, make("follow_up"))


def promised(make):
    return lambda: things.measured(things.published(make.store), make("repair"))


LISTS = {
    "/customers": lambda make: lambda: factories.customer(make.store),
    "/vehicles": lambda make: lambda: factories.vehicle(make.store),
    "/advisors": lambda make: lambda: factories.staff(make.store, "advisor"),
    "/appointments": Booked,
    "/waitlist": lambda make: lambda: waits.waits(make),
    "/visits": lambda make: lambda: make("repair", lines=2),
    "/survey-responses": answered,
    "/measurements": promised,
    "/complaints": lambda make: (
        lambda: complaints.open_case(store=make.store, words="空调不冷", source="phone", by=make.person("cashier"))
    ),
}


def queries_of(dms, path: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as seen:
        assert dms.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize("path", LISTS)
def test_three_rows_cost_what_one_costs(path, dms, make_visit):
    more = LISTS[path](make_visit)
    more()
    queries_of(dms, path)
    one, first = queries_of(dms, path), dms.get(path).json()["items"]
    more()
    more()

    assert queries_of(dms, path) == one
    assert len(dms.get(path).json()["items"]) == len(first) + 2
