"""The forms every page builds on: rendered by `{% crispy form %}`, validating, never writing.

Fields here take what people type at a counter (full-width digits, spaces, +86, thousands separators) and give what the
domain works with.
"""

from __future__ import annotations

from decimal import Decimal

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import money, phones, plates, vin


class CrispyBase:
    """Helper without a form tag (the page writes `<form method="post">`), and the hidden version.

    Give `version=row.version` to remember which state of a row the person saw; `cleaned_data["version"]` then goes to the
    domain function, which raises `Conflict` when someone else was first.
    """

    form_method = "post"

    def __init__(self, *args, version: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self._add_version(version)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.form_method = self.form_method
        self.helper.include_media = False
        for field in self.fields.values():
            _suit_the_browser(field)

    def _add_version(self, version: int | None) -> None:
        if version is None or "version" in self.fields:
            return
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)


class CrispyForm(CrispyBase, forms.Form):
    """A form of its own."""


class CrispyModelForm(CrispyBase, forms.ModelForm):
    """A form over a model's fields; a stored row with a `version` carries it along by itself.

    Views hand `cleaned_data` to the domain; `save` is not called.
    """

    def __init__(self, *args, version: int | None = None, **kwargs):
        instance = kwargs.get("instance")
        if version is None and instance is not None and instance.pk:
            version = getattr(instance, "version", None)
        super().__init__(*args, version=version, **kwargs)


class FilterForm(CrispyBase, forms.Form):
    """Filters of a list page: a GET form whose state is the address. Nothing in it is required."""

    form_method = "get"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False


class SignInForm(CrispyBase, AuthenticationForm):
    """Name and password; the labels and errors are Django's."""


def _suit_the_browser(field: forms.Field) -> None:
    # Native pickers understand ISO only, and Django localises what it prints unless told otherwise.
    widget = field.widget
    if type(widget) is forms.DateInput:
        field.widget = DateInput(attrs=widget.attrs)
    elif type(widget) is forms.DateTimeInput:
        field.widget = DateTimeInput(attrs=widget.attrs)
    elif type(widget) is forms.TimeInput:
        field.widget = TimeInput(attrs=widget.attrs)
    else:
        return
    field.widget.is_required = field.required


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class MoneyInput(forms.TextInput):
    """Right-aligned, with the number pad on a phone; text, so that 1,234.50 can be typed and pasted."""

    def __init__(self, attrs=None):
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num-input", **(attrs or {})})

    def format_value(self, value):
        return money.format_money(value) if isinstance(value, Decimal) else value


class MoneyField(forms.Field):
    """An amount in the store's currency; refuses three decimals instead of rounding them away."""

    widget = MoneyInput
    default_error_messages = {
        "negative": _("The amount cannot be below zero."),
        "too_large": _("The amount is too large: at most %(max)s."),
    }

    def __init__(self, *, min_value: Decimal | int | None = 0, max_value: Decimal | int = 9_999_999, **kwargs):
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def to_python(self, value) -> Decimal | None:
        if value in self.empty_values:
            return None
        return money.parse_money(value)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(self.error_messages["negative"], code="negative")
        if value > self.max_value:
            raise ValidationError(
                self.error_messages["too_large"], code="too_large", params={"max": money.format_money(self.max_value)}
            )


class PlateField(forms.CharField):
    """A number plate as typed: spaces, dots and small letters do not matter."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Number plate"))
        kwargs.setdefault("max_length", 16)
        super().__init__(**kwargs)
        self.widget.attrs.update({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})

    def to_python(self, value):
        value = super().to_python(value)
        return plates.normalise_plate(value) if value else value

    def validate(self, value):
        super().validate(value)
        if value:
            plates.validate_plate(value)


class VinField(forms.CharField):
    """A vehicle identification number. A wrong check digit is a warning for the page to show, not an error."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("VIN"))
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)
        self.widget.attrs.update({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})

    def to_python(self, value):
        value = super().to_python(value)
        return vin.normalise_vin(value) if value else value

    def validate(self, value):
        super().validate(value)
        if value:
            vin.validate_vin(value)


class PhoneField(forms.CharField):
    """A telephone number as typed; spaces, dashes and +86 are taken away. `autocomplete="tel"` where people type their own."""

    def __init__(self, *, autocomplete: str = "off", **kwargs):
        kwargs.setdefault("label", _("Phone"))
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "tel", "autocomplete": autocomplete})

    def to_python(self, value):
        value = super().to_python(value)
        return phones.normalise_phone(value) if value else value

    def validate(self, value):
        super().validate(value)
        if value:
            phones.validate_phone(value)
