"""Forms of waiting and preparing: a queue number, a place on the waitlist, a confirmation, what came of a task."""

from __future__ import annotations

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import queries
from appointments.choices import (
    PreparationSide,
    PreparationState,
    ServiceKind,
    TaskKind,
    TaskOutcome,
)
from appointments.forms.booking import CallerForm, SuggestInput, panel, words
from appointments.models import Preparation
from appointments.offers import Item, Wish
from core.forms import CrispyForm, PlateField
from stores.choices import RoleCode
from stores.models import Bay, Staff
from stores.queries import staff_in_role


class NumberForm(CrispyForm):
    """A queue number at the counter."""

    plate = PlateField(label=gettext_lazy("Number plate, if the customer has one to tell"), required=False)


class WishFields(forms.Form):
    """What a customer waits for: days, hours, services.

    `items` and `wish`: what he had chosen when no time was left; then neither is asked again.
    """

    first_day = forms.DateField(label=gettext_lazy("From"))
    last_day = forms.DateField(label=gettext_lazy("Until"), required=False)
    not_before = forms.TimeField(label=gettext_lazy("Not before"), required=False)
    not_after = forms.TimeField(label=gettext_lazy("Not after"), required=False)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("What is to be done"),
        choices=ServiceKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one service.")},
    )
    waits = forms.BooleanField(label=gettext_lazy("Customer waits in the store"), required=False)
    pickup_address = forms.CharField(label=gettext_lazy("Fetch it from"), max_length=200)

    def __init__(self, *args, items: list[Item] = (), wish: Wish | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.items, self.chosen = list(items), wish if items else None
        if self.chosen:
            del self.fields["services"], self.fields["waits"]
        if not (self.chosen and self.chosen.pickup):
            del self.fields["pickup_address"]

    def there(self, *names: str) -> list[str]:
        """Those of the fields that are asked."""
        return [name for name in names if name in self.fields]

    def wish(self) -> dict:
        """Arguments of `join_waitlist`."""
        data = self.cleaned_data
        chosen = self.chosen or Wish(waits=data.get("waits", False))
        said = data.get("fault", "").strip()
        return {
            "first_day": data["first_day"],
            "last_day": data["last_day"] or data["first_day"],
            "not_before": data["not_before"],
            "not_after": data["not_after"],
            "items": self.items or [Item(kind=ServiceKind(code)) for code in data["services"]],
            "waits": chosen.waits,
            "wash": chosen.wash,
            "loan_car": chosen.loan_car,
            "pickup_address": data.get("pickup_address", ""),
            "words": said,
            "token": data["token"],
            "advisor": data.get("advisor"),
        }


class WaitForm(WishFields, CallerForm):
    """A place on the waitlist, taken down at the desk."""

    advisor = forms.ModelChoiceField(
        label=gettext_lazy("Only with this advisor"), queryset=Staff.objects.none(), required=False
    )
    fault = words(gettext_lazy("In the customer's words"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["advisor"].queryset = queries.advisors()
        self.helper.layout = Layout(
            Div(
                self.who_layout(),
                panel(
                    _("Which days"),
                    Div("first_day", "last_day", css_class="grid-2"),
                    Div("not_before", "not_after", css_class="grid-2"),
                    "advisor",
                ),
                panel(
                    _("What the car comes for"),
                    *([HTML("{% include 'appointments/_waits_for.html' %}")] if self.chosen else []),
                    *([] if self.chosen else [InlineCheckboxes("services")]),
                    *self.there("fault", "waits", "pickup_address"),
                ),
                css_class="stack",
            )
        )


class PreparationForm(CrispyForm):
    """What one side says about a booking."""

    state = forms.ChoiceField(label=gettext_lazy("Is it ready?"), widget=forms.RadioSelect)
    bay = forms.ModelChoiceField(label=gettext_lazy("Bay"), queryset=Bay.objects.none(), required=False)
    technician = forms.ModelChoiceField(label=gettext_lazy("Technician"), queryset=Staff.objects.none(), required=False)
    there_on = forms.DateField(label=gettext_lazy("Parts arrive on"), required=False)
    note = forms.CharField(label=gettext_lazy("What is missing, or a note"), max_length=200, required=False)

    def __init__(self, *args, row: Preparation, **kwargs):
        super().__init__(*args, **kwargs)
        parts = row.side == PreparationSide.PARTS
        states = [PreparationState.READY, PreparationState.MISSING]
        if parts:
            states.insert(1, PreparationState.ORDERED)
            del self.fields["bay"], self.fields["technician"]
        else:
            self.fields["bay"].queryset = Bay.objects.filter(active=True).order_by("code")
            self.fields["technician"].queryset = staff_in_role(RoleCode.TECHNICIAN)
            del self.fields["there_on"]
        self.fields["state"].choices = [(state.value, state.label) for state in states]
        if row.state != PreparationState.ASKED:
            for name in self.fields:
                self.initial.setdefault(name, getattr(row, name))
        usual = (
            [_("Part not in stock, arrival unknown"), _("Part arrives after the booking")]
            if parts
            else [_("No technician with this skill on that day"), _("Bay is taken by a longer job")]
        )
        self.fields["note"].widget = SuggestInput(usual, attrs={"autocomplete": "off", "maxlength": 200})


class TaskForm(CrispyForm):
    """What came of a task of the booking desk."""

    outcome = forms.ChoiceField(label=gettext_lazy("What came of it"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    # A new time is booked or moved on its own page; the task is then done by itself.
    POSSIBLE = {
        TaskKind.LATE: (TaskOutcome.COMING, TaskOutcome.NOT_REACHED, TaskOutcome.DECLINED),
        TaskKind.MISSED: (TaskOutcome.NOT_REACHED, TaskOutcome.DECLINED, TaskOutcome.BOOKED),
        TaskKind.UNREADY: (TaskOutcome.INFORMED, TaskOutcome.NOT_REACHED),
        TaskKind.NO_PLACE: (TaskOutcome.BOOKED, TaskOutcome.INFORMED, TaskOutcome.NOT_REACHED, TaskOutcome.DECLINED),
    }

    def __init__(self, *args, kind: TaskKind | str, **kwargs):
        super().__init__(*args, **kwargs)
        possible = self.POSSIBLE[TaskKind(kind)]
        self.fields["outcome"].choices = [(outcome.value, outcome.label) for outcome in possible]
