"""A line of the order with its parts."""

from __future__ import annotations

from decimal import Decimal

from crispy_forms.layout import HTML, Column, Div, Field, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.choices import PartClass
from catalogue.models import Part
from core.forms import CrispyForm, MoneyField
from orders.choices import LineKind, PayType, Risk
from orders.domain import Measured, PartInput
from orders.models import Line

BLANK_ROWS = 2


DATALIST = "catalogue-parts"


PART_FIELDS = (
    "number",
    "name",
    "part_class",
    "quantity",
    "unit",
    "unit_price",
    "brought",
)


READING = ("measured", "measured_unit", "measured_low", "measured_high", "replace_reason")


class LineForm(CrispyForm):
    """A line with its parts: the parts there are, and blank rows for more. A row without number and name counts as empty.

    `cleaned_data["fields"]` is what `add_line` and `change_line` take.
    """

    kind = forms.ChoiceField(label=_("Kind"), choices=LineKind)
    title = forms.CharField(label=_("Item"), max_length=120)
    hours = forms.DecimalField(label=_("Hours"), max_digits=5, decimal_places=2, min_value=0, required=False)
    hour_rate = MoneyField(label=_("Rate per hour"), required=False)
    fee = MoneyField(label=_("Amount of the fee"), required=False)
    discount = MoneyField(label=_("Discount"), required=False)
    pay_type = forms.ChoiceField(label=_("Who pays"), choices=PayType)
    risk = forms.ChoiceField(
        label=_("If it is left undone"),
        choices=[("", _("No risk")), *Risk.choices],
        required=False,
    )
    concern = forms.CharField(
        label=_("Customer's words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    measured = forms.DecimalField(label=_("Measured value"), max_digits=10, decimal_places=2, required=False)
    measured_unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    measured_low = forms.DecimalField(label=_("In range from"), max_digits=10, decimal_places=2, required=False)
    measured_high = forms.DecimalField(label=_("In range up to"), max_digits=10, decimal_places=2, required=False)
    replace_reason = forms.CharField(
        label=_("Why a part in range is replaced"),
        max_length=200,
        required=False,
        help_text=_("Needed when the reading is in range: the customer sees both."),
    )

    def __init__(self, *args, line: Line | None = None, fee: bool = False, may_price: bool = False, **kwargs):
        self.line = line
        self.is_fee = fee if line is None else line.kind != LineKind.JOB and not line.hours
        kwargs.setdefault("initial", _line_initial(line, fee=fee))
        super().__init__(*args, **kwargs)
        for name in self._left_out(may_price):
            del self.fields[name]
        if line is None or line.pay_type != PayType.PACKAGE:
            # What a package pays is redeemed, not chosen.
            self.fields["pay_type"].choices = [pair for pair in PayType.choices if pair[0] != PayType.PACKAGE]
        if "kind" in self.fields:
            self.fields["kind"].choices = [choice for choice in LineKind.choices if choice[0] != LineKind.JOB]
        self.rows = range(self._row_count())
        for i in self.rows:
            self._add_part_row(i)
        self.helper.layout = self._layout()

    def _left_out(self, may_price: bool) -> list[str]:
        """A job has hours, a fee its amount and its kind; whoever may not give discounts has no say in the rate."""
        if not self.is_fee:
            return ["kind", "fee"] if may_price else ["kind", "fee", "hour_rate"]
        return ["hours", "hour_rate", *READING, *(["kind"] if self.line else [])]

    def _row_count(self) -> int:
        stored = self.line.parts.count() if self.line else 0
        return stored if self.is_fee else stored + BLANK_ROWS

    def _add_part_row(self, i: int) -> None:
        row = {
            "number": forms.CharField(
                label=_("Part number"),
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs={"list": DATALIST, "autocomplete": "off"}),
            ),
            "name": forms.CharField(label=_("Name"), max_length=120, required=False),
            "part_class": forms.ChoiceField(
                label=_("Part class"),
                choices=[("", _("As in the catalogue")), *PartClass.choices],
                required=False,
            ),
            "quantity": forms.DecimalField(
                label=_("Quantity"),
                max_digits=6,
                decimal_places=2,
                min_value=0,
                required=False,
            ),
            "unit": forms.CharField(label=_("Unit"), max_length=10, required=False),
            "unit_price": MoneyField(label=_("Price"), required=False),
            "brought": forms.BooleanField(label=_("The customer brought it"), required=False),
        }
        for name, field in row.items():
            self.fields[f"part-{i}-{name}"] = field

    def _layout(self) -> Layout:
        def columns(*names, width="col-sm-4"):
            shown = [name for name in names if name in self.fields]
            return Row(*(Column(name, css_class=width) for name in shown)) if shown else HTML("")

        return Layout(
            *(["version"] if "version" in self.fields else []),
            columns("kind", width="col-sm-6"),
            "title",
            columns("hours", "hour_rate", "fee", "discount"),
            columns("pay_type", "risk"),
            "concern",
            columns("measured", "measured_unit", "measured_low", "measured_high", width="col-sm-3"),
            *(["replace_reason"] if "replace_reason" in self.fields else []),
            *([Fieldset(_("Parts"), *(self._part_layout(i) for i in self.rows))] if self.rows else []),
        )

    def _part_layout(self, i: int) -> Div:
        widths = (
            "col-md-3",
            "col-md-3",
            "col-md-2",
            "col-md-1",
            "col-md-1",
            "col-md-2",
        )
        names = [f"part-{i}-{name}" for name in PART_FIELDS[:-1]]
        return Div(
            Row(
                *(Column(Field(name), css_class=f"{width} col-6") for name, width in zip(names, widths, strict=True)),
                css_class="g-2",
            ),
            f"part-{i}-brought",
            css_class="order-part",
        )

    def clean(self):
        data = super().clean()
        if "hours" in self.fields and not data.get("hours") and not self.has_error("hours"):
            self.add_error("hours", _("Enter the hours of the job."))
        if "fee" in self.fields and data.get("fee") is None and not self.has_error("fee"):
            self.add_error("fee", _("Enter the amount of the fee."))
        parts = [part for i in self.rows if (part := self._part(i, data))]
        if not self.errors:
            data["fields"] = self._fields(data, parts)
        return data

    def _part(self, i: int, data: dict) -> PartInput | None:
        def value(name):
            return data.get(f"part-{i}-{name}")

        number, name = value("number") or "", value("name") or ""
        if not number and not name:
            return None
        known = Part.objects.filter(number=number).first() if number else None
        if known is None and not name:
            self.add_error(
                f"part-{i}-number",
                _("There is no part with this number; give its name and price."),
            )
            return None
        price = value("unit_price")
        if known is None and price is None and not value("brought"):
            self.add_error(f"part-{i}-unit_price", _("Enter the price of the part."))
            return None
        if known is None and not value("part_class"):
            self.add_error(
                f"part-{i}-part_class",
                _("Say which class the part has; the customer must be told."),
            )
            return None
        return PartInput(
            part=known,
            number=number,
            name=name,
            part_class=value("part_class") or "",
            quantity=value("quantity") or 1,
            unit_price=price,
            brought_by_customer=bool(value("brought")),
            unit=value("unit") or "",
        )

    def _fields(self, data: dict, parts: list[PartInput]) -> dict:
        names = ("kind", "title", "pay_type", "risk", "concern", "hours", "fee")
        fields = {name: data[name] for name in names if name in data}
        if data.get("hour_rate") is not None:
            fields["hour_rate"] = data["hour_rate"]
        if data.get("measured") is not None:
            fields["measured"] = Measured(
                data["measured"], data.get("measured_unit", ""), data.get("measured_low"), data.get("measured_high")
            )
        if "replace_reason" in data:
            fields["replace_reason"] = data["replace_reason"]
        return fields | {"discount": data.get("discount") or Decimal(0), "parts": parts}


def _line_initial(line: Line | None, *, fee: bool) -> dict:
    if line is None:
        return {"kind": LineKind.DIAGNOSIS if fee else LineKind.JOB, "pay_type": PayType.CUSTOMER}
    initial = {
        name: getattr(line, name)
        for name in (
            "title",
            "hours",
            "hour_rate",
            "discount",
            "pay_type",
            "risk",
            "concern",
            *READING,
        )
    }
    initial["fee"] = line.labour + line.discount
    for i, part in enumerate(line.parts.all()):
        initial |= {
            f"part-{i}-number": part.number,
            f"part-{i}-name": part.name,
            f"part-{i}-part_class": part.part_class,
            f"part-{i}-quantity": part.quantity.normalize(),
            f"part-{i}-unit": part.unit,
            f"part-{i}-unit_price": part.unit_price,
            f"part-{i}-brought": part.brought_by_customer,
        }
    return initial
