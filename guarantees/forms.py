"""Forms of the counters and of comebacks."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm, FilterForm, MoneyField
from customers.models import Vehicle
from guarantees.choices import CourtesyKind, ExclusionKind
from guarantees.models import Problem
from orders.choices import ConsentState, LineKind, LineWork
from orders.models import Line
from visits.models import Visit


def _reason(label, **kwargs) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)


class CarsFilter(FilterForm):
    """The list of cars: which, and only those with a warning."""

    q = forms.CharField(label=_("Plate or VIN"), max_length=20)
    open = forms.BooleanField(label=_("Only with open warnings"))


class DayForm(FilterForm):
    """The day whose orders are shown."""

    day = forms.DateField(label=_("Day"))


class ExclusionForm(CrispyForm):
    """What does not count towards the cumulative repair time, and why."""

    kind = forms.ChoiceField(label=_("What does not count"), choices=ExclusionKind.choices)
    hours = forms.DecimalField(label=_("Hours"), min_value=0, max_digits=6, decimal_places=2)
    reason = _reason(_("Reason, with the waybill or the rescue's times"))


class RegroupForm(CrispyForm):
    """To which problem of the car a repair belongs."""

    problem = forms.ModelChoiceField(
        label=_("Problem"), queryset=Problem.objects.none(), required=False, empty_label=_("a new problem")
    )
    title = forms.CharField(label=_("Name of the new problem"), max_length=120, required=False)
    reason = _reason(_("Why it belongs there"))

    def __init__(self, *args, vehicle: Vehicle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["problem"].queryset = Problem.objects.filter(vehicle=vehicle).order_by("pk")

    def clean(self):
        data = super().clean()
        if not data.get("problem") and not data.get("title"):
            self.add_error("title", ValidationError(_("Choose a problem or name a new one."), code="required"))
        return data


class AlertForm(CrispyForm):
    """What was done about a warning."""

    note = _reason(_("What was done"))


class CourtesyForm(CrispyForm):
    """What the customer gets from the sixth day on."""

    kind = forms.ChoiceField(label=_("What the customer gets"), choices=CourtesyKind.choices, widget=forms.RadioSelect)
    amount = MoneyField(label=_("Travel costs paid"), required=False)
    note = _reason(_("Note; the customer's words where he wants neither"), required=False)


class TowingForm(CrispyForm):
    """Towing costs for the repair record; 0 where there were none."""

    fee = MoneyField(label=_("Towing costs"))


class DismissForm(CrispyForm):
    """Why a suggestion is not a comeback."""

    reason = _reason(_("Why this is not the same trouble again"))


class MarkForm(CrispyForm):
    """An earlier item that this visit repeats, marked by hand."""

    original = forms.ModelChoiceField(label=_("Earlier item"), queryset=Line.objects.none(), empty_label=None)
    reason = _reason(_("Why this is the same trouble again"))

    def __init__(self, *args, visit: Visit, **kwargs):
        super().__init__(*args, **kwargs)
        earlier = Line.objects.filter(
            visit__vehicle=visit.vehicle_id,
            visit__released_at__isnull=False,
            kind=LineKind.JOB,
            work=LineWork.DONE,
            consent_state=ConsentState.APPROVED,
        )
        field = self.fields["original"]
        field.queryset = (
            earlier.exclude(visit=visit).exclude(comebacks__visit=visit).select_related("visit").order_by("-visit_id")
        )
        field.label_from_instance = lambda line: f"{line.visit.released_at:%Y-%m-%d} {line.visit.number} {line.title}"
