"""Bodies and queries that name what nobody knows are refused: a typo must never read as "no filter"."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.fields import Day, Key, Moment, StoreCode

UNKNOWN = _("Nothing of this name is known here.")


class Strict(serializers.Serializer):
    """A body, or an object inside one: unknown members are errors, each with its name."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            unknown = {name: [serializers.ErrorDetail(UNKNOWN, "unknown")] for name in data if name not in self.fields}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class Query(serializers.Serializer):
    """Parameters of an address. The plain one takes none."""

    @classmethod
    def read(cls, params) -> dict:
        """What was asked for, by name; ValidationError for an unknown name, a name given twice, or a wrong value."""
        form = cls(data={name: params[name] for name in params})
        wrong = {
            **{name: [serializers.ErrorDetail(UNKNOWN, "unknown")] for name in params if name not in form.fields},
            **{
                name: [serializers.ErrorDetail(_("Give this parameter once."), "repeated")]
                for name in params
                if len(params.getlist(name)) > 1
            },
        }
        if not form.is_valid():
            wrong = {**form.errors, **wrong}
        if wrong:
            # The mark tells the problem document that these are parameters and not places of a body.
            raise serializers.ValidationError({f"?{name}": errors for name, errors in wrong.items()})
        return form.validated_data


class PageQuery(Query):
    """What every list takes."""

    limit = serializers.IntegerField(
        min_value=1, max_value=200, default=50, help_text="Rows of a page; above 200 is an error."
    )
    cursor = serializers.CharField(
        max_length=500, required=False, help_text="Where the next page begins: from `next` of the page before."
    )
    store = StoreCode(required=False, help_text="Only rows of this store; without it those of all stores of the key.")


class QueryKey(serializers.IntegerField):
    """An object's id in an address."""

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=2**63 - 1, required=False, **kwargs)


class QueryMoment(Moment):
    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


class QueryDay(Day):
    pass


__all__ = ["Key", "PageQuery", "Query", "QueryDay", "QueryKey", "QueryMoment", "Strict"]
