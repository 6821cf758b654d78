"""Forms of the reception counter: taking a car in, the walk-around sheet, its photos, the signature."""

from __future__ import annotations

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import queries as appointments
from appointments.forms import CallerForm, NeedsForm, SuggestInput, panel
from core.forms import CrispyForm, PhoneField
from core.inputs import DamageField, PhotosField, SignatureField
from customers.choices import Powertrain
from customers.forms import WishesForm
from orders.choices import OldParts
from reception.choices import DamageKind, WashWish, Zone
from reception.rules import EVERYTHING, QUESTIONS, Question
from standards.forms import checklist_field, results_of
from standards.models import Checklist
from stores.models import Staff
from visits.choices import PhotoKind

NEW_ENERGY = (Powertrain.ELECTRIC, Powertrain.PLUG_IN)


class WalkInForm(CallerForm):
    """A customer without booking."""

    waiting = forms.BooleanField(label=gettext_lazy("Customer waits in the store"), required=False)
    advisor = forms.ModelChoiceField(label=gettext_lazy("Advisor"), queryset=Staff.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["advisor"].queryset = appointments.advisors()
        self.helper.layout = Layout(
            Div(
                self.who_layout(),
                panel(
                    _("What the car comes for"),
                    "matters_most",
                    "fault",
                    Div("wish", "question", css_class="grid-2"),
                    Div("advisor", "waiting", css_class="grid-2"),
                ),
                css_class="stack",
            )
        )


class CheckInForm(NeedsForm):
    """The walk-around sheet (接车问诊表). `checklist` is the version in force, or the one that was posted."""

    mileage = forms.IntegerField(
        label=gettext_lazy("Mileage (km, to the last digit)"),
        min_value=0,
        max_value=999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    mileage_reason = forms.CharField(
        label=gettext_lazy("Why the mileage is lower than before"),
        max_length=120,
        required=False,
    )
    fuel_percent = forms.IntegerField(
        label=gettext_lazy("Fuel or charge (%)"),
        min_value=0,
        max_value=100,
        widget=SuggestInput(
            [0, 25, 50, 75, 100],
            attrs={"inputmode": "numeric", "autocomplete": "off"},
        ),
    )
    charge_percent = forms.IntegerField(
        label=gettext_lazy("Charge (%)"),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    high_voltage_warning = forms.BooleanField(
        label=gettext_lazy("High-voltage or insulation warning on the display"),
        required=False,
        help_text=gettext_lazy("Then nobody drives or charges the car: it waits for a high-voltage technician."),
    )
    brought_by = forms.CharField(
        label=gettext_lazy("Brought by, if not the customer"),
        max_length=60,
        required=False,
    )
    brought_by_phone = PhoneField(label=gettext_lazy("Phone of who brought it"), required=False)
    marks = DamageField(
        label=gettext_lazy("Damage seen"),
        zones=Zone.choices,
        kinds=DamageKind.choices,
        photos=True,
        required=False,
    )
    valuables_reminded = forms.BooleanField(
        label=gettext_lazy("Customer was reminded to take valuables"),
        error_messages={"required": gettext_lazy("Remind the customer of valuables, then tick this.")},
    )
    valuables = forms.CharField(
        label=gettext_lazy("Left in our keeping, one piece a line"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    covers_laid = forms.BooleanField(label=gettext_lazy("Seat, wheel and floor covers laid"), required=False)
    wash = forms.ChoiceField(label=gettext_lazy("Wash"), choices=WashWish.choices, widget=forms.RadioSelect)
    old_parts = forms.ChoiceField(
        label=gettext_lazy("Old parts"),
        choices=OldParts.choices,
        widget=forms.RadioSelect,
    )
    waiting = forms.BooleanField(label=gettext_lazy("Customer waits in the store"), required=False)
    road_test_with_customer = forms.BooleanField(label=gettext_lazy("Road test with the customer"), required=False)

    def __init__(
        self,
        *args,
        checklist: Checklist | None = None,
        powertrain: Powertrain | str = Powertrain.UNKNOWN,
        last_km: int | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        new_energy = powertrain in NEW_ENERGY
        self._suit_powertrain(powertrain)
        for question in QUESTIONS:
            self.fields[f"concern_{question.code}"] = _concern_field(question)
        if last_km is not None:
            self.fields["mileage"].help_text = _("Last reading: %(km)s km.") % {"km": f"{last_km:,}"}
        if checklist:
            self.fields["checklist"] = forms.IntegerField(widget=forms.HiddenInput, initial=checklist.pk)
            self.fields["checks"] = checklist_field(checklist, new_energy=new_energy)
        self.helper.layout = Layout(Div(*self._panels(), css_class="stack"))

    def results(self) -> dict[int, dict] | None:
        """{item id: {state, value, note}}; None for a store without a checklist for the walk-around."""
        return results_of(self.cleaned_data["checks"]) if self.checklist else None

    def concern(self) -> dict[str, str]:
        """{code of the question: code of the answer} of what was asked about the fault."""
        return {
            q.code: self.cleaned_data[f"concern_{q.code}"] for q in QUESTIONS if self.cleaned_data[f"concern_{q.code}"]
        }

    def _suit_powertrain(self, powertrain: Powertrain | str) -> None:
        """A battery car has no fuel, a plug-in hybrid has both, and only those two have a high-voltage system to look at."""
        if powertrain == Powertrain.ELECTRIC:
            self.fields["fuel_percent"].label = _("Charge (%)")
        elif powertrain != Powertrain.UNKNOWN:
            self.fields["fuel_percent"].label = _("Fuel (%)")
        if powertrain == Powertrain.PLUG_IN:
            self.fields["charge_percent"].required = True
        else:
            del self.fields["charge_percent"]
        if powertrain not in NEW_ENERGY:
            del self.fields["high_voltage_warning"]

    def _panels(self) -> list:
        asked = [Div(f"concern_{q.code}", css_class="concern", data_topics=" ".join(_topics(q))) for q in QUESTIONS]
        words = panel(
            _("The customer's words"),
            "matters_most",
            "fault",
            Div(*asked, css_class="concerns"),
            Div("wish", "question", css_class="grid-2"),
            Div("brought_by", "brought_by_phone", css_class="grid-2"),
        )
        # A plug-in hybrid has both; its charge stands beside the reason, which few need.
        beside = ("charge_percent", "mileage_reason") if "charge_percent" in self.fields else ("mileage_reason",)
        car = panel(
            _("Mileage and fuel"),
            Div("mileage", "fuel_percent", css_class="grid-2"),
            Div(*beside, css_class="grid-2" if len(beside) == 2 else ""),
            *(name for name in ("high_voltage_warning",) if name in self.fields),
        )
        around = panel(_("Damage seen"), Div("marks", css_class="label-above"))
        checks = [panel(_("Checklist"), "checklist", "checks")] if self.checklist else []
        wishes = panel(
            _("Agreed with the customer"),
            Div(
                Div("valuables_reminded", "valuables", "covers_laid"),
                Div("wash", "old_parts", "waiting", "road_test_with_customer"),
                css_class="grid-2",
            ),
        )
        return [words, car, around, *checks, wishes, "version"]


def _concern_field(question: Question) -> forms.ChoiceField:
    return forms.ChoiceField(label=question.label, choices=question.answers, required=False, widget=forms.RadioSelect)


def _topics(question: Question) -> list[str]:
    """The topics a question waits for; none for one that is asked about every fault."""
    return [] if question.topics is EVERYTHING else [str(topic.value) for topic in question.topics]


class PhotoForm(CrispyForm):
    """Pictures of the walk-around, sent as they are taken."""

    kind = forms.ChoiceField(
        choices=[
            (PhotoKind.WALK_AROUND.value, PhotoKind.WALK_AROUND.label),
            (PhotoKind.DAMAGE.value, PhotoKind.DAMAGE.label),
        ],
        widget=forms.HiddenInput,
    )
    photos = PhotosField(label=gettext_lazy("Photos"))


class SignForm(WishesForm):
    """Name, promised time and signature under the estimate, and what the customer may be contacted for afterwards.

    `asked` False leaves the last out: somebody else brought the car, and cannot agree for him.
    """

    promised_at = forms.DateTimeField(
        label=gettext_lazy("Ready at (promised)"),
        error_messages={"required": gettext_lazy("Promise a ready time.")},
    )
    early_reason = forms.CharField(
        label=gettext_lazy("Why sooner than computed"),
        help_text=gettext_lazy("Only for a time earlier than the computed one; it is kept with the promise."),
        max_length=200,
        required=False,
    )
    signer = forms.CharField(label=gettext_lazy("Signed by"), max_length=60)
    signature = SignatureField(label=gettext_lazy("Customer's signature"))

    def __init__(self, *args, lines=(), text: str = "", asked: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["wishes"], self.fields["wishes_shown"]
        self.fields["signature"].widget.text = text
        self.open_lines = list(lines)
        wishes = ["wishes", "wishes_shown"] if asked else []
        self.helper.layout = Layout(
            Div("promised_at", "signer", css_class="grid-2"),
            "early_reason",
            *wishes,
            "signature",
            "version",
        )

    def declined(self) -> set[int]:
        """Ids of open lines whose tick was taken away on the page."""
        agreed = set(self.data.getlist("agreed"))
        if "asked" not in self.data:
            return set()
        return {line.pk for line in self.open_lines if str(line.pk) not in agreed}


class LeaveForm(CrispyForm):
    """Why the car leaves without service."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget = SuggestInput(
            [
                _("Price"),
                _("Waiting time"),
                _("Part not in stock"),
                _("Fault not found"),
                _("Decides later"),
            ],
            attrs={"autocomplete": "off", "maxlength": 200},
        )
        self.fields["reason"].widget.is_required = True
