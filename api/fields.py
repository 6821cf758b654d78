"""Fields that take what the description says and nothing else: DRF's own would read "12" as a number and 1 as a text."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

# Beyond this PostgreSQL has no key.
MAX_KEY = 2**63 - 1
# Far enough for every car, and no time zone moves a moment out of the calendar.
FIRST_YEAR, LAST_YEAR = 1950, 2200


class Text(serializers.CharField):
    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    def to_internal_value(self, data):
        # JSON does not tell 12.0 from 12.
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Key(Whole):
    """An object's id in a body."""

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=MAX_KEY, **kwargs)


class YesNo(serializers.BooleanField):
    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Amount(serializers.DecimalField):
    """A figure as text, "288.00": a JSON number loses digits on its way through other systems."""

    def __init__(self, *, max_digits=14, **kwargs):
        super().__init__(max_digits=max_digits, decimal_places=2, **kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A calendar day, 2026-11-21."""

    default_error_messages = {"range": _("A day is between the years %(first)d and %(last)d.")}

    def to_internal_value(self, value) -> date:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise serializers.ValidationError(
                self.error_messages["range"] % {"first": FIRST_YEAR, "last": LAST_YEAR}, code="range"
            )
        return day


class Moment(serializers.DateTimeField):
    """A moment with its offset (RFC 3339), 2026-11-21T09:30:00+08:00; without an offset nobody knows when it is."""

    default_error_messages = {
        "offset": _("A moment needs its offset from UTC, for example 2026-11-21T09:30:00+08:00."),
    }

    def to_internal_value(self, value) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="RFC 3339")
        try:
            # In a query, + stands for a blank.
            moment = datetime.fromisoformat(value.strip().replace(" ", "+"))
        except ValueError:
            self.fail("invalid", format="RFC 3339")
        if moment.tzinfo is None:
            self.fail("offset")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail("overflow", timezone="UTC")
        return moment.astimezone(UTC)


@extend_schema_field({"type": "string", "description": "Code of the store."})
class StoreCode(serializers.CharField):
    """Which of the key's stores; says the code of the object's store in answers."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
