"""The CSI page: the figure with what moved it, and the way down to the answers and visits behind it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, web
from reports.choices import Metric
from reports.forms import CsiFilter
from reports.queries import csi, periods
from reports.queries.csi import Dashboard, Headline, Part
from reports.queries.reasons import reasons
from reports.views import charts, sheets
from stores.access import requires

PER_PAGE = 50
FIGURES = {
    "csi": (lambda: _("CSI"), lambda point: point.csi, 0),
    "nps": (lambda: _("NPS"), lambda point: point.nps, 0),
    "low": (lambda: _("Low answers (%)"), lambda point: point.low, 1),
    "response": (lambda: _("Response rate (%)"), lambda point: point.response, 1),
}


class Choice:
    """What the address asks for: period, part, which figure the trend shows; and addresses that keep it."""

    def __init__(self, request):
        self.today = clock.local_day(request.staff.store.tz)
        self.show = request.GET.get("show") if request.GET.get("show") in FIGURES else "csi"
        self.form = CsiFilter(
            request.GET, today=self.today, preset=request.GET.get("period", ""), advisors=csi.known_advisors()
        )
        self.period = self.form.period
        self.part = self.form.chosen_part

    def query(self, **changed) -> str:
        """The address's query with some of it changed; empty values leave it."""
        kept = {"show": "" if self.show == "csi" else self.show}
        if self.form.own_dates:
            kept |= {"since": self.period.since, "until": self.period.until}
        else:
            kept["period"] = self.form.preset
        if not self.part.whole:
            kept["part"] = f"{self.part.dimension}:{self.part.key}"
        query = {name: value for name, value in {**kept, **changed}.items() if value}
        return f"?{urlencode(query)}" if query else ""

    def to(self, name: str, **changed) -> str:
        return reverse(name) + self.query(**changed)

    def narrowed(self, part: Part) -> str:
        return self.to("reports:csi", part="" if part.whole else f"{part.dimension}:{part.key}")

    @property
    def tabs(self) -> list[dict]:
        labels = {
            periods.LAST_30_DAYS: _("Last 30 days"),
            periods.LAST_90_DAYS: _("Last 90 days"),
            periods.LAST_12_MONTHS: _("Last 12 months"),
            periods.LAST_24_MONTHS: _("Last 24 months"),
        }
        return [
            {
                "label": label,
                "active": name == self.form.preset,
                "url": self.to("reports:csi", period=name, since="", until=""),
            }
            for name, label in labels.items()
        ]


@requires("reports.view")
def dashboard(request):
    choice = Choice(request)
    board = Dashboard(choice.period, choice.part, today=choice.today)
    context = {
        "choice": choice,
        "board": board,
        "form": choice.form,
        "tabs": choice.tabs,
        "here": reverse("reports:csi"),
        "all_url": choice.narrowed(Part()),
    }
    if board.empty or choice.form.errors:
        context["ever"] = csi.any_answers()
    else:
        context |= _figures(board, choice)
        if request.staff.may("reports.export"):
            context |= {"export_url": choice.to("reports:csi_export"), "export_label": _("Download CSV")}
    return render(request, "reports/csi.html", context, status=200 if choice.form.is_valid() else 422)


def _figures(board: Dashboard, choice: Choice) -> dict:
    headline, factor_rows, splits, advisors = board.headline(), board.factors(), board.splits(), board.advisors()
    questions = board.questions() if choice.part.whole else []
    said = reasons(board, headline=headline, factors=factor_rows, splits=splits, questions=questions)
    label, pick, places = FIGURES[choice.show]
    step, points = board.trend()
    rows = [*advisors, *(row for _title, parts in splits for row in parts)]
    strip = charts.Strip([row.csi for row in rows], mark=board.now.of(Metric.CSI))

    def linked(parts):
        return [{"row": row, "url": choice.narrowed(row.part), "strip": strip.of(row.csi)} for row in parts]

    return {
        "headline": headline,
        **_verdict(board.csi_changed(), headline),
        "by_link": _by_link(headline),
        "trend_title": label(),
        "trend_n": pick(headline).n,
        "trend_note": _("band: 95 % interval; bars: answers; hollow: fewer than 30"),
        "factor_note": _("bar: 95 % interval; hollow: before"),
        "trend": charts.trend(
            points, pick, step=step, name=label(), places=places, versions=csi.new_versions(choice.period)
        ),
        "trend_tabs": [
            {"label": name(), "active": key == choice.show, "url": choice.to("reports:csi", show=key)}
            for key, (name, _pick, _places) in FIGURES.items()
        ],
        "factor_rows": factor_rows,
        "factor_chart": charts.factors(factor_rows),
        "reasons": [(reason, choice.narrowed(reason.part) if reason.part else "") for reason in said],
        "advisors": linked(advisors),
        "splits": [(title, linked(parts)) for title, parts in splits],
        "questions": questions,
        "answers_url": choice.to("reports:csi_answers", show=""),
        "low_url": choice.to("reports:csi_answers", show="", low="1"),
    }


def _verdict(changed: tuple[float, bool] | None, headline: Headline) -> dict:
    """The sentence on top of the reasons, and its tone."""
    if not headline.csi.shown:
        return {"changed_text": "", "csi_tone": ""}
    if changed is None:
        return {"changed_text": _("There is nothing to compare with yet."), "csi_tone": ""}
    points, real = changed
    if not real:
        text = _("The CSI moved by %(points)s points: no more than chance.")
        return {"changed_text": text % {"points": f"{points:+.0f}".replace("-", "−")}, "csi_tone": ""}
    text = _("The CSI rose by %(points)s points.") if points > 0 else _("The CSI fell by %(points)s points.")
    return {"changed_text": text % {"points": f"{abs(points):.0f}"}, "csi_tone": "ok" if points > 0 else "bad"}


def _by_link(headline: Headline) -> str:
    """How many of the invited answered by link: the other half of the response rate."""
    if not headline.by_link.n:
        return ""
    return _("by link %(share)s%% of %(n)s invited") % {
        "share": f"{headline.by_link.value:.1f}",
        "n": f"{headline.by_link.n:,}",
    }


@requires("reports.view")
def answers(request):
    """The answers behind a figure, the same period and part; only the low ones on request."""
    choice = Choice(request)
    low = request.GET.get("low") == "1"
    rows = csi.answers(choice.period, choice.part, zone=request.staff.store.tz)
    here = reverse("reports:csi_answers")
    context = {
        "choice": choice,
        "form": choice.form,
        "here": here,
        "page": web.page_of(request, rows.filter(low=True) if low else rows, PER_PAGE),
        "tabs": [
            {"label": _("All answers"), "active": not low, "url": choice.to("reports:csi_answers")},
            {"label": _("Low answers"), "active": low, "url": choice.to("reports:csi_answers", low="1")},
        ],
        "back_url": choice.to("reports:csi"),
    }
    return render(request, "reports/csi_answers.html", context, status=200 if choice.form.is_valid() else 422)


@requires("reports.export")
def export(request):
    """The page's figures as CSV, under the same rules: what is hidden there is hidden here."""
    choice = Choice(request)
    board = Dashboard(choice.period, choice.part, today=choice.today)
    name = f"csi-{request.staff.store.code}-{choice.period.since}-{choice.period.until}.csv"
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    sheets.write(answer, sheets.csi(board))
    return answer
