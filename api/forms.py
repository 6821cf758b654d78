"""A new key, as a manager describes it."""

from __future__ import annotations

from datetime import datetime, time

from django import forms
from django.utils.translation import gettext_lazy as _

from api.choices import Scope
from core.forms import CrispyForm
from stores.models import Store


class KeyForm(CrispyForm):
    """Which system may do what, for which of the manager's stores, until when."""

    name = forms.CharField(
        label=_("System"),
        max_length=80,
        help_text=_("Whose key it is, for example the maker's DMS or the call centre."),
    )
    stores = forms.MultipleChoiceField(label=_("Stores"), choices=[], widget=forms.CheckboxSelectMultiple)
    scopes = forms.MultipleChoiceField(
        label=_("Rights"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Give only what this system needs; a key with other rights is issued in a minute."),
    )
    expires_on = forms.DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("Through the end of this day; without a date until it is withdrawn."),
    )

    def __init__(self, *args, stores: list[Store], **kwargs):
        super().__init__(*args, **kwargs)
        self.stores = {str(store.pk): store for store in stores}
        self.fields["stores"].choices = [(key, store.name) for key, store in self.stores.items()]
        if len(stores) == 1:
            self.fields["stores"].initial = list(self.stores)

    def clean_stores(self) -> list[Store]:
        return [self.stores[key] for key in self.cleaned_data["stores"]]

    def clean(self) -> dict:
        cleaned = super().clean()
        day, stores = cleaned.pop("expires_on", None), cleaned.get("stores")
        cleaned["expires_at"] = datetime.combine(day, time.max, stores[0].tz) if day and stores else None
        return cleaned
