from django.db import models

from core.money import money


class MoneyField(models.DecimalField):
    """An amount with two places, up to 999,999,999,999.99.

    Forms refuse a third decimal. A figure that the program computed (hours times rate) is rounded half up when it is stored, as Chinese
    invoices are; Django alone would round half to even.
    """

    def __init__(self, *args, **kwargs):
        kwargs["max_digits"], kwargs["decimal_places"] = 14, 2
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def get_db_prep_value(self, value, connection, prepared=False):
        if value is not None and not hasattr(value, "resolve_expression"):
            value = money(value)
        return super().get_db_prep_value(value, connection, prepared)
