"""Forms of the three levels and of the wash."""

from __future__ import annotations

from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm
from core.inputs import PhotosField
from customers.choices import Powertrain
from inspections import queries
from inspections.choices import Level, Verdict, WaiveReason
from orders.models import Line
from standards import queries as standards
from standards.choices import ChecklistUse
from standards.forms import ChecklistForm
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
