"""What goes to the customer with a question, and his answer on the phone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm, PhoneField
from orders.models import ConsentPack


class AskForm(CrispyForm):
    """What goes to the customer with the question."""

    promised_at = forms.DateTimeField(
        label=_("New ready time, if he agrees"),
        required=False,
        help_text=_("Leave empty if the promised time stays."),
    )

    def __init__(self, *args, promised_at: datetime | None = None, **kwargs):
        kwargs.setdefault("initial", {"promised_at": promised_at})
        super().__init__(*args, **kwargs)


class PhoneDecisionForm(CrispyForm):
    """The customer's answer to every item of a pack, taken on the phone."""

    decided_by = forms.CharField(label=_("Who decided"), max_length=60)
    phone = PhoneField(label=_("Number that was called"))
    evidence = forms.CharField(
        label=_("Number of the recording"),
        max_length=120,
        help_text=_("A decision by word of mouth counts only with its recording."),
    )

    pack = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, pack: ConsentPack, **kwargs):
        self.views = pack.content["lines"]
        kwargs["initial"] = {"pack": pack.pk, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        answers = []
        for view in self.views:
            name, reason = f"line-{view['id']}", f"reason-{view['id']}"
            self.fields[name] = forms.ChoiceField(
                label=f"{view['title']} · ¥{Decimal(view['amount']):,.2f}",
                choices=[("yes", _("Agreed")), ("no", _("Declined"))],
                widget=forms.RadioSelect,
            )
            self.fields[reason] = forms.CharField(label=_("Why not, in his words"), max_length=200, required=False)
            answers.append(Row(Column(InlineRadios(name), css_class="col-lg-5"), Column(reason, css_class="col-lg-7")))
        self.helper.layout = Layout(
            "pack",
            *answers,
            Row(*(Column(n, css_class="col-md-4") for n in ("decided_by", "phone", "evidence"))),
        )

    def clean(self):
        data = super().clean()
        ids = [view["id"] for view in self.views]
        data["decisions"] = {i: data.get(f"line-{i}") == "yes" for i in ids}
        data["reasons"] = {i: data.get(f"reason-{i}", "") for i in ids}
        return data
