"""ECharts options as plain dicts. A colour that begins with two dashes is one of the theme's variables; the page's script looks it up."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from reports.choices import Standing, Step
from reports.queries.csi import FactorRow, Point
from reports.queries.figures import Figure
from surveys.statistics import Sample

# A point that is shown but may not be trusted is drawn hollow; so is what was before.
HOLLOW = {"color": "--surface", "borderColor": "--accent", "borderWidth": 2}


def trend(
    points: list[Point], pick: Callable[[Point], Figure], *, step: Step, name: str, places: int, versions=()
) -> dict:
    """Line with its 95 % band, and the number of answers as bars below: option, head and rows of the table."""
    names = [point_name(point.first, step) for point in points]
    drawn = [pick(point) for point in points]
    shown = [figure if figure.shown else None for figure in drawn]
    low = [_at(figure and figure.low, places) for figure in shown]
    high = [_at(figure and figure.high, places) for figure in shown]
    values = [
        {"value": _at(figure.value, places), **({"itemStyle": HOLLOW} if figure.standing == Standing.THIN else {})}
        if figure
        else None
        for figure in shown
    ]
    bottom, top, gap = _frame(low, high)
    line = {"type": "line", "symbol": "none", "lineStyle": {"opacity": 0}, "itemStyle": {"color": "--accent-soft"}}
    band = {**line, "stack": "band", "stackStrategy": "all", "silent": True}
    span = [round(h - b, places) if h is not None else None for b, h in zip(low, high)]
    most = max((figure.n for figure in drawn), default=0)
    option = {
        "grid": {"top": 16, "bottom": 0},
        "xAxis": {"type": "category", "data": names, "boundaryGap": True},
        "yAxis": [
            {"type": "value", "min": bottom, "max": top, "interval": gap},
            # The bars stay in the lowest fifth: they are there to be compared with each other, not with the line.
            {"type": "value", "min": 0, "max": max(most * 5, 1), "show": False, "splitLine": {"show": False}},
        ],
        "series": [
            _answers([figure.n for figure in drawn]),
            {**band, "name": "base", "data": low, "tooltip": {"show": False}},
            {
                **band,
                "name": "span",
                "data": span,
                "areaStyle": {"color": "--accent", "opacity": 0.13},
                "tooltip": {"show": False},
            },
            {
                "type": "line",
                "name": name,
                "data": values,
                "symbol": "circle",
                "symbolSize": 7,
                "z": 5,
                "lineStyle": {"width": 2, "color": "--accent"},
                "itemStyle": {"color": "--accent"},
                "markLine": _versions(versions, names, step),
            },
            {**line, "name": _("Upper bound"), "data": high},
            {**line, "name": _("Lower bound"), "data": low},
        ],
    }
    rows = [
        [label, figure.n, *(_text(value, places) for value in _told(figure)), str(figure.standing.label)]
        for label, figure in zip(names, drawn)
    ]
    head = [str(step.label), _("Answers"), name, _("Lower bound"), _("Upper bound"), _("Sample")]
    return {"option": option, "head": head, "rows": rows if any(shown) else []}


def _answers(counts: list[int]) -> dict:
    return {
        "type": "bar",
        "name": _("Answers"),
        "yAxisIndex": 1,
        "data": counts,
        "barMaxWidth": 28,
        "itemStyle": {"color": "--surface-3", "borderRadius": [2, 2, 0, 0]},
    }


def factors(rows: list[FactorRow]) -> dict:
    """One line a factor: the interval as a bar, the score as a dot, the score before as a hollow one."""
    known = [row for row in rows if row.score.shown]
    # An axis counts from below; people read from above.
    upward = known[::-1]
    lows = [row.score.low for row in upward]
    before = [round(row.before.value, 2) if row.before.shown else None for row in upward]
    least = min([*lows, *(value for value in before if value is not None)], default=1)
    most = max([row.score.high for row in upward], default=10)
    bottom, top = max(math.floor(least * 2 - 0.2) / 2, 1), min(math.ceil(most * 2 + 0.2) / 2, 10)
    bar = {"type": "bar", "stack": "interval", "barWidth": 10, "silent": True, "tooltip": {"show": False}}
    option = {
        "grid": {"top": 8, "right": 28, "bottom": 0},
        "xAxis": {"type": "value", "min": bottom, "max": top, "interval": 0.5},
        "yAxis": {"type": "category", "data": [row.label for row in upward], "axisLabel": {"fontSize": 13}},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "none"}},
        "series": [
            {**bar, "name": "base", "data": [round(low, 2) for low in lows], "itemStyle": {"opacity": 0}},
            {
                **bar,
                "name": "span",
                "data": [round(row.score.high - row.score.low, 2) for row in upward],
                "itemStyle": {"color": "--accent", "opacity": 0.22, "borderRadius": 5},
            },
            {
                "type": "scatter",
                "name": _("Before"),
                "data": before,
                "symbolSize": 9,
                "itemStyle": {**HOLLOW, "borderColor": "--idle-dot"},
            },
            {
                "type": "scatter",
                "name": _("Score"),
                "data": [
                    {"value": round(row.score.value, 2), "label": {"formatter": f"{row.score.value:.2f}"}}
                    for row in upward
                ],
                "symbolSize": 11,
                "itemStyle": {"color": "--accent"},
                "label": {"show": True, "position": "top", "distance": 5, "color": "--ink-2", "fontSize": 12},
            },
        ],
    }
    head = [_("Factor"), _("Weight"), _("Answers"), _("Score"), _("Lower bound"), _("Upper bound"), _("Before")]
    table = [
        [
            row.label,
            f"{row.weight} %",
            row.score.n,
            *(_text(v, 2) for v in _told(row.score)),
            _text(row.before.value, 2),
        ]
        for row in rows
    ]
    return {"option": option, "head": head, "rows": table if known else []}


def point_name(first: date, step: Step) -> str:
    if step == Step.WEEK:
        return formats.date_format(first, "m-d")
    return f"{first:%Y} Q{(first.month + 2) // 3}" if step == Step.QUARTER else f"{first:%Y-%m}"


def _versions(versions, names: list[str], step: Step) -> dict:
    """A line where another questionnaire came into force: what stands left and right of it are different studies."""
    marks = []
    for version in versions:
        name = point_name(version.published_at.date(), step)
        if name in names:
            marks.append({"xAxis": name, "label": {"formatter": _("Questionnaire %(n)s") % {"n": version.version}}})
    style = {"color": "--idle-dot", "type": "dashed"}
    return {"silent": True, "symbol": "none", "lineStyle": style, "data": marks}


def _frame(low: list, high: list) -> tuple[float | None, float | None, float | None]:
    """(least, most, distance of lines) of an axis around the band, with its lowest fifth left to the bars."""
    known = [value for value in (*low, *high) if value is not None]
    if not known:
        return None, None, None
    least, most = min(known), max(known)
    least -= max(most - least, 1) * 0.25
    rough = (most - least) / 4
    power = 10 ** math.floor(math.log10(rough))
    gap = next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= rough)
    return math.floor(least / gap) * gap, math.ceil(most / gap) * gap, gap


def _told(figure: Figure) -> tuple[float | None, ...]:
    return (figure.value, figure.low, figure.high) if figure.shown else (None, None, None)


def _at(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def _text(value: float | None, places: int) -> str | None:
    return None if value is None else f"{value:.{places}f}"


class Strip:
    """Places of dots and intervals on a small drawing in a table cell, all rows on one scale; `mark` is the store's mean."""

    WIDTH, EDGE = 160, 6

    def __init__(self, figures: list[Figure], *, mark: Sample):
        shown = [figure for figure in figures if figure.shown]
        values = [value for figure in shown for value in (figure.low, figure.high)]
        if mark.n:
            values.append(mark.mean)
        self.least, self.most = (min(values), max(values)) if values else (0, 1)
        self.mark = self._x(mark.mean) if mark.n else None

    def of(self, figure: Figure) -> dict | None:
        if not figure.shown:
            return None
        low, dot, high = (self._x(value) for value in (figure.low, figure.value, figure.high))
        return {"low": low, "dot": dot, "width": round(high - low, 1), "mark": self.mark, "full": self.WIDTH}

    def _x(self, value: float) -> float:
        room = self.WIDTH - 2 * self.EDGE
        return round(self.EDGE + room * (value - self.least) / ((self.most - self.least) or 1), 1)
