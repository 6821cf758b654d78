"""Forms of the workshop: what the controller, the technician and the parts counter type."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.choices import StepKind
from catalogue.models import Operation, WorkStep
from core.durations import short_time
from core.forms import CrispyForm, DateTimeInput, FilterForm, MoneyField
from core.inputs import PhotosField
from orders.choices import Risk
from orders.domain import PartInput
from repairs.domain.findings import MAX_PHOTOS
from repairs.queries.people import bays
from repairs.queries.suggest import BayChoice, Suggestion
from stores.choices import RoleCode
from stores.models import Staff

# Rows for parts a finding needs; the advisor completes them.
PART_ROWS = (1, 2, 3)
HELPER_ROWS = (1, 2)
_MORE_OPENS = (
    '<details class="more-fields"{% if form.errors or form.more_open %} open{% endif %}>'
    "<summary>{{ form.more_label }}</summary>"
)


class DispatchForm(CrispyForm):
    """Who, where and when. The choices come ranked; what is refused anyway stays in the field's range, so that the domain
    gives its reason instead of a bare "invalid choice"."""

    technician = forms.ModelChoiceField(
        queryset=Staff.objects.none(), label=_("Technician"), widget=forms.RadioSelect, empty_label=None
    )
    bay = forms.ModelChoiceField(queryset=None, label=_("Bay"), required=False, empty_label=_("No bay"))
    start = forms.DateTimeField(label=_("Planned start"), widget=DateTimeInput)
    end = forms.DateTimeField(label=_("Planned end"), widget=DateTimeInput)
    note = forms.CharField(label=_("Note for the technician"), max_length=200, required=False)

    def __init__(
        self,
        *args,
        suggestions: list[Suggestion],
        places: list[BayChoice],
        url: str,
        helpers: list[tuple[int, int]] = (),
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        people = Staff.objects.filter(active=True, role__code=RoleCode.TECHNICIAN).order_by("name_pinyin")
        for row, (who, percent) in zip(HELPER_ROWS, [*helpers, (None, None), (None, None)]):
            self.fields[f"helper_{row}"] = forms.ModelChoiceField(
                queryset=people, label=_("Helper %(row)s") % {"row": row}, required=False, initial=who
            )
            self.fields[f"percent_{row}"] = forms.IntegerField(
                label=_("Share (%)"), min_value=1, max_value=99, required=False, initial=percent
            )
        self.more_label = _("Several technicians on it")
        self.more_open = bool(helpers)
        for name in ("technician", "start"):
            # Another choice brings another start and end: the fields are asked for anew.
            self.fields[name].widget.attrs |= {
                "hx-get": f"{url}?preview={name}",
                "hx-trigger": "change",
                "hx-include": "closest form",
                "hx-params": "technician,bay,start,note",
                "hx-target": "#plan-form",
            }
        self.fields["technician"].queryset = Staff.objects.filter(active=True, role__code=RoleCode.TECHNICIAN)
        self.fields["technician"].choices = [(s.technician.pk, _candidate(s)) for s in suggestions if not s.problem]
        self.helper.layout = Layout(
            "technician",
            "bay",
            Div("start", "end", css_class="plan-times"),
            "note",
            HTML(_MORE_OPENS),
            Div(*(name for row in HELPER_ROWS for name in (f"helper_{row}", f"percent_{row}")), css_class="part-rows"),
            HTML("</details>"),
            *(["version"] if "version" in self.fields else []),
        )
        self.fields["bay"].queryset = bays()
        self.fields["bay"].choices = [("", _("No bay")), *((choice.bay.pk, _place(choice)) for choice in places)]

    def clean(self):
        """Who helps comes out as `helpers`: {person: percent}; a helper without a share has an equal one."""
        data = super().clean()
        rows = [(data.pop(f"helper_{row}", None), data.pop(f"percent_{row}", None)) for row in HELPER_ROWS]
        chosen = [(person, percent) for person, percent in rows if person]
        if len({person.pk for person, _percent in chosen}) < len(chosen):
            self.add_error(None, _("A helper is named twice."))
        data["helpers"] = {person: percent or 100 // (len(chosen) + 1) for person, percent in chosen}
        return data


def _candidate(suggestion: Suggestion):
    reasons = format_html_join(" · ", "{}", ((reason,) for reason in suggestion.reasons))
    return format_html(
        '<span class="strong">{}</span> <span class="muted small">{}</span>', suggestion.technician.name, reasons
    )


def _place(choice: BayChoice) -> str:
    words = [f"{choice.bay.code} {choice.bay.get_kind_display()}"]
    if not choice.suits:
        words.append(gettext("other kind of work"))
    if job := choice.taken_by:
        words.append(
            gettext("taken until %(time)s: %(plate)s")
            % {"time": short_time(job.planned.upper), "plate": job.line.visit.vehicle}
        )
    return " · ".join(words)


class ReasonForm(CrispyForm):
    """A reason in words: for withdrawing a job, cancelling a request."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


