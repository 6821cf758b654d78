"""Model fields of our own."""

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

    def pre_save(self, model_instance, add):
        # The object in hand then says what the row says.
        value = _rounded(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(_rounded(value), connection)


def _rounded(value):
    is_expression = hasattr(value, "resolve_expression")
    return value if value is None or is_expression else money(value)
