"""The store's hours, as a manager enters them."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm
from stores.choices import DayKind

_WEEK = [(str(number), name) for number, name in WEEKDAYS.items()]


class PeriodForm(CrispyForm):
    """One more opening period of a weekday."""

    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=_WEEK, coerce=int)
    opens = forms.TimeField(label=_("Opens"), widget=forms.TimeInput)
    closes = forms.TimeField(label=_("Closes"), widget=forms.TimeInput)


class DayForm(CrispyForm):
    """A date that differs from its weekday."""

    day = forms.DateField(label=_("Date"), widget=forms.DateInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices)
    follows_weekday = forms.TypedChoiceField(
        label=_("Worked as"),
        choices=[("", "–"), *_WEEK],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("For a working weekend."),
    )
    opens = forms.TimeField(label=_("Opens"), widget=forms.TimeInput, required=False, help_text=_("For special hours."))
    closes = forms.TimeField(label=_("Closes"), widget=forms.TimeInput, required=False)
    note = forms.CharField(label=_("Note"), max_length=80, required=False)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not self.today <= day <= self.today + timedelta(days=3 * 366):
            raise forms.ValidationError(_("Enter a date between today and three years from now."), code="range")
        return day
