"""Printing waits: minutes as people read them, medians with their interval, a percentile only where there are enough cars."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import clock, durations
from core.stages import Stage
from reports.choices import WaitKind
from reports.models import Wait
from reports.queries.waits import Line, Times

register = template.Library()
NOTHING = "–"


@register.filter
def wait_label(kind: WaitKind) -> str:
    return str(WaitKind(kind).label)


@register.filter
def wait_short(kind: WaitKind) -> str:
    """The name where the heading says already that it is a stage."""
    stage = WaitKind(kind).value.removeprefix("stage_")
    return str(Stage(stage).label) if WaitKind(kind).is_stage else wait_label(kind)


@register.filter
def span_or_nothing(minutes: float | None) -> str:
    return "" if minutes is None else durations.span(minutes)


@register.filter
def seconds_span(seconds: int | None) -> str:
    return NOTHING if seconds is None else durations.span(seconds / 60)


@register.filter
def lower_bound(times: Times) -> str:
    """Lower end of the median's interval; its unit is left to the upper end where both are minutes: 0–6 min."""
    if times.median is None:
        return ""
    return f"{times.low:.0f}" if times.high < 59.5 else durations.span(times.low)


@register.filter
def median_text(times: Times) -> SafeString | str:
    """12 min, with its interval in small print."""
    if times.median is None:
        return NOTHING
    bounds = f"{lower_bound(times)}–{durations.span(times.high)}"
    return format_html('{}<br><span class="muted tiny">{}</span>', durations.span(times.median), bounds)


@register.filter
def so_far(moment: datetime) -> str:
    """How long it has lasted since: “11 min”."""
    return durations.span(clock.now() - moment)


@register.filter
def p90_value(times: Times) -> str:
    return "" if times.thin else durations.span(times.p90)


@register.filter
def p90_text(times: Times) -> str:
    return NOTHING if times.thin else durations.span(times.p90)


@register.filter
def lost_time(minutes: float) -> str:
    """Minutes lost: as hours from one hour on. Days would mislead, for a store's day has no 24 hours."""
    if minutes < 60:
        return durations.span(minutes)
    hours = minutes / 60
    return _("%(hours)s hours") % {"hours": f"{hours:,.1f}" if hours < 100 else f"{hours:,.0f}"}


@register.filter
def lost_words(line: Line) -> str:
    return _("%(lost)s lost; %(share)s%% took longer than %(standard)s") % {
        "lost": lost_time(line.times.lost),
        "share": round((line.times.share_over or 0) * 100),
        "standard": durations.span(line.standard),
    }


@register.filter
def standard_words(line: Line) -> str:
    return _("standard %(minutes)s") % {"minutes": durations.span(line.standard)}


@register.filter
def longest_words(line: Line) -> str:
    return _("longest %(time)s") % {"time": durations.span(line.longest)} if line.longest else ""


@register.filter
def lost_tone(line: Line) -> str:
    return "bad" if line.times.over else "ok"


@register.simple_tag
def above(row: Wait, standard: int) -> float:
    """Minutes of a wait above its standard; 0 where it kept it."""
    return max(row.counted / 60 - standard, 0) if row.counted is not None else 0
