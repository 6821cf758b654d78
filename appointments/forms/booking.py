"""The form of a booking. The public page's form (portal) and the walk-in's (reception) are made of the same parts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import queries
from appointments.choices import BookingChannel, ServiceKind
from appointments.domain import Caller
from appointments.offers import Item, Wish
from appointments.sheets import MenuGroup, kind_of
from core.forms import CrispyForm, PhoneField, PlateField, VinField
from customers.models import Vehicle
from stores.models import Staff
from visits.choices import NeedKind

NEED_FIELDS = {
    "matters_most": NeedKind.MATTERS_MOST,
    "fault": NeedKind.FAULT,
    "wish": NeedKind.WISH,
    "question": NeedKind.QUESTION,
}
# Marks what the offered times depend on; the page asks for them anew when one of these changes.
WISH = {"data-wish": True}


class SlotField(forms.CharField):
    """The radio button of a slot ("12@20261121T010000Z", or "@…" for whoever is free): gives (Staff or None,
    aware start). Whether the slot can be had is the domain's business."""

    default_error_messages = {
        "required": gettext_lazy("Choose a time."),
        "invalid": gettext_lazy("This time could not be read; choose one of those shown."),
    }

    def to_python(self, value) -> tuple[Staff | None, datetime] | None:
        value = super().to_python(value)
        if not value:
            return None
        advisor_id, _at, moment = value.partition("@")
        try:
            start = datetime.fromisoformat(moment)
            advisor = self._advisor(int(advisor_id)) if advisor_id else None
        except (ValueError, OverflowError):
            start = None
        if start is None or start.tzinfo is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return advisor, start

    def _advisor(self, pk: int) -> Staff:
        person = queries.advisors().filter(pk=pk).first()
        if person is None:
            raise ValueError("nobody who receives customers in this store")
        return person


class SuggestInput(forms.TextInput):
    """A text box that suggests usual answers (a datalist: keyboard and touch, no script)."""

    def __init__(self, suggestions, attrs=None):
        super().__init__(attrs)
        self.suggestions = suggestions

    def render(self, name, value, attrs=None, renderer=None):
        box = super().render(name, value, {**(attrs or {}), "list": f"{name}-usual"}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((text,) for text in self.suggestions))
        return format_html('{}<datalist id="{}-usual">{}</datalist>', box, name, options)


