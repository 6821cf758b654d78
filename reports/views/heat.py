"""The wait pages' drawings: bars by minutes lost, the week as a heat map, and the same as a table whose cells lead to the cars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import sqrt

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.queries.waits import Line, Times

LOST, MEDIAN, P90, CARS = "lost", "median", "p90", "cars"
FIGURES = {
    LOST: lambda: _("Minutes lost"),
    MEDIAN: lambda: _("Median (min)"),
    P90: lambda: _("90th percentile (min)"),
    CARS: lambda: _("Number of waits"),
}
# Shades of a table cell; its number says it too.
SHADES = 5
# Diameters of the week's dots, and from which share of the largest on one catches the eye.
SMALLEST, LARGEST, STRIKING = 3, 30, 0.6
WORST_SHOWN = 6
Cells = dict[tuple[int, int], Times]


def ranking(lines: list[Line]) -> dict:
    """Bars of minutes lost, the longest on top: option, head and rows."""
    # An axis counts from below.
    upward = [line for line in lines if line.times.n][::-1]
    option = {
        "grid": {"top": 4, "right": 56, "bottom": 0},
        "tooltip": {"axisPointer": {"type": "none"}},
        "xAxis": {"type": "value", "minInterval": 1, "axisLabel": {"hideOverlap": True}},
        "yAxis": {
            "type": "category",
            "data": [str(line.kind.label) for line in upward],
            "axisLabel": {"fontSize": 13},
        },
        "series": [
            {
                "type": "bar",
                "name": _("Minutes lost"),
                "data": [round(line.times.lost) for line in upward],
                "barMaxWidth": 18,
                "itemStyle": {"color": "--accent", "borderRadius": [0, 3, 3, 0]},
                "label": {"show": True, "position": "right", "color": "--ink-2", "fontSize": 12},
            }
        ],
    }
    head = [_("Wait"), "n", _("Minutes lost"), _("Median (min)"), _("90th percentile (min)")]
    rows = [
        [
            line.kind.label,
            line.times.n,
            f"{line.times.lost:,.0f}",
            _minutes(line.times.median),
            None if line.times.thin else _minutes(line.times.p90),
        ]
        for line in lines
        if line.times.n
    ]
    return {"option": option, "head": head, "rows": rows}


def week(cells: Cells, show: str) -> dict:
    """The week as dots: hours across, weekdays down, the larger the worse."""
    hours = _hours(cells)
    values = {place: _value(times, show) for place, times in cells.items()}
    most = max((value for value in values.values() if value is not None), default=0) or 1
    data = [
        {
            "value": [f"{hour}:00", str(WEEKDAYS[day]), round(value, 1)],
            # Areas compare, not diameters.
            "symbolSize": round(SMALLEST + (LARGEST - SMALLEST) * sqrt(value / most), 1),
            "itemStyle": {"color": "--bad-dot" if value >= most * STRIKING and show != CARS else "--accent"},
        }
        for (day, hour), value in sorted(values.items())
        if value
    ]
    return {
        "grid": {"top": 4, "right": 8, "bottom": 0},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "category", "data": [f"{hour}:00" for hour in hours], "splitLine": {"show": True}},
        "yAxis": {
            "type": "category",
            "data": [str(WEEKDAYS[day]) for day in range(6, -1, -1)],
            "splitLine": {"show": True},
        },
        "series": [{"type": "scatter", "name": FIGURES[show](), "data": data, "itemStyle": {"opacity": 0.75}}],
    }


def table(cells: Cells, show: str, address: Callable[[int, int], str]) -> dict:
    """Weekdays in columns, hours in rows; each cell with its figure, n, shade and the address of its cars."""
    most = max((_value(times, show) or 0 for times in cells.values()), default=0)
    rows = []
    for hour in _hours(cells):
        row = []
        for day in range(7):
            times = cells.get((day, hour))
            value = _value(times, show) if times else None
            row.append(
                {
                    "value": "–" if value is None else f"{value:,.0f}",
                    "n": times.n if times else 0,
                    "shade": 0 if not most or not value else max(1, round(value / most * SHADES)),
                    "url": address(day, hour) if times else "",
                    "name": f"{WEEKDAYS[day]} {hour}:00",
                }
            )
        rows.append((f"{hour}:00", row))
    return {"days": _days(), "rows": rows}


def worst(cells: Cells) -> list[tuple[tuple[int, int], Times]]:
    """The hours of the week that lost most minutes."""
    losing = [(place, times) for place, times in cells.items() if times.lost >= 1]
    return sorted(losing, key=lambda entry: (-entry[1].lost, entry[0]))[:WORST_SHOWN]


def trend(days: list[tuple[date, Times]]) -> dict:
    """Median and 90th percentile by day, week or month, with how many waits began."""
    names = [formats.date_format(day, "m-d") for day, _times in days]
    high = [None if times.thin else round(times.p90, 1) for _day, times in days]
    option = {
        "grid": {"top": 28, "bottom": 0},
        "legend": {},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "min": 0},
        "series": [
            _curve(_("Median (min)"), [round(times.median, 1) for _day, times in days], "--accent"),
            # Nothing in the legend that is nowhere in the drawing.
            *([_curve(_("90th percentile (min)"), high, "--warn-dot")] if any(high) else []),
        ],
    }
    head = [
        _("Day, week or month from"),
        "n",
        _("Median (min)"),
        _("Lower bound"),
        _("Upper bound"),
        _("90th percentile (min)"),
    ]
    rows = [
        [
            f"{day:%Y-%m-%d}",
            times.n,
            *(_minutes(value) for value in (times.median, times.low, times.high)),
            None if times.thin else _minutes(times.p90),
        ]
        for day, times in days
    ]
    return {"option": option, "head": head, "rows": rows}


def _curve(name: str, data: list, colour: str) -> dict:
    return {
        "type": "line",
        "name": name,
        "data": data,
        "symbolSize": 4,
        "connectNulls": False,
        "lineStyle": {"width": 2, "color": colour},
        "itemStyle": {"color": colour},
    }


def _days() -> list[str]:
    """Heads of narrow columns."""
    return [
        pgettext("column", "Mon"),
        pgettext("column", "Tue"),
        pgettext("column", "Wed"),
        pgettext("column", "Thu"),
        pgettext("column", "Fri"),
        pgettext("column", "Sat"),
        pgettext("column", "Sun"),
    ]


def _hours(cells: Cells) -> list[int]:
    """From the first to the last hour in which anything began."""
    hours = [hour for _day, hour in cells]
    return list(range(min(hours), max(hours) + 1)) if hours else []


def _value(times: Times, show: str) -> float | None:
    return {
        LOST: times.lost,
        MEDIAN: times.median,
        # One car's wait is no percentile.
        P90: None if times.thin else times.p90,
        CARS: times.n,
    }[show]


def _minutes(value: float | None) -> str | None:
    return None if value is None else f"{value:,.1f}"
