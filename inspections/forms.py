"""Forms of the three levels and of the wash."""

from __future__ import annotations

from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm
from core.inputs import Answer, ChecklistField, ChecklistWidget, PhotosField
from customers.choices import Powertrain
from inspections import queries, rules
from inspections.choices import Level, Verdict, WaiveReason
from orders.models import Line
from standards import queries as standards
from standards.choices import ChecklistUse, ItemState
from standards.forms import ChecklistForm, group_of, plain
from standards.models import ChecklistItem
from visits.choices import ToldHow
from visits.models import Visit

NEW_ENERGY = {Powertrain.ELECTRIC, Powertrain.PLUG_IN}
SAVE = "save"

# The buttons stand between the fields: passing first, so that Enter never sends a car back.
_BUTTONS = '{% include "inspections/_pass.html" %}'
_SEND_BACK = '{% include "inspections/_fail.html" %}'


class VisitChecklistForm(ChecklistForm):
    """A checklist of the visit's round: the run that was begun, or the list in force; electric items only where they apply."""

    def __init__(self, *args, visit: Visit, use: ChecklistUse, **kwargs):
        run = standards.run_of(visit.pk, use, round=visit.round)
        begun = run if run and run.completed_at is None else None
        electric = visit.vehicle.powertrain in NEW_ENERGY
        super().__init__(
            begun or standards.in_force(use),
            *args,
            new_energy=None if electric else False,
            **kwargs,
        )
        self.helper.layout = Layout("checklist", "checks")


class InspectForm(VisitChecklistForm):
    """A level's checklist with its verdict; what is wrong, on which job, and pictures of it."""

    verdict = forms.ChoiceField(choices=[*Verdict.choices, (SAVE, SAVE)])
    line = forms.ModelChoiceField(
        label=_("Job to be done again"),
        queryset=Line.objects.none(),
        required=False,
        empty_label=None,
    )
    reason = forms.CharField(
        label=_("What is wrong"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    photos = PhotosField(label=_("Photos"), required=False, max_photos=6)

    def __init__(self, data=None, files=None, *, visit: Visit, level: Level, **kwargs):
        asked = data.get("list-verdict") if data else ""
        # Whoever sends a car back, or goes on later, has not filled the list to its end.
        super().__init__(
            data,
            files,
            visit=visit,
            use=queries.USE[level],
            partial=asked in (Verdict.FAIL, SAVE),
            **kwargs,
        )
        self.sending_back = asked == Verdict.FAIL
        done = list(queries.reworkable(visit))
        self.fields["line"].queryset = queries.reworkable(visit)
        if len(done) != 1:
            self.fields["line"].empty_label = _("choose the job")
        if not done:
            del self.fields["line"]
        fields = [name for name in ("line", "reason", "photos") if name in self.fields]
        self.helper.layout = Layout("checklist", "checks", HTML(_BUTTONS), *fields, HTML(_SEND_BACK))

    def clean(self):
        data = super().clean()
        if data.get("verdict") == Verdict.FAIL and not data.get("reason"):
            self.add_error(
                "reason",
                ValidationError(
                    _("Say what is wrong, so that the technician knows what to do."),
                    code="required",
                ),
            )
        return data


class LightsWidget(ChecklistWidget):
    template_name = "inspections/_lights_field.html"


class LightsField(ChecklistField):
    """As a ChecklistField, with yellow between green and red; a measured value needs no colour, it has its own."""

    widget = LightsWidget
    figure = forms.DecimalField(required=False, max_digits=10, decimal_places=2)

    def _answer(self, entry: dict, raw: dict) -> Answer:
        state = raw.get("state", "")
        if state not in ("", *ItemState.values):
            raise ValidationError(_("Choose one of the colours."))
        value = self.figure.clean(raw.get("value", "").replace("。", "."))
        if entry["kind"] == "value" and value is None and state in (ItemState.OK, ItemState.WATCH, ItemState.FAIL):
            raise ValidationError(_("Enter the measured value."))
        return Answer(state, value, raw.get("note", "")[:200], raw.get("photos", ()))


class LightsForm(ChecklistForm):
    """The traffic-light inspection of a visit; everything may stay empty until it is finished."""

    def __init__(self, data=None, files=None, *, visit: Visit, **kwargs):
        run = queries.lights_run(visit)
        electric = visit.vehicle.powertrain in NEW_ENERGY
        super().__init__(
            run or standards.in_force(ChecklistUse.LIGHTS),
            data,
            files,
            new_energy=None if electric else False,
            partial=True,
            **kwargs,
        )
        items = standards.items(self.checklist, new_energy=None if electric else False)
        self.fields["checks"] = LightsField(items=[_light_entry(item) for item in items], required=False)
        self.helper.layout = Layout("checklist", "checks")

    def cleaned_photos(self) -> dict:
        """{item id: picture} of the items that got one now."""
        answers = self.cleaned_data["checks"]
        return {int(key): answer.photos[0] for key, answer in answers.items() if answer.photos}


def _light_entry(item: ChecklistItem) -> dict:
    return {
        "key": item.pk,
        "name": item.name,
        "group": group_of(item),
        "kind": item.kind,
        "unit": item.unit,
        "limits": rules.limits_of(item),
        "low": plain(item.low),
        "high": plain(item.high),
        "required": item.required,
        "photo": True,
    }


class WashCheckForm(VisitChecklistForm):
    """What the checker looks at on a washed car."""

    def __init__(self, data=None, files=None, *, visit: Visit, **kwargs):
        super().__init__(data, files, visit=visit, use=ChecklistUse.WASH, **kwargs)


class WaiveForm(CrispyForm):
    """Why a car is not washed."""

    reason = forms.ChoiceField(label=_("Why not"), choices=WaiveReason.choices)


class ToldForm(CrispyForm):
    """How the customer heard that his car is ready."""

    how = forms.ChoiceField(
        label=_("How the customer was told"),
        choices=[(way.value, way.label) for way in (ToldHow.PHONE, ToldHow.IN_PERSON)],
        widget=forms.RadioSelect,
        initial=ToldHow.PHONE,
    )
