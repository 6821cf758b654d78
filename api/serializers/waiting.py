"""Offers, holds, and the waitlist."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.fields import Choice, Day, Key, Moment, StoreCode, Text
from api.serializers.appointments import ItemInput, Person, WishInput
from api.strict import PageQuery, Query, QueryDay, QueryKey, Strict
from appointments.choices import ServiceKind, WaitlistState

MOST_DAYS = 14


class Nothing(Strict):
    """No members."""


class Kinds(serializers.CharField):
    """Kinds of service, divided by commas."""

    default_error_messages = {"unknown": _("The store does not know this service: %(code)s.")}

    def to_internal_value(self, data) -> list[str]:
        kinds = [kind for kind in super().to_internal_value(data).split(",") if kind]
        if unknown := set(kinds) - set(ServiceKind.values):
            sentence = self.error_messages["unknown"] % {"code": ", ".join(sorted(unknown))}
            raise serializers.ValidationError(sentence, code="unknown")
        return kinds


class YesOrNo(serializers.ChoiceField):
    def __init__(self, **kwargs):
        super().__init__(["true", "false"], required=False, **kwargs)

    def to_internal_value(self, data) -> bool:
        return super().to_internal_value(data) == "true"


class OfferQuery(Query):
    store = StoreCode(required=False, help_text="May be left out by a key of one store.")
    first = QueryDay(help_text="The store's local day.")
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, required=False, help_text="7 if left out.")
    services = Kinds(required=False, max_length=300, help_text="Kinds of service, divided by commas.")
    advisor = QueryKey(help_text="Only this advisor's.")
    waits = YesOrNo(help_text="The customer waits in the store.")
    loan_car = YesOrNo(help_text="With a loan car.")
    pickup = YesOrNo(help_text="The car is fetched.")
    wash = YesOrNo(help_text="With a wash; without, say false.")


class Offer(serializers.Serializer):
    advisor = Person()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(help_text="When the car would be ready: an estimate, no promise.")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it fits.")


class OfferDay(serializers.Serializer):
    """A day's offers by time; without any, `code` and `refusal` say why."""

    day = serializers.DateField()
    code = serializers.CharField(help_text="Empty, or what is missing: closed, reception, technician, bay, ...")
    refusal = serializers.CharField(help_text="The same as a sentence.")
    offers = Offer(many=True)


class Offers(serializers.Serializer):
    """What can be booked on some days."""

    items = OfferDay(many=True)


class HoldInput(WishInput):
    store = StoreCode(required=False, help_text="May be left out by a key of one store.")
    start = Moment(help_text="The beginning of an offered slot.")
    advisor = Key(required=False)
    pickup = serializers.BooleanField(required=False, help_text="The car is fetched.")


class Hold(serializers.Serializer):
    """A slot kept while its booking is prepared. It ends by itself."""

    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    advisor = Person()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class WaitlistOffer(serializers.Serializer):
    """A slot kept for who waits, until `expires_at`."""

    id = serializers.IntegerField()
    advisor = Person()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    state = serializers.CharField(help_text="offered, accepted, declined, expired or withdrawn")
    offered_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class WaitlistEntry(serializers.Serializer):
    id = serializers.IntegerField()
    store = StoreCode(source="store.code")
    customer = serializers.IntegerField(source="customer_id")
    vehicle = serializers.IntegerField(source="vehicle_id")
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    not_before = serializers.TimeField(allow_null=True, help_text="By the store's clock.")
    not_after = serializers.TimeField(allow_null=True)
    services = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField(help_text="waiting, booked, withdrawn or lapsed")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    appointment = serializers.IntegerField(source="appointment_id", allow_null=True)
    offers = WaitlistOffer(many=True, source="offers.all", help_text="Everything that was offered, oldest first.")


class WaitlistQuery(PageQuery):
    state = serializers.ChoiceField(WaitlistState.choices, required=False)
    vehicle = QueryKey()
    customer = QueryKey()


class Clock(serializers.TimeField):
    """A time of the store's clock, 09:30."""

    def to_internal_value(self, value):
        if not isinstance(value, str):
            self.fail("invalid", format="hh:mm")
        return super().to_internal_value(value)


class WaitlistInput(Strict):
    store = StoreCode(required=False, help_text="May be left out by a key of one store.")
    customer = Key()
    vehicle = Key()
    first_day = Day(help_text="The store's local day.")
    last_day = Day(required=False, help_text="The first day if left out.")
    not_before = Clock(required=False, help_text="By the store's clock.")
    not_after = Clock(required=False)
    advisor = Key(required=False, help_text="Only this advisor.")
    services = serializers.ListField(child=Choice(ServiceKind.choices), required=False, max_length=20)
    items = ItemInput(many=True, required=False, max_length=20)
    words = Text(max_length=2000, allow_blank=True, required=False)