def words(label, *, placeholder="", rows: int = 2) -> forms.CharField:
    """A field for the customer's own words."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": rows, "placeholder": placeholder}),
    )


class NeedsForm(CrispyForm):
    """What the customer asks for, in his own words, and what matters most to him today."""

    matters_most = words(
        gettext_lazy("What matters most to you today?"),
        placeholder=gettext_lazy("Back by four, no surprises on the bill, the noise gone …"),
    )
    fault = words(
        gettext_lazy("Fault"),
        placeholder=gettext_lazy("What is wrong, since when, when does it happen?"),
    )
    wish = words(gettext_lazy("Wish"), rows=1)
    question = words(gettext_lazy("Question"), rows=1)

    def needs(self) -> list[tuple[str, str]]:
        """(NeedKind, words) of what was filled in."""
        return [
            (kind, self.cleaned_data[field])
            for field, kind in NEED_FIELDS.items()
            if self.cleaned_data.get(field, "").strip()
        ]


class CallerForm(NeedsForm):
    """Who comes, with which car: a car on file (`vehicle`), or one taken down here."""

    vehicle = forms.ModelChoiceField(queryset=Vehicle.objects.none(), required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)
    plate = PlateField(required=False)
    vin = VinField(required=False)
    brand = forms.CharField(label=gettext_lazy("Brand"), max_length=40, required=False)
    model = forms.CharField(label=gettext_lazy("Model"), max_length=80, required=False)
    name = forms.CharField(label=gettext_lazy("Customer's name"), max_length=60)
    phone = PhoneField(label=gettext_lazy("Mobile phone"))

    def __init__(self, *args, car: Vehicle | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.car = car
        self.fields["vehicle"].queryset = Vehicle.objects.select_related("owner")
        self.initial.setdefault("token", uuid4())
        if car:
            for field in ("vin", "brand", "model", *(["plate"] if car.plate else [])):
                del self.fields[field]
            self.initial["vehicle"] = car.pk
            if car.owner:
                self.initial.setdefault("name", car.owner.name)
                self.initial.setdefault("phone", car.owner.phone)

    def clean(self):
        data = super().clean()
        named = self.car or data.get("plate") or data.get("vin")
        if not named and not self.errors.keys() & {"plate", "vin", "vehicle"}:
            self.add_error("plate", _("Enter the number plate, or the VIN of a car without one."))
        return data

    def caller(self) -> Caller:
        data = self.cleaned_data
        return Caller(
            name=data["name"],
            phone=data["phone"],
            plate=data.get("plate", ""),
            vin=data.get("vin", ""),
            brand=data.get("brand", ""),
            model=data.get("model", ""),
        )

    def _missing_plate(self) -> list[Div]:
        """A car taken over from another system may have no plate on file yet."""
        return [] if self.car.plate else [Div("plate", css_class="grid-2")]

    def who_layout(self) -> Div:
        """The panel with person and car."""
        car = (
            [
                HTML("{% include 'appointments/_car.html' with car=form.car coming=form.coming only %}"),
                *self._missing_plate(),
            ]
            if self.car
            else [
                Div("plate", "vin", css_class="grid-2"),
                Div("brand", "model", css_class="grid-2"),
            ]
        )
        return panel(
            _("Customer and car"),
            "vehicle",
            "token",
            *car,
            Div("name", "phone", css_class="grid-2"),
        )


class WishForm(CrispyForm):
    """What is to be done and what goes with it: everything that decides which times can be offered.

    Bound to half a form it still tells what was ticked so far (`items`, `wish`), so that the times follow while the rest
    is being filled in. `menu` is the booking menu in its groups.
    """

    operations = forms.TypedMultipleChoiceField(label=gettext_lazy("From the menu"), coerce=int, required=False)
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Not on the menu"),
        choices=ServiceKind.choices,
        widget=forms.CheckboxSelectMultiple(attrs=WISH),
        required=False,
    )
    waits = forms.BooleanField(
        label=gettext_lazy("Customer waits in the store"), required=False, widget=forms.CheckboxInput(attrs=WISH)
    )
    wash = forms.BooleanField(
        label=gettext_lazy("Wash before handover"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs=WISH),
    )
    loan_car = forms.BooleanField(
        label=gettext_lazy("Loan car"), required=False, widget=forms.CheckboxInput(attrs=WISH)
    )
    pickup = forms.BooleanField(
        label=gettext_lazy("We fetch the car"), required=False, widget=forms.CheckboxInput(attrs=WISH)
    )

    def __init__(self, *args, menu: list[MenuGroup] = (), covered: Collection[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.menu, self.covered = list(menu), covered
        self.on_menu = {entry.operation.pk: entry for group in self.menu for entry in group.items}
        self.fields["operations"].choices = [(pk, entry.operation.name) for pk, entry in self.on_menu.items()]

    def items(self) -> list[Item]:
        """The services asked for, with their price range: the menu's in its order, then kinds nothing of the menu covers."""
        asked = self._asked()
        chosen = [entry for pk, entry in self.on_menu.items() if pk in asked["operations"]]
        items = [
            Item(kind_of(entry.operation), entry.operation, price_low=entry.price_low, price_high=entry.price_high)
            for entry in chosen
        ]
        covered = {item.kind for item in items}
        fault = asked["fault"]
        for kind in asked["services"]:
            if kind not in covered or (kind == ServiceKind.REPAIR and fault):
                items.append(Item(kind, words=fault if kind == ServiceKind.REPAIR else ""))
        return items

    def wish(self, *, own_advisor_id: int | None = None) -> Wish:
        """What that takes of the house."""
        asked = self._asked()
        rest = {name: asked[name] for name in ("waits", "wash", "loan_car", "pickup")}
        return Wish.of(self.items(), own_advisor_id=own_advisor_id, **rest)

    def carried(self) -> list[tuple[str, str]]:
        """(name, value) of everything that was asked for, as hidden fields of another form."""
        asked = self._asked()
        pairs = [("wished", "1"), *(("operations", str(pk)) for pk in sorted(asked["operations"]))]
        pairs += [("services", kind) for kind in asked["services"]]
        return pairs + [(name, "on") for name in ("waits", "wash", "loan_car", "pickup") if asked[name]]

    def ticked(self) -> set[int]:
        """Operations that are ticked, also on a page that is shown again."""
        return self._asked()["operations"]

    def _asked(self) -> dict:
        if not self.is_bound:
            said = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
            return {
                **{name: bool(said.get(name)) for name in ("waits", "wash", "loan_car", "pickup")},
                "operations": {int(pk) for pk in said.get("operations") or ()},
                "services": list(said.get("services") or ()),
                "fault": (said.get("fault") or "").strip(),
            }
        known = set(ServiceKind.values)
        return {
            **{name: bool(self.data.get(name)) for name in ("waits", "wash", "loan_car", "pickup")},
            "operations": {int(pk) for pk in self.data.getlist("operations") if pk.isdigit()},
            "services": [kind for kind in dict.fromkeys(self.data.getlist("services")) if kind in known],
            "fault": self.data.get("fault", "").strip(),
        }


