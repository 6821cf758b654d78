"""Forms of the store's calendar: hours, dates, people's leave, places, and the rules of booking."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appointments.models import BookingPolicy
from appointments.sheets import MenuGroup
from core.forms import CrispyForm, CrispyModelForm, PlateField
from stores.choices import BayKind, DayKind, LeaveKind, Skill
from stores.models import Staff

_WEEK = [(str(number), name) for number, name in WEEKDAYS.items()]
YEARS_AHEAD = timedelta(days=3 * 366)


class PeriodForm(CrispyForm):
    """One more opening period of a weekday."""

    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=_WEEK, coerce=int)
    opens = forms.TimeField(label=_("Opens"), widget=forms.TimeInput)
    closes = forms.TimeField(label=_("Closes"), widget=forms.TimeInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("weekday", Div("opens", "closes", css_class="grid-2"))


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
        self.helper.layout = Layout(
            Div("day", "kind", css_class="grid-2"),
            "follows_weekday",
            Div("opens", "closes", css_class="grid-2"),
            "note",
        )

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not self.today <= day <= self.today + YEARS_AHEAD:
            raise forms.ValidationError(_("Enter a date between today and three years from now."), code="range")
        return day


class LeaveForm(CrispyForm):
    """When somebody is away: whole days, or from and until a time of day. Gives `start` and `end` in the store's zone."""

    staff = forms.ModelChoiceField(label=pgettext_lazy("staff", "Person"), queryset=Staff.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=LeaveKind.choices)
    first = forms.DateField(label=_("First day"), widget=forms.DateInput)
    first_time = forms.TimeField(
        label=_("From"), widget=forms.TimeInput, required=False, help_text=_("Empty: the whole day.")
    )
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput)
    last_time = forms.TimeField(
        label=_("Until"), widget=forms.TimeInput, required=False, help_text=_("Empty: the whole day.")
    )
    note = forms.CharField(label=_("Note"), max_length=80, required=False)

    def __init__(self, *args, zone: ZoneInfo, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone, self.today = zone, today
        self.fields["staff"].queryset = Staff.objects.filter(active=True).select_related("role").order_by("name_pinyin")
        self.fields["staff"].label_from_instance = lambda person: f"{person.name} · {person.role.name}"
        self.helper.layout = Layout(
            Div("staff", "kind", css_class="grid-2"),
            Div("first", "first_time", css_class="grid-2"),
            Div("last", "last_time", css_class="grid-2"),
            "note",
        )

    def clean(self):
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if not first or not last:
            return data
        start = datetime.combine(first, data.get("first_time") or time.min, self.zone)
        until = data.get("last_time")
        end = datetime.combine(last if until else last + timedelta(days=1), until or time.min, self.zone)
        if end <= start:
            self.add_error("last", _("The leave ends before it begins."))
        elif last < self.today or first > self.today + YEARS_AHEAD:
            self.add_error("first", _("Enter a date between today and three years from now."))
        data["start"], data["end"] = start, end
        return data


class SkillsForm(CrispyForm):
    """What a person is certified for: a level and a last day for each skill; an empty level is not held."""

    def __init__(self, data=None, *args, held: dict[str, tuple[int, date | None]], **kwargs):
        super().__init__(data, *args, **kwargs)
        rows = []
        for code, label in Skill.choices:
            level, until = held.get(code, (None, None))
            self.fields[f"{code}_level"] = forms.IntegerField(
                label=label, required=False, min_value=1, max_value=5, initial=level
            )
            self.fields[f"{code}_until"] = forms.DateField(
                label=_("%(skill)s: valid until") % {"skill": label}, required=False, initial=until
            )
            rows.append(Div(f"{code}_level", f"{code}_until", css_class="grid-2"))
        self.helper.layout = Layout(*rows)

    def clean(self):
        data = super().clean()
        for code in Skill.values:
            if data.get(f"{code}_until") and not data.get(f"{code}_level"):
                self.add_error(f"{code}_level", _("A date without a level: say which level."))
        data["skills"] = {
            code: (data[f"{code}_level"], data.get(f"{code}_until"))
            for code in Skill.values
            if data.get(f"{code}_level")
        }
        return data


class BayForm(CrispyForm):
    code = forms.CharField(label=_("Number of the bay"), max_length=20)
    kind = forms.ChoiceField(label=_("Kind"), choices=BayKind.choices)


class ParkingForm(CrispyForm):
    code = forms.CharField(label=_("Number of the parking space"), max_length=20)


class LoanCarForm(CrispyForm):
    plate = PlateField()
    title = forms.CharField(label=_("Model"), max_length=80)


class PolicyForm(CrispyModelForm):
    """How the store takes bookings."""

    class Meta:
        model = BookingPolicy
        fields = [
            "reserve_percent",
            "hold_minutes",
            "change_hours",
            "notice_minutes",
            "offer_minutes",
            "late_minutes",
            "wash_minutes",
            "pickup_runs",
        ]
        help_texts = {
            "reserve_percent": _("Bookings leave so much of the technicians, bays and wash places free."),
            "hold_minutes": _("While the form is being filled in; then others may take the time."),
            "change_hours": _("Afterwards they call the store."),
            "late_minutes": _("Then the booking desk is asked to call."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        limits = {"reserve_percent": (0, 80), "pickup_runs": (0, 50), "change_hours": (0, 168)}
        for name, field in self.fields.items():
            low, high = limits.get(name, (0 if name == "notice_minutes" else 1, 1440))
            field.min_value, field.max_value = low, high
            field.validators += [
                forms.fields.validators.MinValueValidator(low),
                forms.fields.validators.MaxValueValidator(high),
            ]
            field.widget.attrs |= {"min": low, "max": high, "inputmode": "numeric"}
        self.helper.layout = Layout(
            Div("reserve_percent", "pickup_runs", css_class="grid-2"),
            Div("hold_minutes", "notice_minutes", css_class="grid-2"),
            Div("change_hours", "offer_minutes", css_class="grid-2"),
            Div("late_minutes", "wash_minutes", css_class="grid-2"),
        )


class MenuForm(CrispyForm):
    """Which operations are on the booking menu. Gives `add` and `remove`, what this form changes and nothing a colleague did
    meanwhile: `was` is what was ticked when the page was made."""

    operations = forms.TypedMultipleChoiceField(label=_("Operations"), coerce=int, required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, groups: list[MenuGroup], **kwargs):
        super().__init__(*args, **kwargs)
        self.menu, self.covered = groups, ()
        rows = [item.operation for group in groups for item in group.items]
        self.fields["operations"].choices = [(row.pk, row.name) for row in rows]
        self.ticked = {row.pk for row in rows if row.bookable}
        self.initial["was"] = " ".join(str(pk) for pk in sorted(self.ticked))
        if self.is_bound:
            self.ticked = {int(pk) for pk in self.data.getlist("operations") if pk.isdigit()}
        self.helper.layout = Layout("was", Field("operations", template="appointments/_menu_field.html"))

    def clean(self):
        data = super().clean()
        chosen = set(data.get("operations") or ())
        was = {int(pk) for pk in data.get("was", "").split() if pk.isdigit()}
        return {**data, "add": chosen - was, "remove": was - chosen}
