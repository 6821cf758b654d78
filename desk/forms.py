"""Forms of the visit page."""

from __future__ import annotations

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm
from reception.domain import WHILE_HE_READS
from reception.queries import Earliest
from visits.choices import NeedKind, NeedOutcome, ToldHow


class NeedForm(CrispyForm):
    """What the customer asks for, in his own words."""

    kind = forms.ChoiceField(label=_("Kind"), choices=NeedKind)
    words = forms.CharField(
        label=_("Customer's own words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


class SettleNeedForm(CrispyForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=NeedOutcome)
    answer = forms.CharField(
        label=_("What the customer was told"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )


class PromiseForm(CrispyForm):
    """A new ready time; telling the customer is part of it."""

    at = forms.DateTimeField(label=_("Ready at"))
    reason = forms.CharField(label=_("Why it changes"), max_length=200, required=False)
    told_how = forms.ChoiceField(
        label=_("Customer was told"),
        choices=[("", _("not yet")), *ToldHow.choices],
        required=False,
    )

    def __init__(self, *args, earliest: Earliest | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.earliest = earliest
        if earliest:
            times = {"at": earliest.at, "late": earliest.late}
            self.fields["at"].help_text = _("Computed for the work that is left: %(at)s; nine of ten by %(late)s.") % {
                name: f"{localtime(at):%m-%d %H:%M}" for name, at in times.items()
            }

    def clean(self):
        data = super().clean()
        if (
            self.earliest
            and data.get("at")
            and data["at"] < self.earliest.at - WHILE_HE_READS
            and not data.get("reason", "").strip()
        ):
            self.add_error("reason", _("The computed earliest time is later: say why it will be ready sooner."))
        return data


class TellForm(CrispyForm):
    how = forms.ChoiceField(label=_("How"), choices=ToldHow)
    text = forms.CharField(
        label=_("What the customer was told"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


class LinkForm(CrispyForm):
    """Sending the customer's link again; perhaps an earlier one went astray."""

    withdraw = forms.BooleanField(
        label=_("Earlier links stop working"),
        help_text=_("The customer gets a new link by message. Tick this if an earlier one reached the wrong person."),
        required=False,
    )


class ReasonForm(CrispyForm):
    reason = forms.CharField(label=_("Reason"), max_length=200)
