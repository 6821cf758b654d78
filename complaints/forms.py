"""Forms of voices and cases."""

from __future__ import annotations

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import VoiceKind
from core.forms import CrispyForm
from stores.models import Staff


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
    """One text: an answer, a note, or how a case ended."""

    text = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
