"""Forms of the tree's editor. They validate; the domain writes."""

from __future__ import annotations

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Operation
from core.forms import CrispyForm, FilterForm
from symptoms import queries
from symptoms.choices import Urgency
from symptoms.domain import ChoiceInput, ResultInput
from symptoms.models import Choice, Question, Result, TreeVersion

MOST_LIKELY = 4


class QuestionForm(CrispyForm):
    """The words of a question."""

    name_zh = forms.CharField(label=gettext_lazy("Question in Chinese"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Question in English"), max_length=120, required=False)

    def __init__(self, *args, question: Question | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if question:
            self.initial |= {"name_zh": question.name_zh, "name_en": question.name_en}


class ChoiceForm(CrispyForm):
    """An answer and where it leads; `choice()` goes to the domain."""

    name_zh = forms.CharField(label=gettext_lazy("Answer in Chinese"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Answer in English"), max_length=120, required=False)
    leads_to = forms.ChoiceField(label=gettext_lazy("Leads to"))

    def __init__(self, *args, tree: TreeVersion, question: Question, choice: Choice | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.targets: dict[str, Question | Result] = {}
        ask, end = [], []
        for row in queries.questions(tree):
            if row.pk != question.pk:
                self.targets[f"q{row.pk}"] = row
                ask.append((f"q{row.pk}", row.name))
        for row in queries.results(tree):
            self.targets[f"r{row.pk}"] = row
            end.append((f"r{row.pk}", f"{row.name} · {row.get_urgency_display()}"))
        self.fields["leads_to"].choices = [("", "---------"), (_("Result"), end), (_("Next question"), ask)]
        if choice:
            kind, pk = ("q", choice.next_question_id) if choice.next_question_id else ("r", choice.result_id)
            self.initial |= {"name_zh": choice.name_zh, "name_en": choice.name_en, "leads_to": f"{kind}{pk}"}

    def choice(self) -> ChoiceInput:
        data = self.cleaned_data
        target = self.targets[data["leads_to"]]
        asks = isinstance(target, Question)
        return ChoiceInput(
            name_zh=data["name_zh"],
            name_en=data["name_en"],
            next_question=target if asks else None,
            result=None if asks else target,
        )


class ResultForm(CrispyForm):
    """What a way through the tree means; `result()` goes to the domain."""

    name_zh = forms.CharField(label=gettext_lazy("Result in Chinese"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Result in English"), max_length=120, required=False)
    urgency = forms.ChoiceField(label=gettext_lazy("How urgent"), choices=Urgency, widget=forms.RadioSelect)
    advice_zh = forms.CharField(
        label=gettext_lazy("What to do until then, in Chinese"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    advice_en = forms.CharField(
        label=gettext_lazy("What to do until then, in English"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, row: Result | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        labels = (_("Likeliest operation"), _("Next likely"), _("Third likely"), _("Fourth likely"))
        operations = Operation.objects.filter(active=True).order_by("code")
        for place, label in enumerate(labels):
            self.fields[f"likely{place}"] = forms.ModelChoiceField(operations, label=label, required=False)
        self.helper.layout = Layout(*self.fields)
        if row:
            for field in ("name_zh", "name_en", "urgency", "advice_zh", "advice_en"):
                self.initial[field] = getattr(row, field)
            for place, entry in enumerate(row.likely.order_by("position")[:MOST_LIKELY]):
                self.initial[f"likely{place}"] = entry.operation_id

    def result(self) -> ResultInput:
        data = self.cleaned_data
        likely = [data[f"likely{place}"] for place in range(MOST_LIKELY) if data[f"likely{place}"]]
        words = {field: data[field] for field in ("name_zh", "name_en", "urgency", "advice_zh", "advice_en")}
        return ResultInput(likely=likely, **words)


class SpanForm(FilterForm):
    """The days a report covers."""

    since = forms.DateField(label=gettext_lazy("From"))
    until = forms.DateField(label=gettext_lazy("To"))
