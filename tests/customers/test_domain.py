"""Customers and cars are entered once; plates and owners change; mileage only grows."""

from datetime import date, timedelta

import pytest

from core import clock
from core.actors import Actor
from core.errors import Conflict, DomainError
from customers import domain as customers
from customers import queries
from customers.choices import OwnershipKind
from customers.models import Customer, OdometerReading, PlateChange, Vehicle
from journal.models import Event
from tests import factories

GOOD_VIN = "LATPAB071W1005301"  # published example with a right check digit
WRONG_DIGIT = "LATPAB070W1005301"
IMPORT = Actor.system("import")


def by_customer(customer):
    return Actor.customer(customer.pk)


@pytest.fixture
def advisor(staff):
    return staff("advisor")


@pytest.fixture
def wang(store, advisor):
    return customers.register_customer(store=store, name="王 芳", phone="+86 138-1234-8000", by=advisor)


class TestCustomer:
    def test_is_found_by_pinyin_and_has_a_clean_number(self, wang):
        assert (wang.name, wang.phone) == ("王 芳", "13812348000")
        assert (wang.name_pinyin, wang.name_initials) == ("wangfang", "wf")
        assert Event.objects.filter(name="customers.registered", subject_id=wang.pk).count() == 1

    def test_same_name_and_phone_is_the_same_person(self, wang, store, advisor):
        again = customers.register_customer(store=store, name="王 芳", phone="138 1234 8000", by=advisor)

        assert (again.pk, Customer.objects.count()) == (wang.pk, 1)

    def test_two_people_may_share_a_phone(self, wang, store, advisor):
        other = customers.register_customer(store=store, name="李明", phone="13812348000", by=advisor)

        assert other.pk != wang.pk

    def test_is_another_person_in_another_store(self, wang, other_store, advisor):
        there = customers.register_customer(store=other_store, name="王 芳", phone="13812348000", by=advisor)

        assert there.pk != wang.pk

    @pytest.mark.parametrize(("name", "phone", "code"), [(" ", "", "name_missing"), ("王芳", "12345", "phone")])
    def test_what_is_refused(self, store, advisor, name, phone, code):
        with pytest.raises(DomainError) as refused:
            customers.register_customer(store=store, name=name, phone=phone, by=advisor)

        assert (refused.value.code, Customer.objects.count()) == (code, 0)

    def test_correcting_a_name_corrects_its_pinyin(self, wang, advisor):
        customers.update_customer(wang, name="单 芳", phone="", by=advisor)

        wang.refresh_from_db()
        assert (wang.name_pinyin, wang.phone) == ("shanfang", "")


