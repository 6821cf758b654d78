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
from customers.forms import WishesForm
from orders.choices import OldParts
from reception.choices import DamageKind, WashWish, Zone
from standards.forms import checklist_field, results_of
from standards.models import Checklist
from stores.models import Staff
from visits.choices import PhotoKind


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
        required=False,
    )
    valuables_reminded = forms.BooleanField(
        label=gettext_lazy("Customer was reminded to take valuables"),
        error_messages={"required": gettext_lazy("Remind the customer of valuables, then tick this.")},
    )
    valuables = forms.CharField(
        label=gettext_lazy("Left in our keeping, piece by piece"),
        max_length=200,
        required=False,
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
        new_energy: bool = False,
        last_km: int | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        if last_km is not None:
            self.fields["mileage"].help_text = _("Last reading: %(km)s km.") % {"km": f"{last_km:,}"}
        if checklist:
            self.fields["checklist"] = forms.IntegerField(widget=forms.HiddenInput, initial=checklist.pk)
            self.fields["checks"] = checklist_field(checklist, new_energy=new_energy)
        self.helper.layout = Layout(Div(*self._panels(), css_class="stack"))

    def results(self) -> dict[int, dict] | None:
        """{item id: {state, value, note}}; None for a store without a checklist for the walk-around."""
        return results_of(self.cleaned_data["checks"]) if self.checklist else None

    def _panels(self) -> list:
        words = panel(
            _("The customer's words"),
            "matters_most",
            "fault",
            Div("wish", "question", css_class="grid-2"),
            Div("brought_by", "brought_by_phone", css_class="grid-2"),
        )
        car = panel(
            _("Mileage and fuel"),
            Div("mileage", "fuel_percent", css_class="grid-2"),
            "mileage_reason",
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
