"""The last page of a booking, and the two steps of showing that one holds a phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.forms import NeedsForm, SlotField
from appointments.offers import Offer
from appointments.queries import moment_key
from appointments.sheets import ServicePlan
from core.forms import CrispyForm, PhoneField, PlateField
from core.names import surname
from core.phones import normalise_phone, validate_phone
from core.plates import is_plate, normalise_plate
from customers.forms import WishesForm
from customers.models import Vehicle
from portal.booking.identity import Known
from stores.models import Staff

QUARTER = timedelta(minutes=15)


class PublicBookingForm(WishesForm, NeedsForm):
    """Who comes with which car, what is wrong in his words, what matters to him, what he may be contacted for.

    Who is `known` is asked for neither name nor phone; his cars are offered. Consent is never shown as answered: the page
    tells nobody what is on file.
    """

    slot = SlotField(label=gettext_lazy("Time"))
    token = forms.UUIDField(widget=forms.HiddenInput)
    hold = forms.UUIDField(widget=forms.HiddenInput, required=False)
    car = forms.ModelChoiceField(
        label=gettext_lazy("Which car?"),
        queryset=Vehicle.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("Another car"),
    )
    plate = PlateField(
        label=gettext_lazy("Your number plate"),
        help_text=gettext_lazy("A car without a plate yet? Please call us."),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(
        label=gettext_lazy("Your mobile phone"),
        autocomplete="tel",
        help_text=gettext_lazy("We send the confirmation to this number."),
    )
    pickup_address = forms.CharField(
        label=gettext_lazy("Where do we fetch the car?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def __init__(
        self, *args, others: list[Offer] = (), receives: Staff | None = None, start: datetime | None = None,
        known: Known | None = None, car: Vehicle | None = None, pickup: bool = False, faulty: bool = False, **kwargs
    ):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid4())
        self.others, self.receives, self.start = list(others), receives, start
        self.known, self.alternatives = known, []
        self.fields["fault"].label = _("What is wrong, in your own words")
        self.fields["wish"].label = _("A wish")
        self.fields["question"].label = _("A question")
        if not pickup:
            del self.fields["pickup_address"]
        if not faulty:
            del self.fields["fault"]
        self._who(known, car)
        self._lay_out()

    def _who(self, known: Known | None, car: Vehicle | None) -> None:
        if known is None or not known.cars:
            del self.fields["car"]
        else:
            self.fields["car"].queryset = Vehicle.objects.filter(pk__in=[row.pk for row in known.cars])
            self.fields["car"].label_from_instance = _car_label
            self.initial.setdefault("car", car.pk if car else None)
            self.fields["plate"].required = False
            self.fields["plate"].help_text = _("Only for a car that is not in the list.")
            del self.fields["name"]
        if known:
            del self.fields["phone"]

    def _lay_out(self) -> None:
        def part(*names: str, css: str = "portal-card") -> list[Div]:
            there = [name for name in names if name in self.fields]
            return [Div(*there, css_class=css)] if there else []

        self.helper.layout = Layout(
            Field("slot", template="portal/_book_slot.html"),
            "token",
            "hold",
            *part("car", "plate", "phone", "name", "pickup_address"),
            *part("fault", "matters_most", "wish", "question"),
            *part("wishes"),
        )

    def clean(self):
        data = super().clean()
        if "car" in self.fields and not data.get("car") and not data.get("plate") and "plate" not in self.errors:
            self.add_error("plate", _("Choose one of your cars, or enter the number plate of another."))
        return data

    @property
    def choices(self) -> list[dict]:
        """What the radio buttons offer: after a lost slot other times, else who could receive him at the chosen one."""
        if self.alternatives:
            return [_choice(offer, with_time=True) for offer in self.alternatives]
        if not (self.start and self.receives):
            return []
        kept = {"key": f"@{moment_key(self.start)}", "label": advisor_label(self.receives), "start": None}
        return [kept, *[_choice(offer) for offer in self.others if offer.advisor.pk != self.receives.pk]]

    @property
    def chosen(self) -> str:
        """The radio button that is on; after a lost slot none is, so that nobody books what he did not see."""
        if self.alternatives:
            return ""
        return self.data.get("slot", "") or (self.choices[0]["key"] if self.choices else "")


def advisor_label(advisor: Staff) -> str:
    """How a customer who may be anybody is told of an advisor: by surname."""
    return _("Advisor %(name)s") % {"name": surname(advisor.name)}


def to_quarter(at: datetime) -> datetime:
    """The next full quarter of an hour."""
    return at + (QUARTER - (at - datetime.min.replace(tzinfo=at.tzinfo)) % QUARTER) % QUARTER


def roughly(plan: ServicePlan) -> ServicePlan:
    """The plan with its ready time to the quarter of an hour."""
    return replace(plan, ready_at=to_quarter(plan.ready_at)) if plan.ready_at else plan


def ready_words(offer: Offer) -> str:
    """About when the car would be ready, to the next quarter of an hour: an estimate must not look like a promise."""
    at = to_quarter(offer.ready_at.astimezone(offer.start.tzinfo))
    days = (at.date() - offer.start.date()).days
    if days > 1:
        return _("ready %(day)s") % {"day": f"{at:%m-%d}"}
    words = _("ready next day %(at)s") if days else _("ready about %(at)s")
    return words % {"at": f"{at:%H:%M}"}


def _choice(offer: Offer, *, with_time: bool = False) -> dict:
    return {
        "key": offer.key,
        "label": advisor_label(offer.advisor),
        "start": offer.start if with_time else None,
    }


def _car_label(car: Vehicle) -> str:
    return " · ".join(filter(None, [car.plate or car.vin, car.title]))


class WhoForm(CrispyForm):
    """Phone or plate of somebody who has been here; `cleaned_data["who"]` is normalised, `is_phone` says which."""

    who = forms.CharField(
        label=gettext_lazy("Mobile phone or number plate"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "spellcheck": "false"}),
    )

    is_phone = False

    def clean_who(self) -> str:
        text = self.cleaned_data["who"]
        plate = normalise_plate(text)
        if is_plate(plate):
            return plate
        phone = normalise_phone(text)
        try:
            validate_phone(phone)
        except ValidationError:
            raise ValidationError(_("Enter a mobile phone number or a number plate.")) from None
        self.is_phone = True
        return phone


class CodeForm(CrispyForm):
    """The six digits of the message."""

    code = forms.RegexField(
        r"^\s*[0-9]{6}\s*$",
        label=gettext_lazy("Code from the message"),
        error_messages={"invalid": gettext_lazy("The code has six digits.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6, "class": "book-code"}
        ),
    )