class TestVehicle:
    def test_is_entered_with_its_owner(self, store, wang, advisor):
        car = customers.register_vehicle(
            store=store, owner=wang, plate="京a·12345", vin=GOOD_VIN, brand="大众", by=advisor
        )

        assert (car.plate, car.plate_kind, car.vin_check_ok, car.owner) == ("京A12345", "ordinary", True, wang)
        assert car.ownerships.get().kind == OwnershipKind.OWNER

    def test_new_energy_plate_is_recognised(self, store, wang, advisor):
        assert (
            customers.register_vehicle(store=store, owner=wang, plate="粤BD12345", by=advisor).plate_kind
            == "new_energy"
        )

    def test_wrong_check_digit_is_kept_with_its_doubt(self, store, wang, advisor):
        assert customers.register_vehicle(store=store, owner=wang, vin=WRONG_DIGIT, by=advisor).vin_check_ok is False

    @pytest.mark.parametrize(
        ("plate", "vin", "code"),
        [("", "", "identity_missing"), ("京O12345", "", "plate"), ("", "ABC", "vin"), ("", "I" * 17, "vin")],
    )
    def test_what_is_refused(self, store, wang, advisor, plate, vin, code):
        with pytest.raises(DomainError) as refused:
            customers.register_vehicle(store=store, owner=wang, plate=plate, vin=vin, by=advisor)

        assert (refused.value.code, Vehicle.objects.count()) == (code, 0)

    def test_other_plates_are_taken_as_written(self, store, wang, advisor):
        car = customers.register_vehicle(store=store, owner=wang, plate="临 京A1234", plate_kind="special", by=advisor)

        assert (car.plate, car.plate_kind) == ("临京A1234", "special")

    def test_known_by_vin_gets_the_new_plate_and_keeps_the_old_in_its_history(self, store, wang, advisor):
        car = customers.register_vehicle(store=store, owner=wang, plate="京A12345", vin=GOOD_VIN, by=advisor)

        again = customers.register_vehicle(
            store=store, owner=wang, plate="沪B88888", vin=GOOD_VIN, colour="红", by=advisor
        )

        assert (again.pk, again.plate, again.colour) == (car.pk, "沪B88888", "红")
        assert list(PlateChange.objects.values_list("vehicle_id", "plate")) == [(car.pk, "京A12345")]

    def test_known_by_plate_alone_gets_its_vin(self, store, wang, advisor):
        car = customers.register_vehicle(store=store, owner=wang, plate="京A12345", by=advisor)

        again = customers.register_vehicle(store=store, owner=wang, plate="京A12345", vin=GOOD_VIN, by=advisor)

        assert (again.pk, again.vin, Vehicle.objects.count()) == (car.pk, GOOD_VIN, 1)

    def test_a_plate_that_went_to_another_car_moves_over(self, store, wang, advisor):
        old = customers.register_vehicle(store=store, owner=wang, plate="京A12345", vin=GOOD_VIN, by=advisor)

        new = customers.register_vehicle(
            store=store, owner=wang, plate="京A12345", vin=factories.valid_vin(), by=advisor
        )

        old.refresh_from_db()
        assert (new.plate, old.plate, old.plate_kind) == ("京A12345", "", "none")

    def test_a_plate_is_not_taken_from_a_car_that_has_nothing_else(self, store, wang, advisor):
        customers.register_vehicle(store=store, owner=wang, plate="京A12345", by=advisor)
        other = customers.register_vehicle(store=store, owner=wang, vin=GOOD_VIN, by=advisor)

        with pytest.raises(Conflict) as refused:
            customers.change_plate(other, plate="京A12345", by=advisor)

        other.refresh_from_db()
        assert (refused.value.code, other.plate) == ("plate_taken", "")

    def test_another_owner_closes_the_former_ownership(self, store, wang, advisor):
        car = customers.register_vehicle(store=store, owner=wang, plate="京A12345", by=advisor)
        li = factories.customer(store)

        customers.register_vehicle(store=store, owner=li, plate="京A12345", by=advisor)

        car.refresh_from_db()
        assert car.owner == li
        assert [(row.customer, row.until is None) for row in queries.known_owners(car)] == [(li, True), (wang, False)]

    def test_a_stranger_changes_nothing_that_is_known(self, store, wang, advisor):
        car = customers.register_vehicle(
            store=store, owner=wang, plate="京A12345", vin=GOOD_VIN, colour="白", by=advisor
        )
        stranger = factories.customer(store)

        found = customers.register_vehicle(
            store=store,
            owner=stranger,
            plate="京A12345",
            vin=factories.valid_vin(),
            colour="红",
            model="Polo",
            by=by_customer(stranger),
        )

        car.refresh_from_db()
        assert found.pk == car.pk
        assert (car.owner, car.vin, car.colour, car.model) == (wang, GOOD_VIN, "白", "Polo")
        assert car.ownerships.get(customer=stranger).kind == OwnershipKind.DRIVER

    def test_same_plate_in_another_store_is_another_row(self, store, other_store, wang, advisor):
        here = customers.register_vehicle(store=store, owner=wang, plate="京A12345", by=advisor)

        there = customers.register_vehicle(store=other_store, owner=None, plate="京A12345", by=IMPORT)

        assert here.pk != there.pk

    def test_vin_of_another_car_is_refused_on_correction(self, store, wang, advisor):
        customers.register_vehicle(store=store, owner=wang, vin=GOOD_VIN, by=advisor)
        other = customers.register_vehicle(store=store, owner=wang, plate="京A12345", by=advisor)

        with pytest.raises(Conflict) as refused:
            customers.update_vehicle(other, vin=GOOD_VIN, by=advisor)

        assert refused.value.code == "vin_taken"


class TestMileage:
    @pytest.fixture
    def car(self, store):
        return factories.vehicle(store)

    def test_the_newest_reading_stands_on_the_car(self, car, advisor):
        customers.read_odometer(car, km=20_000, on=date(2026, 1, 10), by=advisor)
        customers.read_odometer(car, km=25_000, on=date(2026, 6, 10), by=advisor)
        customers.read_odometer(car, km=22_000, on=date(2026, 3, 10), by=advisor)

        car.refresh_from_db()
        assert (car.mileage, car.mileage_on) == (25_000, date(2026, 6, 10))

    def test_backwards_needs_a_reason(self, car, advisor):
        customers.read_odometer(car, km=20_000, on=date(2026, 1, 10), by=advisor)

        with pytest.raises(DomainError) as refused:
            customers.read_odometer(car, km=19_999, on=date(2026, 2, 10), by=advisor)
        assert (refused.value.code, "20,000" in str(refused.value)) == ("backwards", True)
        assert OdometerReading.objects.count() == 1

        customers.read_odometer(car, km=19_999, on=date(2026, 2, 10), reason="换仪表", by=advisor)
        car.refresh_from_db()
        assert car.mileage == 19_999
        assert Event.objects.filter(name="customers.odometer_read").order_by("id").last().data["backwards"] is True

    def test_the_figure_on_an_imported_car_counts_too(self, store, advisor):
        car = factories.vehicle(store, mileage=50_000, mileage_on=date(2026, 1, 1))

        with pytest.raises(DomainError):
            customers.read_odometer(car, km=49_000, on=date(2026, 2, 1), by=advisor)

    def test_history_comes_as_it_is(self, car):
        customers.read_odometer(car, km=20_000, on=date(2026, 1, 10), source="import", by=IMPORT)

        customers.read_odometer(car, km=9_000, on=date(2026, 2, 10), source="import", by=IMPORT)

        assert Event.objects.filter(name="customers.odometer_read").count() == 0

    @pytest.mark.parametrize(("km", "code"), [(-1, "range"), (1_000_000, "range")])
    def test_range(self, car, advisor, km, code):
        with pytest.raises(DomainError) as refused:
            customers.read_odometer(car, km=km, on=date(2026, 1, 10), by=advisor)

        assert refused.value.code == code

    def test_not_tomorrow(self, car, advisor):
        tomorrow = clock.local_day(car.store.zone) + timedelta(days=1)

        with pytest.raises(DomainError) as refused:
            customers.read_odometer(car, km=1, on=tomorrow, by=advisor)

        assert refused.value.code == "future"

    def test_typed_twice_is_one_reading(self, car, advisor):
        first = customers.read_odometer(car, km=20_000, on=date(2026, 1, 10), by=advisor)

        assert customers.read_odometer(car, km=20_000, on=date(2026, 1, 10), by=advisor).pk == first.pk

    @pytest.mark.parametrize(
        ("km", "on", "doubtful"),
        [
            (20_300, date(2026, 1, 11), False),
            (20_301, date(2026, 1, 11), True),
            (20_000, date(2026, 3, 11), False),
            (20_000, date(2026, 3, 12), True),
            (20_500, date(2026, 3, 12), False),
        ],
    )
    def test_unlikely_figures_are_doubted(self, car, advisor, km, on, doubtful):
        customers.read_odometer(car, km=20_000, on=date(2026, 1, 10), by=advisor)

        assert bool(queries.odometer_doubt(car, km=km, on=on)) is doubtful


