"""The call sheet of a reminder, and the store's rules."""

from __future__ import annotations

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm, CrispyModelForm, DateTimeInput, FilterForm
from outreach.choices import CallOutcome, TaskKind
from outreach.models import Policy


class AttemptForm(CrispyForm):
    """What came of one call; booking has its own button."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[choice for choice in CallOutcome.choices if choice[0] != CallOutcome.BOOK],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what came of the call.")},
    )
    next_try_at = forms.DateTimeField(label=_("Call again at"), required=False, widget=DateTimeInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("outcome", Div("next_try_at", "note", css_class="grid-2"))

    def clean(self):
        data = super().clean()
        if (
            data.get("outcome") == CallOutcome.LATER
            and not data.get("next_try_at")
            and "next_try_at" not in self.errors
        ):
            error = ValidationError(_("Say when the customer wants to be called."), code="required")
            self.add_error("next_try_at", error)
        return data


class KindForm(FilterForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *TaskKind.choices], required=False)


class PolicyForm(CrispyModelForm):
    """Rules of reminders; whether the days fit together is the domain's to say."""

    class Meta:
        model = Policy
        fields = (
            "active",
            "remind_days",
            "call_days",
            "win_back_days",
            "give_up_days",
            "win_backs_a_night",
            "max_messages",
            "cap_days",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "active",
            Div("remind_days", "call_days", css_class="grid-2"),
            Div("win_back_days", "give_up_days", css_class="grid-2"),
            "win_backs_a_night",
            Div("max_messages", "cap_days", css_class="grid-2"),
        )

    def validate_constraints(self):
        """The domain says it in a sentence."""
