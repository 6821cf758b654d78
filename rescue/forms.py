"""Forms of help on the road."""

from __future__ import annotations

import uuid

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm, PhoneField, PlateField
from rescue import queries
from rescue.choices import Trouble
from rescue.models import Van
from stores.models import Staff


class VersionForm(CrispyForm):
    """A form made from a job as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RequestForm(CrispyForm):
    """What a caller is asked, in the order in which it matters."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    safe = forms.BooleanField(
        label=_("Everybody stands in safety"),
        help_text=_("Hazard lights on, triangle out, people behind the barrier."),
        required=False,
    )
    place = forms.CharField(
        label=_("Where does the car stand?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("Road and direction, kilometre, what is near")}),
    )
    trouble = forms.ChoiceField(label=_("What has happened?"), choices=Trouble, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    name = forms.CharField(
        label=_("Customer's name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(label=_("Mobile phone"), autocomplete="tel")
    plate = PlateField(label=_("Number plate"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid.uuid4())
        self.helper.layout = Layout(
            "token",
            Div("safe", "place", "trouble", "words", css_class="portal-card panel-body"),
            Div("name", "phone", "plate", css_class="portal-card panel-body"),
        )


class AcceptForm(VersionForm):
    """Who goes, with which van, and how long he needs."""

    driver = forms.ModelChoiceField(label=_("Who goes"), queryset=Staff.objects.none())
    van = forms.ModelChoiceField(label=_("Van"), queryset=Van.objects.none())
    minutes = forms.IntegerField(label=_("There in (minutes)"), min_value=1, max_value=360, initial=30)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = queries.drivers()
        self.fields["driver"].queryset = Staff.objects.filter(pk__in=[person.pk for person in people])
        # The order of the list: whoever is on duty first.
        self.fields["driver"].choices = [(person.pk, person.name) for person in people]
        self.fields["van"].queryset = queries.free_vans()
        self.helper.layout = Layout("version", Div("driver", "van", "minutes", css_class="grid-3"))


class DepartForm(VersionForm):
    """What is in the van, ticked before leaving."""

    kit = forms.MultipleChoiceField(label=_("In the van"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, trouble: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kit"].choices = [(item.pk, item.name) for item in queries.kit_for(trouble)]

    def clean_kit(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["kit"]]


class FinishForm(VersionForm):
    """How it ended at the roadside."""

    towed = forms.TypedChoiceField(
        label=_("How did it end?"),
        choices=[("", _("Fixed on the spot")), ("1", _("Towed to the store"))],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    comes_in = forms.BooleanField(label=_("The car comes in for a proper repair"), required=False)
    outcome = forms.CharField(label=_("What was done"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("version", InlineRadios("towed"), "comes_in", "outcome")


class CallOffForm(VersionForm):
    reason = forms.CharField(label=_("Why nobody is needed"), max_length=200)


class DutyForm(CrispyForm):
    """Who is on duty from when to when, and his number."""

    staff = forms.ModelChoiceField(label=_("Who"), queryset=Staff.objects.none())
    start = forms.DateTimeField(label=_("From"))
    end = forms.DateTimeField(label=_("Until"))
    phone = PhoneField(label=_("Phone"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = Staff.objects.filter(active=True).order_by("name_pinyin", "id")
        self.helper.layout = Layout(Div("staff", "start", "end", "phone", css_class="grid-4"))


class VanForm(CrispyForm):
    plate = PlateField(label=_("Plate"))
    title = forms.CharField(label=_("Model"), max_length=80)
    tows = forms.BooleanField(label=_("can tow"), required=False)
    active = forms.BooleanField(label=_("in use"), required=False, initial=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(Div("plate", "title", "tows", "active", css_class="grid-4"))