class TestConsent:
    def test_none_means_no_except_for_the_repair_itself(self, wang):
        assert queries.allows(wang, "marketing", "sms") is False
        assert queries.allows(wang, "service", "sms") is True

    def test_the_newest_word_counts(self, wang, advisor):
        customers.give_consent(wang, purpose="survey", channel="sms", by=advisor, evidence="委托书")
        assert queries.allows(wang, "survey", "sms") is True
        assert queries.allows(wang, "survey", "wechat") is False

        customers.withdraw_consent(wang, purpose="survey", channel="sms", by=by_customer(wang))
        assert queries.allows(wang, "survey", "sms") is False
        assert [row.allowed for row in queries.consents(wang).values()] == [False]

    def test_said_at_the_same_moment_the_later_row_counts(self, wang, advisor):
        at = clock.now()
        customers.give_consent(wang, purpose="survey", channel="sms", by=advisor, at=at)
        customers.withdraw_consent(wang, purpose="survey", channel="sms", by=advisor, at=at)

        assert queries.allows(wang, "survey", "sms") is False

    def test_the_contract_is_not_withdrawn(self, wang, advisor):
        with pytest.raises(DomainError) as refused:
            customers.withdraw_consent(wang, purpose="service", channel="sms", by=advisor)

        assert refused.value.code == "not_by_consent"

    def test_a_yes_where_he_was_asked_holds_for_message_and_telephone(self, wang, advisor):
        customers.hear_wishes(wang, {"survey": True, "marketing": False}, by=advisor, evidence="接车单 R1")

        said = queries.consents(wang).values()
        assert sorted((row.purpose, row.channel, row.allowed, row.evidence) for row in said) == [
            ("survey", "phone", True, "接车单 R1"),
            ("survey", "sms", True, "接车单 R1"),
        ]
        assert queries.agreed_purposes(wang) == {"survey"}

    @pytest.mark.parametrize("preferred", ["wechat", "email", "phone"])
    def test_the_way_he_prefers_is_meant_too(self, wang, advisor, preferred):
        wang.preferred_channel = preferred
        customers.hear_wishes(wang, {"marketing": True}, by=advisor, evidence="")

        said = [channel for _purpose, channel in queries.consents(wang)]
        assert sorted(said) == sorted({"sms", "phone", preferred})

    def test_a_no_ends_every_way_and_the_same_word_twice_is_written_once(self, wang, advisor):
        customers.give_consent(wang, purpose="survey", channel="email", by=advisor)
        for _twice in range(2):
            customers.hear_wishes(wang, {"survey": True}, by=advisor, evidence="")
        assert wang.consents.count() == 3

        for _twice in range(2):
            customers.hear_wishes(wang, {"survey": False}, by=by_customer(wang), evidence="")
        assert wang.consents.count() == 6
        assert queries.agreed_purposes(wang) == set()

    def test_a_form_anybody_could_fill_in_does_not_undo_a_no(self, wang, advisor):
        customers.withdraw_consent(wang, purpose="survey", channel="sms", by=by_customer(wang))

        customers.hear_wishes(wang, {"survey": True}, by=by_customer(wang), evidence="", over_refusals=False)
        assert (queries.allows(wang, "survey", "sms"), queries.allows(wang, "survey", "phone")) == (False, True)
        customers.hear_wishes(wang, {"survey": True}, by=advisor, evidence="")
        assert queries.allows(wang, "survey", "sms") is True