# The reason is the exception: it opens by itself only when something was refused.
_SAVE = (
    '{% load ui %}<button class="btn btn-secondary" type="submit">{% icon "check-lg" %}{{ form.save_label }}'
    '<span class="visually-hidden"> {{ form.step.name }}</span></button>'
)
_EXCUSE_OPENS = (
    '<details class="step-excuse"{% if form.errors %} open{% endif %}><summary>{{ form.excuse_label }}</summary>'
)
_EXCUSE_SAVE = (
    '{% load ui %}<button class="btn btn-secondary" type="submit">{{ form.excuse_save_label }}'
    '<span class="visually-hidden"> {{ form.step.name }}</span></button></details>'
)


class StepForm(CrispyForm):
    """One work step: the entry of its kind, and, folded away, the reason why it is left out or out of range.

    A tick has no entry: its form is the reason alone, the tick itself is a button of the page. Of a safety-critical
    operation nothing may be left out, so there only a measured value has a reason.
    """

    save_label = _("Save")
    excuse_save_label = _("Save with this reason")

    def __init__(self, *args, step: WorkStep, key_operation: bool = False, **kwargs):
        # Several of these stand on one page: their fields' ids carry the step.
        super().__init__(*args, auto_id=f"step-{step.pk}-%s", **kwargs)
        self.step = step
        self.may_excuse = not key_operation or step.kind == StepKind.VALUE
        self.excuse_label = _("Left out or out of range?") if step.kind == StepKind.VALUE else _("Left out?")
        if step.kind == StepKind.VALUE:
            self.fields["value"] = forms.DecimalField(
                label=_("Measured value"), max_digits=10, decimal_places=2, required=False
            )
            self.fields["value"].widget = forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": step.unit}
            )
        elif step.kind == StepKind.TEXT:
            self.fields["text"] = forms.CharField(label=_("Entry"), max_length=200, required=False)
        elif step.kind == StepKind.PHOTO:
            self.fields["photo"] = PhotosField(label=_("Photo"), max_photos=1, required=False)
        entry = list(self.fields)
        self.has_entry = bool(entry)
        self.fields["reason"] = forms.CharField(label=_("Say why"), max_length=200, required=False)
        excuse = [HTML(_EXCUSE_OPENS), "reason", HTML(_EXCUSE_SAVE)] if self.may_excuse else []
        self.helper.layout = Layout(*entry, HTML(_SAVE if entry else ""), *excuse)

    def entry(self) -> dict:
        """Keyword arguments for `repairs.fill_step`."""
        data = self.cleaned_data
        return {
            "value": data.get("value"),
            "text": data.get("text", ""),
            "photo": next(iter(data.get("photo") or []), None),
            "reason": data["reason"],
        }


