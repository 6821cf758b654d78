"""Forms of the handover page."""

from __future__ import annotations

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm, DateInput
from core.inputs import PhotosField, SignatureField
from handover import queries
from handover.choices import NextService
from handover.models import Handover
from inspections.forms import VisitChecklistForm
from orders import queries as orders
from standards.choices import ChecklistUse
from visits.choices import NeedOutcome
from visits.models import Visit


def _heading(text: str) -> HTML:
    return HTML(format_html('<h3 class="mt-4">{}</h3>', text))


class PrepareForm(CrispyForm):
    """The odometer as the car stands ready."""

    mileage_out = forms.IntegerField(
        label=_("Mileage now (km)"),
        min_value=0,
        max_value=999_999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class NeedOutcomeForm(CrispyForm):
    """What became of something the customer asked for."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=NeedOutcome.choices, initial=NeedOutcome.DONE)
    answer = forms.CharField(label=_("What the customer was told"), max_length=500, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(Div("outcome", "answer", css_class="grid-2"))


class PhotosForm(CrispyForm):
    photos = PhotosField(label=_("Pictures of the car as it is given back"))


class HandoverForm(VisitChecklistForm):
    """Everything that is done and agreed while the customer stands at the car, signed by him at the end."""

    mileage_out = PrepareForm.base_fields["mileage_out"]
    old_parts_shown = forms.BooleanField(label=_("Old parts shown to the customer, or there are none"))
    settings_reset = forms.BooleanField(label=_("Seat, mirrors, sound and climate set back as they were"))
    belongings_returned = forms.BooleanField(label=_("Given back what was left in our keeping"))
    declined_named = forms.BooleanField(label=_("Declined safety work named once more; the customer knows the risk"))
    next_service = forms.ChoiceField(
        label=_("Next service"),
        choices=NextService.choices,
        initial=NextService.REMIND,
        widget=forms.RadioSelect,
    )
    next_service_on = forms.DateField(label=_("Due on"), required=False, widget=DateInput)
    next_service_km = forms.IntegerField(
        label=_("Due at (km)"),
        required=False,
        min_value=0,
        max_value=999_999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    call_preference = forms.CharField(
        label=_("When may we call to ask how it was?"),
        max_length=40,
        required=False,
        help_text=_("We call within three days."),
    )
    advice = forms.CharField(label=_("Advice for driving"), max_length=300, required=False)
    signer = forms.CharField(label=_("Who collects the car"), max_length=60)
    signature = SignatureField(
        label=_("Signature"),
        text=_("I have my car back. The bill, the work and what was left undone were explained to me."),
    )

    def __init__(self, data=None, files=None, *, visit: Visit, handover: Handover, **kwargs):
        kwargs["initial"] = _initial(visit, handover)
        super().__init__(data, files, visit=visit, use=ChecklistUse.HANDOVER, **kwargs)
        if not orders.declined_safety(visit).exists():
            del self.fields["declined_named"]
        if kept := queries.kept(visit):
            self.fields["belongings_returned"].help_text = gettext(", ").join(kept)
        else:
            del self.fields["belongings_returned"]
        if handover.run_id and handover.run.completed_at:
            del self.fields["checks"]
        self.helper.layout = Layout(*self._rows())

    def _rows(self) -> list:
        rows = [
            "checklist",
            "checks",
            _heading(gettext("Explained and set back")),
            "mileage_out",
            "old_parts_shown",
            "settings_reset",
            "belongings_returned",
            "declined_named",
            _heading(gettext("What comes next")),
            InlineRadios("next_service"),
            HTML('{% include "handover/_book.html" %}'),
            Div("next_service_on", "next_service_km", css_class="grid-2"),
            Div("call_preference", "advice", css_class="grid-2"),
            _heading(gettext("Signature")),
            "signer",
            "signature",
        ]
        return [row for row in rows if not isinstance(row, str) or row in self.fields]

    def cleaned_results(self) -> dict[int, dict]:
        return super().cleaned_results() if "checks" in self.fields else {}


def _initial(visit: Visit, handover: Handover) -> dict:
    on, km = queries.suggest_next(visit, mileage=handover.mileage_out)
    return {
        "mileage_out": handover.mileage_out,
        "next_service_on": handover.next_service_on or on,
        "next_service_km": handover.next_service_km or km,
        "signer": queries.list_details(visit, mileage_out=None)["brought_by"] or visit.customer.name,
    }
