"""Entering and correcting customers and cars. They validate; what is doubtful but possible is asked about once, not refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import plates
from core.forms import CrispyForm, PhoneField, VinField
from core.vin import check_digit_ok
from customers import queries
from customers.choices import (
    ASKED_PURPOSES,
    ConsentChannel,
    CustomerKind,
    EntitlementKind,
    EntitlementPayer,
    Gender,
    PlateKind,
    Powertrain,
    Purpose,
)
from customers.models import Customer, Vehicle
from stores.choices import RoleCode
from stores.queries import staff_in_role

LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]


class CustomerForm(CrispyForm):
    """A customer; give `customer` to correct one that is known."""

    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerKind.choices, initial=CustomerKind.PERSON)
    gender = forms.ChoiceField(label=_("Form of address"), choices=Gender.choices, initial=Gender.UNKNOWN)
    phone = PhoneField(required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language of messages"), choices=LANGUAGES, initial="zh-hans")
    preferred_channel = forms.ChoiceField(label=_("Preferred channel"), choices=ConsentChannel.choices)
    preferred_hours = forms.CharField(label=_("Preferred hours"), max_length=40, required=False)
    preferred_advisor = forms.ModelChoiceField(label=_("Preferred advisor"), queryset=None, required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)

    def __init__(self, *args, customer: Customer | None = None, **kwargs):
        if customer is not None:
            kwargs["initial"] = {name: getattr(customer, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.fields["preferred_advisor"].queryset = staff_in_role(RoleCode.ADVISOR)


class PreferencesForm(CrispyForm):
    """How a customer likes to be served: by whom, how reached, when."""

    preferred_advisor = forms.ModelChoiceField(label=_("Preferred advisor"), queryset=None, required=False)
    preferred_channel = forms.ChoiceField(label=_("Preferred channel"), choices=ConsentChannel.choices)
    preferred_hours = forms.CharField(
        label=_("Preferred hours"),
        max_length=40,
        required=False,
        help_text=_("In the customer's words, e.g. after 18:00, not at noon."),
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)

    def __init__(self, *args, customer: Customer, **kwargs):
        kwargs["initial"] = {name: getattr(customer, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.fields["preferred_advisor"].queryset = staff_in_role(RoleCode.ADVISOR)


class VehicleForm(CrispyForm):
    """A car; give `vehicle` to correct one that is known.

    A VIN whose check digit is wrong is asked about once: the form comes back with a box to tick that the VIN was compared
    with the car. A mileage below the last one needs its reason.
    """

    plate = forms.CharField(label=_("Number plate"), max_length=16, required=False)
    plate_special = forms.BooleanField(label=_("Temporary, military or other plate"), required=False)
    vin = VinField(required=False)
    vin_confirmed = forms.BooleanField(
        label=_("Compared with the car: the VIN is right"), required=False, widget=forms.HiddenInput
    )
    brand = forms.CharField(label=_("Brand"), max_length=40, required=False)
    model = forms.CharField(label=_("Model"), max_length=80, required=False)
    year = forms.IntegerField(label=_("Model year"), min_value=1950, max_value=2100, required=False)
    colour = forms.CharField(label=_("Colour"), max_length=20, required=False)
    powertrain = forms.ChoiceField(label=_("Powertrain"), choices=Powertrain.choices, initial=Powertrain.UNKNOWN)
    engine_no = forms.CharField(label=_("Engine number"), max_length=30, required=False)
    invoice_date = forms.DateField(label=_("Invoice date"), widget=forms.DateInput, required=False)
    km = forms.IntegerField(label=_("Mileage (km)"), min_value=0, max_value=999_999, required=False)
    km_reason = forms.CharField(label=_("Why the mileage is lower"), max_length=120, required=False)

    def __init__(self, *args, vehicle: Vehicle | None = None, today: date, **kwargs):
        self.vehicle, self.today = vehicle, today
        if vehicle is not None:
            kwargs["initial"] = {
                name: getattr(vehicle, name) for name in self.base_fields if hasattr(vehicle, name)
            } | {"plate_special": vehicle.plate_kind == PlateKind.SPECIAL}
        super().__init__(*args, **kwargs)
        self.fields["plate"].widget.attrs.update({"autocomplete": "off", "autocapitalize": "characters"})

    def clean_plate(self):
        plate = plates.normalise_plate(self.cleaned_data["plate"])
        special = self.data.get(self.add_prefix("plate_special"))
        if plate and not special:
            plates.validate_plate(plate)
        if len(plate) > 12:
            raise ValidationError(_("A plate has at most 12 characters."), code="plate")
        return plate

    def clean(self):
        data = super().clean()
        vin, known = data.get("vin"), self.vehicle.vin if self.vehicle else ""
        if vin and vin != known and not check_digit_ok(vin) and not data.get("vin_confirmed"):
            self._ask_again()
        if not data.get("plate") and not vin and not {"plate", "vin"} & set(self.errors):
            self.add_error("plate", ValidationError(_("A car needs its number plate or its VIN."), code="identity"))
        km = data.get("km")
        if km is not None and self.vehicle is not None and not data.get("km_reason"):
            self._check_mileage(km)
        return data

    def _ask_again(self) -> None:
        self.fields["vin_confirmed"].widget = forms.CheckboxInput()
        self.add_error(
            "vin",
            ValidationError(
                _(
                    "The check digit of this VIN does not fit. Compare it with the car; if it is right, tick the box below."
                ),
                code="check_digit",
            ),
        )

    def _check_mileage(self, km: int) -> None:
        known = queries.mileage_known(self.vehicle, on=self.today)
        if known is not None and km < known:
            self.add_error(
                "km_reason",
                ValidationError(
                    _("The car had %(known)s km already. If the figure is right, say why it is lower."),
                    code="backwards",
                    params={"known": f"{known:,}"},
                ),
            )

    def details(self) -> dict:
        """What `customers.update_vehicle` takes besides the VIN."""
        names = ("brand", "model", "year", "colour", "powertrain", "engine_no", "invoice_date")
        return {name: self.cleaned_data[name] for name in names}

    def plate_kind(self) -> PlateKind | None:
        """SPECIAL where the person said so; else it follows from the plate itself."""
        return PlateKind.SPECIAL if self.cleaned_data["plate_special"] else None


class ConsentForm(CrispyForm):
    """What a customer said about one purpose and channel."""

    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=[choice for choice in Purpose.choices if choice[0] != Purpose.SERVICE]
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=ConsentChannel.choices)
    allowed = forms.TypedChoiceField(
        label=_("The customer"),
        choices=[("yes", _("agrees")), ("no", _("does not want it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    evidence = forms.CharField(
        label=_("Where he said so"),
        max_length=200,
        help_text=_("Repair order, call, message: so that it can be shown later."),
    )


class WishesForm(CrispyForm):
    """Part of a form a customer fills in: what he may be contacted for afterwards.

    Unticked until he has said yes; `agreed` are the purposes he has said yes to already. Nothing else on the form depends
    on it: what is not needed for the repair must not be its condition (PIPL 16).
    """

    wishes = forms.MultipleChoiceField(
        label=_("May we contact you afterwards?"),
        choices=[
            (Purpose.SURVEY.value, _("You may ask me by message or telephone how it was")),
            (Purpose.MARKETING.value, _("You may remind me of the next service")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Both as you like: your service does not depend on it, and you may take it back at any time."),
    )
    # What the page showed as agreed: a tick that only stayed says nothing new, also if he took it back elsewhere meanwhile.
    wishes_shown = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args, agreed: Iterable[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        shown = sorted(set(agreed) & set(ASKED_PURPOSES))
        self.initial |= {"wishes": shown, "wishes_shown": ",".join(shown)}

    def wishes_changed(self) -> dict[str, bool]:
        """{purpose: allowed} of what he ticked, or took the tick from, on this page."""
        if "wishes" not in self.fields:
            return {}
        ticked, shown = set(self.cleaned_data["wishes"]), set(self.cleaned_data["wishes_shown"].split(","))
        return {str(p): p in ticked for p in ASKED_PURPOSES if (p in ticked) != (p in shown)}


class EntitlementForm(CrispyForm):
    """Something a car has coming."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EntitlementKind.choices)
    name = forms.CharField(label=_("What it is good for"), max_length=60)
    operation_code = forms.CharField(
        label=_("Operation code"),
        max_length=30,
        required=False,
        help_text=_("Empty: the advisor decides on the item."),
    )
    payer = forms.ChoiceField(label=_("Paid by"), choices=EntitlementPayer.choices)
    quantity = forms.IntegerField(label=_("Times"), min_value=1, max_value=100, initial=1)
    valid_from = forms.DateField(label=_("Valid from"))
    valid_until = forms.DateField(label=_("Valid until"), required=False)
    reference = forms.CharField(
        label=_("Contract or voucher number"),
        max_length=60,
        required=False,
        help_text=_("A prepaid package needs its written contract."),
    )

    def __init__(self, *args, today: date, **kwargs):
        kwargs.setdefault("initial", {"valid_from": today})
        super().__init__(*args, **kwargs)
