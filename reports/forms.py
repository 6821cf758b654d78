"""Filters of the figures' pages; their state is the address."""

from __future__ import annotations

from datetime import date, timedelta

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CrispyForm, FilterForm
from reports.choices import Dimension, WaitKind
from reports.queries import csi, periods
from reports.queries.csi import Part
from reports.queries.periods import Period

LONGEST_DAYS = 3700


class CsiFilter(FilterForm):
    """Days of release, and one part of the store."""

    since = forms.DateField(label=_("Released from"))
    until = forms.DateField(label=_("to"))
    part = forms.ChoiceField(label=_("Only"))

    def __init__(self, data, *, today: date, preset: str = "", advisors: dict[str, str] | None = None):
        self.today = today
        given = {name: data.get(name, "") for name in ("since", "until", "part")}
        self.preset = _preset_of(given["since"], given["until"], preset, today)
        # One date alone is meant from there to today, or as long as usual up to there.
        self.own_dates = not self.preset
        self.usual = periods.preset(self.preset, today)
        if self.preset:
            given |= {"since": self.usual.since.isoformat(), "until": self.usual.until.isoformat()}
        super().__init__(given)
        self.fields["part"].choices = part_choices(advisors or {})

    def clean_until(self):
        until = self.cleaned_data["until"]
        return until and min(until, self.today)

    def clean_part(self) -> Part:
        dimension, _colon, key = self.cleaned_data["part"].partition(":")
        return Part(dimension, key) if key else Part()

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            raise ValidationError(_("The first day lies after the last one."))
        if since and until and (until - since).days > LONGEST_DAYS:
            raise ValidationError(_("Choose at most ten years."))
        return super().clean()

    @property
    def period(self) -> Period:
        """The chosen days; the usual ones where what was typed makes no period."""
        if not self.is_valid():
            return self.usual
        since, until = self.cleaned_data["since"], self.cleaned_data["until"] or self.today
        if since is None:
            since = periods.add_months(until, -12)
        return Period(since, until)

    @property
    def chosen_part(self) -> Part:
        part = self.cleaned_data.get("part") if self.is_bound and hasattr(self, "cleaned_data") else None
        return part or Part()


def part_choices(advisors: dict[str, str]) -> list:
    """The whole store, then each advisor and each part of each split, in groups."""
    groups = [("", _("Whole store"))]
    if advisors:
        groups.append(
            (Dimension.ADVISOR.label, [(f"{Dimension.ADVISOR}:{key}", name) for key, name in advisors.items()])
        )
    for dimension in csi.SPLITS:
        labels = csi.LABELS[dimension].choices
        groups.append((dimension.label, [(f"{dimension}:{key}", label) for key, label in labels]))
    return groups


def _preset_of(since: str, until: str, name: str, today: date) -> str:
    """The named period that is asked for, by its name or by its very days; empty for days of one's own."""
    if name in periods.PRESETS:
        return name
    if not since and not until:
        return periods.LAST_12_MONTHS
    days = {(usual.since.isoformat(), usual.until.isoformat()): key for key, usual in _presets(today)}
    return days.get((since, until), "")


def _presets(today: date):
    return [(name, periods.preset(name, today)) for name in periods.PRESETS]


class WaitFilter(FilterForm):
    """Days on which waits began: a period by name, or one's own."""

    since = forms.DateField(label=_("Began from"))
    until = forms.DateField(label=_("to"))

    def __init__(self, data, *, today: date):
        self.today = today
        self.preset = data.get("period", "") if data.get("period") in periods.PRESETS else ""
        self.usual = periods.preset(self.preset or periods.LAST_30_DAYS, today)
        given = {name: data.get(name, "") for name in ("since", "until")}
        self.own_dates = any(given.values()) and not self.preset
        if not self.own_dates:
            given = {"since": self.usual.since.isoformat(), "until": self.usual.until.isoformat()}
        super().__init__(given)

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            raise ValidationError(_("The first day lies after the last one."))
        if since and until and (until - since).days > LONGEST_DAYS:
            raise ValidationError(_("Choose at most ten years."))
        return super().clean()

    @property
    def period(self) -> Period:
        """The chosen days; the usual ones where what was typed makes no period."""
        if not self.is_valid():
            return self.usual
        until = self.cleaned_data["until"] or max(self.today, self.cleaned_data["since"] or self.today)
        return Period(self.cleaned_data["since"] or until - timedelta(days=29), until)


class StandardsForm(CrispyForm):
    """Minutes each wait may take, a field per kind."""

    LONGEST = 10_080  # a week

    def __init__(self, *args, standards: dict[WaitKind, int], **kwargs):
        super().__init__(*args, **kwargs)
        for kind, minutes in standards.items():
            self.fields[kind.value] = forms.IntegerField(
                label=kind.label, min_value=0, max_value=self.LONGEST, initial=minutes
            )
        self.helper.layout = Layout(*self.fields)

    @property
    def minutes(self) -> dict[WaitKind, int]:
        return {WaitKind(name): value for name, value in self.cleaned_data.items()}
