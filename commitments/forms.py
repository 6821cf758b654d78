"""What becomes of a remedy; the wording and terms of a promise; filters of the list."""

from __future__ import annotations

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.choices import OUTCOMES, TIMED, Code, RemedyKind, State
from commitments.models import Commitment
from core.forms import CrispyForm, FilterForm

MINUTE = 60


class RemedyForm(CrispyForm):
    """Given, declined, or not given with its reason."""

    outcome = forms.ChoiceField(label=_("What became of it"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Number of the voucher, the customer's own words, or the reason."),
    )

    def __init__(self, *args, allowed=OUTCOMES, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(state.value, state.label) for state in allowed]


class DefinitionForm(CrispyForm):
    """The next version of a promise."""

    text_zh = forms.CharField(label=_("Text (Chinese)"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    text_en = forms.CharField(
        label=_("Text (English)"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    minutes = forms.IntegerField(label=_("Within (minutes)"), min_value=1)
    remedy = forms.ChoiceField(
        label=_("If we do not keep it"),
        choices=[("", _("Nothing but an apology")), *RemedyKind.choices],
        required=False,
    )
    remedy_value = forms.DecimalField(
        label=_("How much"),
        max_digits=8,
        decimal_places=2,
        required=False,
        help_text=_("Percent off labour, or the amount of the voucher."),
    )
    public = forms.BooleanField(label=_("Show on the public page"), required=False)

    def __init__(self, *args, code: Code, shown: Commitment | None = None, **kwargs):
        kwargs.setdefault("initial", _initial(shown))
        super().__init__(*args, **kwargs)
        timed = code in TIMED
        if timed:
            self.fields["text_zh"].help_text = _("{time} stands for the time below.")
        else:
            del self.fields["minutes"]
        self.helper.layout = Layout(
            "text_zh",
            "text_en",
            *(["minutes"] if timed else []),
            Div("remedy", "remedy_value", css_class="grid-2"),
            "public",
        )

    def terms(self) -> dict:
        """Arguments for `commitments.write`."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "minutes"}
        minutes = self.cleaned_data.get("minutes")
        return {**data, "target_seconds": minutes * MINUTE if minutes else None}


def _initial(shown: Commitment | None) -> dict:
    if shown is None:
        return {"public": True}
    names = ("text_zh", "text_en", "remedy", "remedy_value", "public")
    minutes = -(-shown.target_seconds // MINUTE) if shown.target_seconds else None
    return {"minutes": minutes, **{name: getattr(shown, name) for name in names}}


class MeasuredFilter(FilterForm):
    """Which measured promises to look at."""

    code = forms.ChoiceField(label=_("Promise"), choices=[("", _("All")), *Code.choices])
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *State.choices])
