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
from followups.domain import LOW

_ASKED = (
    ("satisfaction", _("Ask how satisfied he is.")),
    ("nps", _("Ask whether he would recommend us.")),
    ("problem", _("Ask whether there is a problem.")),
)


class AttemptForm(CrispyForm):
    """What came of one attempt; a completed call carries the customer's answers."""

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
        initial=Severity.L1,
        required=False,
    )
    next_try_at = forms.DateTimeField(label=_("Call again at"), required=False, widget=DateTimeInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            InlineRadios("outcome"),
            Div("satisfaction", "nps", css_class="grid-2"),
            InlineRadios("problem"),
            "words",
            "severity",
            Div("next_try_at", "note", css_class="grid-2"),
        )

    def clean(self):
        data = super().clean()
        data["severity"] = data.get("severity") or Severity.L1
        if data.get("outcome") == CallOutcome.LATER and not data.get("next_try_at"):
            self._missing("next_try_at", _("Say when the customer wants to be called."))
        if data.get("outcome") != CallOutcome.DONE:
            return data
        for name, sentence in _ASKED:
            if data.get(name) is None and name not in self.errors:
                self._missing(name, sentence)
        low = any((data.get(name) if data.get(name) is not None else 10) <= LOW for name in ("satisfaction", "nps"))
        if (data.get("problem") or low) and not data.get("words", "").strip():
            self._missing("words", _("Write down in the customer's own words what is wrong."))
        return data

    def _missing(self, field: str, sentence: str) -> None:
        self.add_error(field, ValidationError(sentence, code="required"))
