"""Files of repair history from other systems."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm
from orders.importers.history import FIELDS as HISTORY_FIELDS


class ImportFileForm(CrispyForm):
    """A file of repair history and the system it comes from."""

    source = forms.CharField(
        label=_("Comes from"), max_length=40, help_text=_("Name of the other system; its column mapping is remembered.")
    )
    file = forms.FileField(label=_("CSV or Excel file"), widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}))


class ImportMappingForm(CrispyForm):
    """Which column of the file holds what."""

    currency = forms.ChoiceField(
        label=_("Currency"), choices=[("CNY", "CNY"), ("USD", "USD"), ("EUR", "EUR"), ("HKD", "HKD")]
    )

    def __init__(self, *args, columns: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("not in the file")), *((column, column) for column in columns)]
        for name, (label, _names) in HISTORY_FIELDS.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def mapping(self) -> dict[str, str]:
        """{our field: column}, without what the file does not have."""
        return {name: self.cleaned_data[name] for name in HISTORY_FIELDS if self.cleaned_data.get(name)}
