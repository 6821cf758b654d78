"""Advisors, free slots and appointments."""

from __future__ import annotations

from rest_framework import serializers

from api.fields import Choice, Key, Moment, StoreCode, Text, Whole, YesNo
from api.strict import PageQuery, Query, QueryDay, QueryKey, QueryMoment, Strict
from appointments.choices import AppointmentStatus, ServiceKind
from visits.choices import NeedKind


class Person(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class Advisor(Person):
    store = StoreCode(source="store.code")


class Slot(serializers.Serializer):
    advisor = Person()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class Slots(serializers.Serializer):
    """The free slots of a day, by time and then advisor; never more than a page."""

    items = Slot(many=True)


class SlotQuery(Query):
    store = StoreCode(required=False, help_text="May be left out by a key of one store.")
    day = QueryDay(help_text="The store's local day.")
    advisor = QueryKey(help_text="Only this advisor's slots.")


class Item(serializers.Serializer):
    """One service of an appointment, with what it takes of the workshop."""

    kind = serializers.CharField()
    operation = serializers.CharField(source="operation.code", default=None, allow_null=True, help_text="Its code.")
    words = serializers.CharField(help_text="In the customer's words.")
    minutes = serializers.IntegerField(help_text="Of workshop time.")


class Appointment(serializers.Serializer):
    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    visit = serializers.IntegerField(source="visit_id")
    number = serializers.CharField(source="visit.number", help_text="Repair order number of the visit.")
    version = serializers.IntegerField(source="visit.version", help_text="Grows with each change; see reschedule.")
    status = serializers.CharField(help_text="booked, arrived, cancelled or no_show")
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    advisor = Person()
    customer = serializers.IntegerField(source="visit.customer_id")
    vehicle = serializers.IntegerField(source="visit.vehicle_id")
    services = serializers.ListField(child=serializers.CharField())
    waits = serializers.BooleanField(help_text="The customer waits in the store.")
    items = Item(many=True, source="items.all")
    loan_car = serializers.BooleanField()
    pickup_address = serializers.CharField(help_text="Where the car is fetched from; empty: it is brought.")
    wash = serializers.BooleanField()
    parking = serializers.CharField(
        source="parking.code", default=None, allow_null=True, help_text="The arrival parking space kept for the car."
    )
    expected_ready_at = serializers.DateTimeField(allow_null=True, help_text="An estimate, no promise.")
    displaced_at = serializers.DateTimeField(
        allow_null=True, help_text="Since then something of the store is missing; the desk moves the appointment."
    )
    channel = serializers.CharField()
    note = serializers.CharField()
    booked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class AppointmentQuery(PageQuery):
    status = serializers.ChoiceField(AppointmentStatus.choices, required=False)
    start_from = QueryMoment(help_text="Slots that begin at this moment or later.")
    start_before = QueryMoment(help_text="Slots that begin before this moment.")
    customer = QueryKey()
    vehicle = QueryKey()
    advisor = QueryKey()


class NeedInput(Strict):
    """What the customer asks for, in his own words."""

    kind = Choice(NeedKind.choices)
    words = Text(max_length=2000)


class ItemInput(Strict):
    """A service: a standard operation of the store, or a kind of work with the customer's words."""

    kind = Choice(ServiceKind.choices)
    operation = Text(max_length=40, required=False, help_text="Code of a standard operation of the store.")
    words = Text(max_length=2000, allow_blank=True, required=False)


class WishInput(Strict):
    """What is wanted, as far as capacity goes."""

    services = serializers.ListField(
        child=Choice(ServiceKind.choices), required=False, max_length=20, help_text="Kinds that take what is usual."
    )
    items = ItemInput(many=True, required=False, max_length=20)
    waits = YesNo(required=False)
    loan_car = YesNo(required=False)
    wash = YesNo(required=False)


class Booking(WishInput):
    store = StoreCode(required=False, help_text="May be left out by a key of one store.")
    customer = Key()
    vehicle = Key()
    start = Moment(help_text="The beginning of a free slot.")
    advisor = Key(required=False, help_text="Without one the least booked of those who are free receives him.")
    needs = NeedInput(many=True, required=False, max_length=20)
    pickup_address = Text(max_length=200, allow_blank=True, required=False)
    hold = Key(required=False, help_text="A hold of this store; an expired one is booked anew if still free.")
    note = Text(max_length=200, allow_blank=True, required=False)


class Move(Strict):
    start = Moment(help_text="The beginning of a free slot.")
    advisor = Key(required=False)
    version = Whole(
        min_value=1, max_value=2**31 - 1, required=False, help_text="As read: refused (409) if it changed since."
    )


class Cancellation(Strict):
    reason = Text(max_length=120)
    version = Whole(
        min_value=1, max_value=2**31 - 1, required=False, help_text="As read: refused (409) if it changed since."
    )
