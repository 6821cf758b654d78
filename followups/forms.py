"""The call sheet."""

from __future__ import annotations

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from complaints.choices import Severity
from core.forms import CrispyForm, DateTimeInput
from followups.choices import CallOutcome
from surveys import queries as asked
from surveys.forms import Section, answers_of, by_factor, field_of, name_of
from surveys.models import Questionnaire
from surveys.rules import is_low

_ASKED = (
    ("satisfaction", _("Ask how satisfied he is.")),
    ("nps", _("Ask whether he would recommend us.")),
    ("problem", _("Ask whether there is a problem.")),
)


class Details(Section):
    """Questions folded away under a heading."""

    template = "surveys/_details.html"


class AttemptForm(CrispyForm):
    """What came of one attempt; a completed call carries the customer's answers.

    Overall satisfaction, recommendation and problem are asked always, the questions of the factors as he has time for.
    The form carries the version it shows: a questionnaire published during the call does not take away what was typed.
    """

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=CallOutcome.choices,
        initial=CallOutcome.DONE,
        widget=forms.RadioSelect,
    )
    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied overall, 1 to 10?"),
        choices=[("", "–"), *((n, n) for n in range(10, 0, -1))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    nps = forms.TypedChoiceField(
        label=_("Would he recommend us, 0 to 10?"),
        choices=[("", "–"), *((n, n) for n in range(10, -1, -1))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    problem = forms.TypedChoiceField(
        label=_("Is there a problem with the car or the service?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Customer's own words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    severity = forms.ChoiceField(
        label=_("How grave is the problem?"),
        choices=Severity.choices,
        initial=Severity.L2,
        required=False,
    )
    next_try_at = forms.DateTimeField(label=_("Call again at"), required=False, widget=DateTimeInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    questionnaire = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = self._version()
        self.items = [item for item in asked.items(self.asked) if item.factor_id] if self.asked else []
        for item in self.items:
            self.fields[name_of(item)] = field_of(item, compact=True)
            self.fields[name_of(item)].required = False
        if self.asked:
            self.initial["questionnaire"] = self.asked.pk
        self.helper.layout = Layout(
            "questionnaire",
            InlineRadios("outcome"),
            Div("satisfaction", "nps", css_class="grid-2"),
            InlineRadios("problem"),
            "words",
            Details(
                *(
                    Section(*(name_of(item) for item in group), heading=heading, template="surveys/_asked.html")
                    for heading, group in by_factor(self.items)
                ),
                heading=_("All questions, as far as he has time"),
            ),
            "severity",
            Div("next_try_at", "note", css_class="grid-2"),
        )

    def _version(self) -> Questionnaire | None:
        posted = str(self.data.get("questionnaire", ""))
        if posted.isdecimal():
            shown = Questionnaire.objects.filter(pk=int(posted), published_at__isnull=False).first()
            if shown:
                return shown
        return asked.in_force()

    def clean(self):
        data = super().clean()
        data["severity"] = data.get("severity") or Severity.L2
        data["answers"] = answers_of(self.items, data)
        data["questionnaire"] = self.asked
        if data.get("outcome") == CallOutcome.LATER and not data.get("next_try_at"):
            self._missing("next_try_at", _("Say when the customer wants to be called."))
        if data.get("outcome") != CallOutcome.DONE:
            return data
        for name, sentence in _ASKED:
            if data.get(name) is None and name not in self.errors:
                self._missing(name, sentence)
        low = is_low([data.get("satisfaction"), *data["answers"].values()], data.get("nps"), data.get("problem"))
        if low and not data.get("words", "").strip():
            self._missing("words", _("Write down in the customer's own words what is wrong."))
        return data

    def attempt(self) -> dict:
        """What `followups.domain.record_attempt` takes."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("item-")}

    def _missing(self, field: str, sentence: str) -> None:
        self.add_error(field, ValidationError(sentence, code="required"))
