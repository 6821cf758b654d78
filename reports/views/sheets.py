"""Figures as CSV, for spreadsheets: one line a figure, with its sample and interval."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from reports.queries.csi import Dashboard
from reports.queries.figures import Figure

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(file, rows: Iterable[Iterable]) -> None:
    """Write rows with the mark that tells spreadsheets it is UTF-8."""
    file.write("\ufeff")
    writer = csv.writer(file)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])


def _safe(cell):
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def csi(board: Dashboard) -> Iterator[list]:
    """Everything of the CSI page: section, part, figure, n, value, bounds of its 95 % interval, standing."""
    yield [
        _("Section"),
        _("Group of visits"),
        _("Figure"),
        "n",
        _("Value"),
        _("Lower bound"),
        _("Upper bound"),
        _("Sample"),
        _("Released from"),
        _("Released to"),
    ]
    days = [board.period.since.isoformat(), board.period.until.isoformat()]
    for section, part, name, figure in _figures(board):
        yield [section, part, name, figure.n, *_values(figure), str(figure.standing.label), *days]


def _figures(board: Dashboard) -> Iterator[tuple[str, str, str, Figure]]:
    top, here = board.headline(), board.part.label
    for name, figure in (
        (_("CSI"), top.csi),
        (_("NPS"), top.nps),
        (_("Low answers (%)"), top.low),
        (_("Response rate (%)"), top.response),
    ):
        yield _("Headline"), here, name, figure
    for row in board.factors():
        yield _("Factors"), here, row.label, row.score
    step, points = board.trend()
    for point in points:
        for name, figure in ((_("CSI"), point.csi), (_("NPS"), point.nps), (_("Low answers (%)"), point.low)):
            yield _("Trend"), f"{step.label} {point.first}", name, figure
    for title, rows in ((_("Advisors"), board.advisors()), *board.splits()):
        for row in rows:
            for name, figure in ((_("CSI"), row.csi), (_("NPS"), row.nps), (_("Response rate (%)"), row.response)):
                yield title, row.label, name, figure
    for row in board.questions() if board.part.whole else ():
        yield _("Questions"), row.text, _("Yes (%)") if row.kind == "yes" else _("Score"), row.figure


def _values(figure: Figure) -> list[str]:
    values = (figure.value, figure.low, figure.high) if figure.shown else (None, None, None)
    return ["" if value is None else f"{value:.2f}" for value in values]
