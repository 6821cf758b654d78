"""What the order is made under, and what may be given away."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.choices import RepairCategory
from core.forms import CrispyForm, MoneyField
from orders.choices import OldParts
from orders.models import RepairOrder
from stores.choices import RoleCode


class TermsForm(CrispyForm):
    """What the order is made under. What the customer has signed is shown and fixed."""

    category = forms.ChoiceField(label=_("Repair category"), choices=RepairCategory)
    tolerance_percent = forms.DecimalField(
        label=_("Bill may exceed the estimate by (%)"),
        min_value=0,
        max_value=50,
        decimal_places=2,
    )
    guarantee_days = forms.IntegerField(
        label=_("Quality guarantee (days)"),
        min_value=1,
        required=False,
        help_text=_("Empty: what the law sets for the category. A store may promise more, never less."),
    )
    guarantee_km = forms.IntegerField(label=_("Quality guarantee (km)"), min_value=1, required=False)
    old_parts = forms.ChoiceField(label=_("Old parts"), choices=OldParts)
    settlement_way = forms.CharField(label=_("Way of payment"), max_length=40, required=False)

    def __init__(self, *args, order: RepairOrder, **kwargs):
        names = ("category", "tolerance_percent", "guarantee_days", "guarantee_km", "old_parts", "settlement_way")
        kwargs.setdefault("initial", {name: getattr(order, name) for name in names})
        super().__init__(*args, **kwargs)
        if order.signed_at:
            for name in ("category", "tolerance_percent", "guarantee_days", "guarantee_km"):
                self.fields[name].disabled = True


class DiscountForm(CrispyForm):
    """A discount above one's own limit, with its reason."""

    discount = MoneyField(label=_("Discount"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, gross: Decimal, own: Decimal, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["discount"].help_text = _("Of ¥%(gross)s; your role gives up to ¥%(own)s without asking.") % {
            "gross": gross,
            "own": own,
        }


class LimitsForm(CrispyForm):
    """What the roles at the counter may give away; empty = the product's default."""

    roles = (
        RoleCode.ADVISOR,
        RoleCode.SERVICE_MANAGER,
        RoleCode.AFTERSALES_DIRECTOR,
        RoleCode.GENERAL_MANAGER,
    )

    def __init__(self, *args, limits: dict[str, Decimal], **kwargs):
        kwargs.setdefault("initial", {str(role): limits.get(role) for role in self.roles})
        super().__init__(*args, **kwargs)
        for role in self.roles:
            default = _("Empty: 10 %") if role == RoleCode.ADVISOR else _("Empty: all of it")
            self.fields[str(role)] = forms.DecimalField(
                label=_("%(role)s (%%)") % {"role": role.label},
                min_value=0,
                max_value=100,
                decimal_places=2,
                required=False,
                help_text=default,
            )
