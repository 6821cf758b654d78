"""Filling a checklist, and saying what an item asks. Both validate only."""

from __future__ import annotations

from decimal import Decimal

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalogue.models import Operation
from core.forms import CrispyForm
from core.inputs import Answer, ChecklistField
from standards import queries
from standards.choices import ChecklistUse, ItemKind
from standards.domain import ItemInput
from standards.models import Checklist, ChecklistItem, ChecklistRun


def checklist_field(checklist: Checklist, *, new_energy: bool | None = None, partial: bool = False) -> ChecklistField:
    """The list's items as one form field; `results_of` turns its answers into what `standards.fill` takes.

    `new_energy=False` leaves out the items for such cars; `partial` lets required items be empty (to save and go on).
    """
    return ChecklistField(
        items=[_entry(item, partial) for item in queries.items(checklist, new_energy=new_energy)], required=not partial
    )


def results_of(answers: dict[str, Answer]) -> dict[int, dict]:
    """{item id: {"state", "value", "note"}} of a ChecklistField's answers; items without an answer have an empty state."""
    return {
        int(key): {"state": answer.state, "value": answer.value, "note": answer.note} for key, answer in answers.items()
    }


def _entry(item: ChecklistItem, partial: bool) -> dict:
    return {
        "key": item.pk,
        "name": item.name,
        "group": group_of(item),
        "kind": item.kind,
        "unit": item.unit,
        "low": plain(item.low),
        "high": plain(item.high),
        "required": item.required and not partial,
    }


def plain(number: Decimal | None) -> str | None:
    """A measured figure without idle zeros ("110", not "110.00" and not "1.1E+2")."""
    return None if number is None else format(number.normalize(), "f")


def group_of(item: ChecklistItem) -> str:
    """The item's heading in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh")
    return (item.group_zh or item.group_en) if chinese else (item.group_en or item.group_zh)


class ChecklistForm(CrispyForm):
    """A checklist to fill. Give a run to go on with it, or a Checklist to begin; `cleaned_results()` goes to the domain.

    The form carries the version it was made from: a list published meanwhile does not take away what was typed.
    `form.checklist` is that version; hand it to `standards.start_run(checklist=...)` or `record_run`.
    """

    def __init__(
        self,
        run: ChecklistRun | Checklist,
        data=None,
        files=None,
        *,
        new_energy: bool | None = None,
        partial: bool = False,
        prefix: str = "list",
        **kwargs,
    ):
        super().__init__(data, files, prefix=prefix, **kwargs)
        self.run = run if isinstance(run, ChecklistRun) else None
        self.checklist = run.checklist if self.run else self._shown(run)
        self.fields["checklist"] = forms.IntegerField(widget=forms.HiddenInput, initial=self.checklist.pk)
        self.fields["checks"] = checklist_field(self.checklist, new_energy=new_energy, partial=partial)
        if self.run:
            found = queries.results(self.run)
            self.initial["checks"] = {
                str(item_id): Answer(row.state, plain(row.value), row.note) for item_id, row in found.items()
            }

    @classmethod
    def for_use(cls, use: ChecklistUse | str, data=None, files=None, **kwargs) -> ChecklistForm:
        """The form for the list in force, or for the version that was posted."""
        return cls(queries.in_force(use), data, files, **kwargs)

    def _shown(self, current: Checklist) -> Checklist:
        posted = self.data.get(self.add_prefix("checklist"), "")
        if not posted.isdecimal() or int(posted) == current.pk:
            return current
        earlier = Checklist.objects.filter(pk=int(posted), use=current.use, published_at__isnull=False).first()
        return earlier or current

    def cleaned_results(self) -> dict[int, dict]:
        """{item id: {"state", "value", "note"}} for `standards.fill`."""
        return results_of(self.cleaned_data["checks"])


LIGHTS_ONLY = ("watch_low", "watch_high", "operation")


class ItemForm(CrispyForm):
    """What an item of a draft asks."""

    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120)
    name_en = forms.CharField(label=_("Name (English)"), max_length=120, required=False)
    group_zh = forms.CharField(
        label=_("Group (Chinese)"),
        max_length=40,
        required=False,
        help_text=_("Items of one group stand under one heading."),
    )
    group_en = forms.CharField(label=_("Group (English)"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=ItemKind.choices)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    low = forms.DecimalField(label=_("Lower limit"), max_digits=10, decimal_places=2, required=False)
    high = forms.DecimalField(label=_("Upper limit"), max_digits=10, decimal_places=2, required=False)
    watch_low = forms.DecimalField(label=_("Yellow below"), max_digits=10, decimal_places=2, required=False)
    watch_high = forms.DecimalField(label=_("Yellow above"), max_digits=10, decimal_places=2, required=False)
    operation = forms.ModelChoiceField(
        label=_("Operation that mends it"), queryset=Operation.objects.none(), required=False
    )
    required = forms.BooleanField(label=_("Must be filled"), required=False, initial=True)
    new_energy_only = forms.BooleanField(label=_("Only for new-energy cars"), required=False)

    def __init__(self, *args, use: ChecklistUse | str = "", item: ChecklistItem | None = None, **kwargs):
        if item is not None:
            kwargs["initial"] = {name: getattr(item, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        if use == ChecklistUse.LIGHTS:
            self.fields["operation"].queryset = Operation.objects.filter(active=True).order_by("code")
            return
        for name in LIGHTS_ONLY:
            del self.fields[name]
        self.helper.layout = Layout(*self.fields)

    def clean(self):
        data = super().clean()
        low, high = data.get("low"), data.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("high", ValidationError(_("The lower limit is above the upper one."), code="range"))
        if data.get("kind") != ItemKind.VALUE and (low is not None or high is not None or data.get("unit")):
            self.add_error(
                "kind", ValidationError(_("Only a measured value has a unit and limits."), code="not_measured")
            )
        return data

    def item(self) -> ItemInput:
        asked = {name: self.cleaned_data[name] for name in self.fields if name != "operation"}
        operation = self.cleaned_data.get("operation")
        return ItemInput(**asked, operation_id=operation.pk if operation else None)


class NameForm(CrispyForm):
    """The name of a draft."""

    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120)
    name_en = forms.CharField(label=_("Name (English)"), max_length=120, required=False)
