"""Printing figures under the publication rule: what is hidden stays hidden, what is thin says so."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.templatetags.ui import chip
from reports.choices import Dimension, Standing, Way
from reports.queries.csi import PartRow
from reports.queries.figures import Figure

register = template.Library()
NOTHING = "–"


def _number(value: float, places: int, signed: bool = False) -> str:
    text = f"{value:+,.{places}f}" if signed else f"{value:,.{places}f}"
    # −0 is nothing but a rounding.
    return text.replace("-0", "0", 1) if float(text.replace(",", "")) == 0 else text.replace("-", "−")


@register.filter
def way(channel: str) -> str:
    """How somebody answered, in words."""
    return str(Way(channel).label)


@register.simple_tag
def figure_text(figure: Figure, places: int, signed: bool = False) -> dict:
    """What `_components/figure.html` prints: value, low, high as text (empty below 10 answers), hint on the sample."""
    if not figure.shown:
        return {"value": "", "low": "", "high": "", "n": figure.n, "hint": _("shown from 10 answers on")}
    value, low, high = (_number(v, places, signed) for v in (figure.value, figure.low, figure.high))
    hint = "" if figure.standing == Standing.FULL else str(figure.standing.label)
    return {"value": value, "low": low, "high": high, "n": figure.n, "hint": hint}


@register.simple_tag
def figure_before(figure: Figure, places: int, signed: bool = False) -> str:
    if not figure.shown:
        return ""
    return _("before: %(value)s") % {"value": _number(figure.value, places, signed)}


@register.simple_tag
def bare_figure(figure: Figure, places: int, signed: bool = False) -> str:
    return _number(figure.value, places, signed) if figure.shown else NOTHING


@register.simple_tag
def plain_figure(figure: Figure, places: int, signed: bool = False) -> str:
    """A share in percent, or with a sign the NPS."""
    if not figure.shown:
        return NOTHING
    return _number(figure.value, places, signed) + ("" if signed else "%")


@register.simple_tag
def bounds(figure: Figure, places: int) -> str:
    return f"{_number(figure.low, places)}–{_number(figure.high, places)}" if figure.shown else NOTHING


@register.simple_tag
def sized(figure: Figure, places: int, signed: bool = False, unit: str = "") -> SafeString:
    """The value, and its bounds in small print below."""
    if not figure.shown:
        return format_html('<span class="muted">{}</span>', NOTHING)
    return format_html(
        '<span class="strong">{}{}</span> <span class="tiny muted nowrap">{}</span>',
        _number(figure.value, places, signed),
        unit,
        bounds(figure, places),
    )


@register.simple_tag
def change(value: float | None, real: bool, places: int) -> SafeString:
    """A difference: coloured and with an arrow where it is more than chance, quiet where it may be nothing."""
    if value is None:
        return format_html('<span class="muted">{}</span>', NOTHING)
    if not real:
        return format_html(
            '<span class="muted" title="{}">{}</span>', _("may be chance"), _number(value, places, signed=True)
        )
    tone, arrow = ("ok", "▲") if value > 0 else ("bad", "▼")
    return format_html(
        '<span class="{}-text strong nowrap">{} {}</span>', tone, arrow, _number(value, places, signed=True)
    )


@register.simple_tag
def standing(figure: Figure) -> SafeString:
    """The flag of a sample below 100."""
    if figure.standing == Standing.FULL:
        return SafeString("")
    tone = "idle" if figure.standing == Standing.SMALL else "warn"
    icon = "info-circle" if figure.standing == Standing.SMALL else "exclamation-circle"
    return chip(figure.standing.value, tone=tone, icon=icon, label=str(figure.standing.label))


# A dot with its interval on the scale of all rows; the dashed line is the store's mean.
_STRIP = (
    '<svg class="strip" width="{full}" height="18" viewBox="0 0 {full} 18" role="img" aria-label="{label}">'
    '<line class="strip-axis" x1="0" x2="{full}" y1="9" y2="9" />{mark}'
    '<rect class="strip-span" x="{low}" y="6" width="{width}" height="6" rx="3" />'
    '<circle class="strip-dot" cx="{dot}" cy="9" r="4" /></svg> <span class="tiny muted num">{label}</span>'
)
_MARK = '<line class="strip-mark" x1="{0}" x2="{0}" y1="1" y2="17" />'


@register.simple_tag
def strip(drawn: dict | None, figure: Figure) -> SafeString:
    """The drawing of `views.charts.Strip.of`, and its bounds in print."""
    if drawn is None:
        return format_html('<span class="muted small">{}</span>', _("hidden below 10 answers"))
    mark = "" if drawn["mark"] is None else _MARK.format(drawn["mark"])
    # Numbers alone.
    return SafeString(_STRIP.format(**{**drawn, "mark": mark}, label=bounds(figure, 0)))


@register.simple_tag
def against(row: PartRow) -> SafeString:
    """“Higher” or “lower” only where the difference is more than chance among all that are compared; of people, from 30 answers on."""
    if row.against is None or (row.part.dimension == Dimension.ADVISOR and not row.csi.ranked):
        return format_html('<span class="muted">{}</span>', NOTHING)
    if not row.real:
        return format_html('<span class="muted">{}</span>', _("no difference beyond chance"))
    text = _("%(points)s higher") if row.against > 0 else _("%(points)s lower")
    tone = "ok" if row.against > 0 else "bad"
    return format_html(
        '<span class="{}-text">{} {}</span>',
        tone,
        "▲" if row.against > 0 else "▼",
        text % {"points": f"{abs(row.against):.0f}"},
    )
