"""A questionnaire as a form, for the customer's page and for the caller; and forms of the editor. All validate only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm, FilterForm
from surveys import queries
from surveys.choices import Channel, FactorCode, ItemKind
from surveys.domain import ItemInput
from surveys.models import Item, Questionnaire

LONGEST = 1000
OPTIONAL = _("What follows may be left out. Each mark tells us where to do better (1: not at all, 10: very much).")
CANNOT_SAY = ("", _("Cannot say"))


def name_of(item: Item) -> str:
    """The form field of a question."""
    return f"item-{item.pk}"


def field_of(item: Item, *, compact: bool = False) -> forms.Field:
    """A question as a form field; `compact` gives a drop-down list for staff who type, else large marks for a thumb."""
    common = {"label": item.text, "required": item.required}
    if item.kind == ItemKind.TEXT:
        return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}), **common)
    common |= {"empty_value": None, "error_messages": {"required": _("Please choose an answer.")}}
    if item.kind == ItemKind.YES_NO:
        choices = [("no", _("No")), ("yes", _("Yes"))]
        return forms.TypedChoiceField(choices=choices, coerce=_is_yes, widget=forms.RadioSelect, **common)
    lowest, highest = (0, 10) if item.kind == ItemKind.NPS else (1, 10)
    marks = [(n, n) for n in range(lowest, highest + 1)]
    if compact:
        return forms.TypedChoiceField(choices=[("", "–"), *reversed(marks)], coerce=int, **common)
    skip = [] if item.required else [CANNOT_SAY]
    return forms.TypedChoiceField(choices=[*marks, *skip], coerce=int, widget=forms.RadioSelect, **common)


def _is_yes(answer: str) -> bool:
    return answer == "yes"


def answers_of(items: Iterable[Item], data: dict) -> dict[int, int | bool | str]:
    """What `surveys.domain.answer` takes, of a form's cleaned data: {item id: answer}, without what was left out."""
    found = {item.pk: data.get(name_of(item)) for item in items}
    return {pk: value for pk, value in found.items() if value not in (None, "")}


class Section(Div):
    """Questions under one heading."""

    template = "surveys/_section.html"

    def __init__(self, *fields, heading: str = "", note: str = "", **kwargs):
        super().__init__(*fields, **kwargs)
        self.heading, self.note = heading, note


class SurveyForm(CrispyForm):
    """The whole questionnaire on one page, a mark being a tap. `write` is the one-use right to send it."""

    write = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, questionnaire: Questionnaire, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = queries.items(questionnaire)
        for item in self.items:
            self.fields[name_of(item)] = field_of(item)
        self.helper.layout = Layout("write", *self._sections())

    def _sections(self) -> list[Section]:
        first = [item for item in self.items if item.factor_id is None and item.kind != ItemKind.TEXT]
        last = [item for item in self.items if item.kind == ItemKind.TEXT]
        groups = by_factor(self.items)
        return [
            Section(*(_drawn(item) for item in first)),
            *(
                Section(*(_drawn(item) for item in group), heading=heading, note="" if number else OPTIONAL)
                for number, (heading, group) in enumerate(groups)
            ),
            Section(*(_drawn(item) for item in last)),
        ]

    def answers(self) -> dict[int, int | bool | str]:
        return answers_of(self.items, self.cleaned_data)


def by_factor(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """[(factor's name, its questions)] in the order of the first question of each."""
    groups: dict[int, tuple[str, list[Item]]] = {}
    for item in items:
        if item.factor_id:
            groups.setdefault(item.factor_id, (item.factor.name, []))[1].append(item)
    return list(groups.values())


def _drawn(item: Item) -> Field:
    drawn: dict[str, str] = {ItemKind.SCALE: "surveys/_marks.html", ItemKind.NPS: "surveys/_marks.html"}
    template = drawn.get(ItemKind(item.kind)) or ("surveys/_yes_no.html" if item.kind == ItemKind.YES_NO else None)
    return Field(name_of(item), template=template)


class AnswerFilter(FilterForm):
    """Which answers the list shows."""

    low = forms.BooleanField(label=_("Only low ones"))
    channel = forms.ChoiceField(label=_("Channel"), choices=[("", _("All")), *Channel.choices])
    advisor = forms.TypedChoiceField(label=_("Advisor"), coerce=int, empty_value=None)
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("To"))

    def __init__(self, *args, advisors: Callable[[], Iterable], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["advisor"].choices = [("", _("All")), *((person.pk, person.name) for person in advisors())]


class WeightsForm(CrispyForm):
    """The weights of a draft's factors, in percent."""

    def __init__(self, *args, questionnaire: Questionnaire, **kwargs):
        super().__init__(*args, **kwargs)
        self.codes = []
        for factor in queries.factors(questionnaire):
            self.codes.append(factor.code)
            self.fields[factor.code] = forms.IntegerField(
                label=factor.name, min_value=0, max_value=100, initial=factor.weight
            )

    def clean(self):
        data = super().clean()
        given = [data.get(code) for code in self.codes]
        if None not in given and sum(given) != 100:
            raise ValidationError(
                _("The weights sum to %(total)d; they have to sum to 100."), code="sum", params={"total": sum(given)}
            )
        return data


class ItemForm(CrispyForm):
    """What a question of a draft asks."""

    text_zh = forms.CharField(label=_("Question (Chinese)"), max_length=200)
    text_en = forms.CharField(label=_("Question (English)"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=ItemKind.choices)
    factor = forms.ChoiceField(
        label=_("Factor"), choices=[("", _("None: outside the index")), *FactorCode.choices], required=False
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False)

    def __init__(self, *args, item: Item | None = None, **kwargs):
        if item is not None:
            kwargs["initial"] = {
                "text_zh": item.text_zh,
                "text_en": item.text_en,
                "kind": item.kind,
                "factor": item.factor.code if item.factor else "",
                "required": item.required,
            }
        super().__init__(*args, **kwargs)

    def clean(self):
        data = super().clean()
        if data.get("factor") and data.get("kind") != ItemKind.SCALE:
            self.add_error(
                "factor", ValidationError(_("Only scores from 1 to 10 belong to a factor."), code="factor_scale")
            )
        return data

    def item(self) -> ItemInput:
        return ItemInput(**{name: self.cleaned_data[name] for name in self.base_fields})