class FinishForm(CrispyForm):
    """What was wrong and what was done. Asked for where the customer told of a fault."""

    cause = forms.CharField(
        label=_("Cause found"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=1000
    )
    correction = forms.CharField(
        label=_("Correction made"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=1000
    )

    def __init__(self, *args, has_concern: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("cause", "correction"):
            self.fields[name].required = has_concern
            self.fields[name].widget.is_required = has_concern


class ProposeForm(CrispyForm):
    """Something was found: what should be done, how urgent, why, with pictures."""

    operation = forms.ModelChoiceField(
        queryset=None, label=_("Suggested operation"), required=False, empty_label=_("None of the list")
    )
    title = forms.CharField(
        label=_("What should be done"),
        max_length=120,
        required=False,
        help_text=_("Not needed when an operation is chosen."),
    )
    risk = forms.ChoiceField(label=_("How urgent is it?"), choices=Risk.choices, widget=forms.RadioSelect)
    concern = forms.CharField(label=_("What did you find?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
    photos = PhotosField(label=_("Photos"), max_photos=MAX_PHOTOS, required=False)
    hours = forms.DecimalField(
        label=_("Hours"),
        min_value=0,
        max_value=500,
        decimal_places=2,
        required=False,
        help_text=_("Empty: the operation's standard hours."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        initial = {"token": uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["operation"].queryset = Operation.objects.filter(active=True).order_by("code")
        rows = []
        for row in PART_ROWS:
            self.fields[f"part_{row}"] = forms.CharField(
                label=_("Part %(row)s: number or name") % {"row": row}, max_length=120, required=False
            )
            self.fields[f"quantity_{row}"] = forms.DecimalField(
                label=_("Quantity"),
                min_value=Decimal("0.01"),
                max_value=9999,
                decimal_places=2,
                required=False,
                initial=1,
            )
            rows += [f"part_{row}", f"quantity_{row}"]
        self.more_label = _("Parts and hours, if you know them")
        self.helper.layout = Layout(
            "operation",
            "title",
            "risk",
            "concern",
            "photos",
            HTML(_MORE_OPENS),
            Div(*rows, css_class="part-rows"),
            "hours",
            HTML("</details>"),
            "token",
        )

    def clean(self):
        data = super().clean()
        if not data.get("operation") and not (data.get("title") or "").strip():
            self.add_error("title", _("Choose an operation or write what should be done."))
        return data

    def parts(self, find) -> list[PartInput] | None:
        """The parts that were typed, `find(number)` giving the catalogue's part or None; None when none was typed, which means
        the operation's usual ones. What is not in the catalogue comes without a price: the advisor enters it."""
        rows = []
        for row in PART_ROWS:
            text = (self.cleaned_data.get(f"part_{row}") or "").strip()
            if not text:
                continue
            quantity = self.cleaned_data.get(f"quantity_{row}") or 1
            part = find(text)
            rows.append(
                PartInput(part=part, quantity=quantity)
                if part
                else PartInput(name=text, quantity=quantity, unit_price=0)
            )
        return rows or None


class OrderForm(CrispyForm):
    """An order or its correction: the day, from whom, and how to follow it."""

    expected_on = forms.DateField(label=_("Expected on"))
    supplier = forms.CharField(label=_("Ordered from"), max_length=60, required=False)
    carrier = forms.CharField(label=_("Carrier"), max_length=40, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=60, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expected_on"].widget.attrs["min"] = timezone.localdate().isoformat()


class QuantityForm(CrispyForm):
    """How many: issued, arrived or taken into stock."""

    quantity = forms.DecimalField(label=_("Quantity"), min_value=Decimal("0.01"), max_value=999_999, decimal_places=2)


class ReturnForm(QuantityForm):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class StockFilter(FilterForm):
    q = forms.CharField(label=_("Part number or name"), max_length=60)


class SendOutForm(CrispyForm):
    """Work that somebody else does: who, until when, at what cost to the store."""

    supplier = forms.CharField(label=_("Supplier"), max_length=60)
    due_at = forms.DateTimeField(label=_("Due back"), widget=DateTimeInput)
    cost = MoneyField(label=_("Cost to the store"))
    note = forms.CharField(label=_("What goes along"), max_length=200, required=False)


class SubletDueForm(CrispyForm):
    due_at = forms.DateTimeField(label=_("Due back"), widget=DateTimeInput)
    cost = MoneyField(label=_("Cost to the store"))


class ReceivedForm(CrispyForm):
    note = forms.CharField(
        label=_("What was checked"),
        max_length=200,
        help_text=_("Who takes it back has looked at the work: fit, gaps, colour, function."),
    )
