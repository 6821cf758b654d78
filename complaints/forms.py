"""Forms of voices and cases."""

from __future__ import annotations

import uuid
from decimal import Decimal

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import (
    AnswerChannel,
    CaseSource,
    CategoryCode,
    CauseCode,
    ComfortKind,
    MeasureKind,
    PlanAnswer,
    RecheckOutcome,
    Responsible,
    Severity,
    VoiceKind,
)
from complaints.domain import MeasureInput
from complaints.importers.history import FIELDS as HISTORY_FIELDS
from core.forms import CrispyForm, FilterForm, MoneyField
from stores.models import Staff


class ComfortForm(CrispyForm):
    """Amends on the spot: what, what it is worth, what for; the plate where it is not known yet."""

    plate = forms.CharField(
        label=_("Plate or its last characters"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "text-uppercase"}),
    )
    kind = forms.ChoiceField(
        label=_("What do you give?"), choices=ComfortKind, initial=ComfortKind.DRINK, widget=forms.RadioSelect
    )
    amount = MoneyField(label=_("Worth"), initial=Decimal(20))
    words = forms.CharField(label=_("What for"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *args, initial=None, **kwargs):
        super().__init__(data, *args, initial={"token": uuid.uuid4(), **(initial or {})}, **kwargs)
        self.helper.layout = Layout("token", "plate", InlineRadios("kind"), Div("amount", "words", css_class="grid-2"))


class VoiceForm(CrispyForm):
    """“Customer said …”: the words first, everything else by a tap; done in under 20 seconds."""

    words = forms.CharField(
        label=_("What did the customer say?"),
        max_length=2000,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "autofocus": True,
                "placeholder": _("In his own words"),
            }
        ),
    )
    kind = forms.ChoiceField(
        label=_("It is"),
        choices=VoiceKind.choices,
        initial=VoiceKind.PROBLEM,
        widget=forms.RadioSelect,
    )
    plate = forms.CharField(
        label=_("Plate or its last characters"),
        required=False,
        max_length=16,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )
    about = forms.ModelChoiceField(
        label=_("About whom"),
        required=False,
        queryset=Staff.objects.none(),
        empty_label=_("nobody in particular"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["about"].queryset = Staff.objects.filter(active=True).order_by("name_pinyin", "pk")
        self.helper.layout = Layout("words", InlineRadios("kind"), Div("plate", "about", css_class="grid-2"))


class TextForm(CrispyForm):
    """One text: an answer, a note, what sales should know."""

    text = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, label, help_text="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].help_text = help_text


class CaseFilter(FilterForm):
    """What the inbox shows; the state is the address."""

    q = forms.CharField(label=_("Number, plate or words"), max_length=60)
    severity = forms.ChoiceField(label=_("Severity"), choices=[("", _("all")), *Severity.choices])
    category = forms.ChoiceField(label=_("About what"), choices=[("", _("all")), *CategoryCode.choices])
    source = forms.ChoiceField(label=_("From where"), choices=[("", _("all")), *CaseSource.choices])
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=Staff.objects.none(), empty_label=_("all"))
    late = forms.ChoiceField(label=_("Clock"), choices=[("", _("all")), ("1", _("run out"))])
    show = forms.CharField(widget=forms.HiddenInput, max_length=10)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        workers = Staff.objects.filter(active=True, role__permissions__contains=["complaints.work"])
        self.fields["owner"].queryset = workers.order_by("name_pinyin", "pk")


class GradeForm(CrispyForm):
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    category = forms.ChoiceField(
        label=_("About what"), required=False, choices=[("", _("not yet said")), *CategoryCode.choices]
    )


class PlanForm(CrispyForm):
    """What is offered, with up to four measures and what each is worth."""

    ROWS = range(1, 5)

    text = forms.CharField(
        label=_("What we offer the customer"),
        help_text=_("He reads this on his page."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = []
        for n in self.ROWS:
            kind, amount, note = f"kind{n}", f"amount{n}", f"note{n}"
            self.fields[kind] = forms.ChoiceField(
                label=_("Measure"), required=n == 1, choices=[("", "–"), *MeasureKind.choices]
            )
            self.fields[amount] = MoneyField(label=_("Worth (yuan)"), required=False)
            self.fields[note] = forms.CharField(label=_("Details"), required=False, max_length=300)
            rows.append(Div(kind, amount, note, css_class="grid-3"))
        self.helper.layout = Layout("text", *rows)

    def clean(self):
        data = super().clean()
        for n in self.ROWS:
            if not data.get(f"kind{n}") and (data.get(f"amount{n}") or data.get(f"note{n}")):
                self.add_error(f"kind{n}", _("Choose what is done."))
        return data

    @property
    def measures(self) -> list[MeasureInput]:
        data = self.cleaned_data
        return [
            MeasureInput(data[f"kind{n}"], data.get(f"amount{n}") or Decimal(0), data.get(f"note{n}", ""))
            for n in self.ROWS
            if data.get(f"kind{n}")
        ]


class OfferAnswerForm(CrispyForm):
    """What the customer said to the offer, written down by staff."""

    answer = forms.ChoiceField(label=_("The customer"), choices=PlanAnswer.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label=_("How"), choices=[(c.value, c.label) for c in AnswerChannel if c != AnswerChannel.LINK]
    )
    words = forms.CharField(
        label=_("In his own words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(InlineRadios("answer"), "channel", "words")


class ProofForm(CrispyForm):
    proof = forms.CharField(label=_("Proof: receipt, voucher or order number"), max_length=300)


class RecheckForm(CrispyForm):
    """What came out when somebody else asked; three scores for fairness where he says."""

    outcome = forms.ChoiceField(label=_("The customer is"), choices=RecheckOutcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In his own words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    fair_result = forms.IntegerField(label=_("Result fair (1–10)"), required=False, min_value=1, max_value=10)
    fair_process = forms.IntegerField(label=_("Way there fair (1–10)"), required=False, min_value=1, max_value=10)
    fair_manner = forms.IntegerField(label=_("Manner fair (1–10)"), required=False, min_value=1, max_value=10)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scores = Div("fair_result", "fair_process", "fair_manner", css_class="grid-3")
        self.helper.layout = Layout(InlineRadios("outcome"), "words", scores)


class CauseForm(CrispyForm):
    cause = forms.ChoiceField(label=_("Cause"), choices=[("", "–"), *CauseCode.choices])
    responsible = forms.ChoiceField(label=_("Responsible"), choices=[("", "–"), *Responsible.choices])
    prevention = forms.CharField(
        label=_("What keeps it from happening again"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(Div("cause", "responsible", css_class="grid-2"), "prevention")


class CloseForm(TextForm):
    """How it ended; a manager may end it without the customer's word."""

    procedural = forms.BooleanField(
        label=_("Close by procedure: withdrawn, with an authority or before a court"), required=False
    )

    def __init__(self, *args, manager: bool, **kwargs):
        super().__init__(*args, label=_("How the problem was solved"), **kwargs)
        if not manager:
            del self.fields["procedural"]
        self.helper.layout = Layout(*self.fields)


class DecisionForm(CrispyForm):
    """A second person's yes or no to a plan."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("refuse", _("Refuse"))])
    reason = forms.CharField(label=_("Reason, if you refuse"), required=False, max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The decision is the button that was pressed.
        self.helper.layout = Layout("reason")


class LimitForm(CrispyForm):
    """What one role may promise alone; empty is no limit."""

    cash = MoneyField(label=_("Refund and compensation"), required=False)
    equivalent = MoneyField(label=_("Vouchers, labour and other value"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(Div("cash", "equivalent", css_class="grid-2"))


class ImportFileForm(CrispyForm):
    """A file of complaints and the system it comes from."""

    source = forms.CharField(
        label=_("Comes from"), max_length=40, help_text=_("Name of the other system; its column mapping is remembered.")
    )
    file = forms.FileField(label=_("CSV or Excel file"), widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}))


class ImportMappingForm(CrispyForm):
    """Which column of the file holds what."""

    def __init__(self, *args, columns: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("not in the file")), *((column, column) for column in columns)]
        for name, (label, _names) in HISTORY_FIELDS.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def mapping(self) -> dict[str, str]:
        """{our field: column}, without what the file does not have."""
        return {name: self.cleaned_data[name] for name in HISTORY_FIELDS if self.cleaned_data.get(name)}