class BookingForm(WishForm, CallerForm):
    """One page from the ringing telephone to the confirmation."""

    pickup_address = forms.CharField(label=gettext_lazy("Fetch it from"), max_length=200, required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("How the booking came in"),
        choices=[
            (c.value, c.label)
            for c in (BookingChannel.PHONE, BookingChannel.DESK, BookingChannel.WECHAT, BookingChannel.MAKER)
        ],
    )
    note = forms.CharField(label=gettext_lazy("Note for colleagues"), max_length=200, required=False)
    slot = SlotField(label=gettext_lazy("Time"))

    def __init__(self, *args, coming: list[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.coming = coming  # what the car has coming, in words
        self.fields["vehicle"].widget.attrs |= WISH
        self.helper.layout = Layout(
            Div(
                Div(
                    self.who_layout(),
                    panel(
                        _("What the car comes for"),
                        Field("operations", template="appointments/_menu_field.html"),
                        InlineCheckboxes("services"),
                        "fault",
                        Div("matters_most", "wish", css_class="grid-2"),
                        Div("waits", "wash", "loan_car", "pickup", css_class="wish-ticks"),
                        Div("pickup_address", css_class="pickup-address"),
                        Div("question", "note", css_class="grid-2"),
                        "channel",
                    ),
                    css_class="stack",
                ),
                panel(
                    _("Time and advisor"),
                    Field("slot", template="appointments/_slot_field.html"),
                ),
                css_class="booking",
            ),
        )

    def clean(self):
        data = super().clean()
        if "operations" not in self.errors and not self.items():
            self.add_error("services", _("Choose at least one service."))
        if data.get("pickup") and not data.get("pickup_address", "").strip():
            self.add_error("pickup_address", _("Where shall the car be fetched?"))
        if data.get("waits") and (data.get("loan_car") or data.get("pickup")):
            self.add_error("waits", _("Who waits in the store needs no loan car and is not fetched."))
        return data


class RescheduleForm(CrispyForm):
    slot = SlotField(label=gettext_lazy("Time"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(Field("slot", template="appointments/_slot_field.html"), "version")


class ReasonForm(CrispyForm):
    """Why a booking ends."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=120)

    def __init__(self, *args, suggestions=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget = SuggestInput(suggestions, attrs={"autocomplete": "off", "maxlength": 120})
        self.fields["reason"].widget.is_required = True


def panel(title: str, *content) -> Div:
    """A white box with a heading, as a part of a crispy layout."""
    return Div(
        HTML(format_html('<div class="panel-head"><h2>{}</h2></div>', title)),
        Div(*content, css_class="panel-body"),
        css_class="panel",
    )
