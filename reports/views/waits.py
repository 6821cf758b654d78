"""Where the process waits: ranked by minutes lost, then one wait by hour and weekday, then the cars behind it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from core import clock, web
from reports.choices import ROUND_THE_CLOCK, WaitKind
from reports.domain.standards import set_standards
from reports.forms import StandardsForm, WaitFilter
from reports.queries import periods, waits
from reports.queries.waits import Line, Times
from reports.views import heat, sheets
from stores.access import requires

PER_PAGE = 50
LASTING_SHOWN = 10


class Choice:
    """What the address asks for: the period, the figure of the heat table, an hour of the week; and addresses that keep it."""

    def __init__(self, request):
        self.form = WaitFilter(request.GET, today=clock.local_day(request.staff.store.tz))
        self.period = self.form.period
        self.show = request.GET.get("show") if request.GET.get("show") in heat.FIGURES else heat.LOST
        self.weekday = _whole(request.GET.get("weekday"), 6)
        self.hour = _whole(request.GET.get("hour"), 23)
        self.over = request.GET.get("over") == "1"

    @property
    def status(self) -> int:
        return 200 if self.form.is_valid() else web.UNPROCESSABLE

    def to(self, name: str, *args, **extra) -> str:
        kept = (
            {"since": self.period.since, "until": self.period.until}
            if self.form.own_dates
            else {"period": self.form.preset}
        )
        query = {key: value for key, value in {**kept, **extra}.items() if value not in ("", None)}
        return reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")

    def tabs(self, name: str, *args) -> list[dict]:
        labels = {
            periods.LAST_30_DAYS: _("Last 30 days"),
            periods.LAST_90_DAYS: _("Last 90 days"),
            periods.LAST_12_MONTHS: _("Last 12 months"),
        }
        current = "" if self.form.own_dates else self.form.preset or periods.LAST_30_DAYS
        return [
            {"label": label, "active": key == current, "url": f"{reverse(name, args=args)}?period={key}"}
            for key, label in labels.items()
        ]


def _whole(text: str | None, most: int) -> int | None:
    """A whole number from 0 to `most`, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= most else None


@requires("reports.view")
def ranked(request):
    choice = Choice(request)
    lines = waits.ranking(request.staff.store, choice.period)
    cars = [line for line in lines if not line.kind.is_stage]
    worst = next((line for line in cars if line.times.lost), None)
    context = {
        "choice": choice,
        "tabs": choice.tabs("reports:waits"),
        "worst": worst,
        "worst_url": choice.to("reports:wait", worst.kind.value) if worst else "",
        "lost": sum(line.times.lost for line in cars),
        "lasting": sum(line.lasting for line in cars),
        "tables": [
            (_("Waits"), [(line, choice.to("reports:wait", line.kind.value)) for line in cars]),
            (
                _("Stages"),
                [(line, choice.to("reports:wait", line.kind.value)) for line in lines if line.kind.is_stage],
            ),
        ],
        "chart": heat.ranking(cars),
        "n": sum(line.times.n for line in cars),
        "lines": lines,
        "csv_url": choice.to("reports:waits_csv"),
        **_may(request),
    }
    return render(request, "reports/waits.html", context, status=choice.status)


@requires("reports.view")
def one(request, kind: str):
    """One wait: its times, when in the week it comes, and the cars that wait now."""
    kind, choice = _kind(kind), Choice(request)
    store = request.staff.store
    cells = waits.heat(store, choice.period, kind)
    context = {
        "choice": choice,
        "kind": kind,
        "meaning": MEANING[kind](),
        "counts": _("Every minute counts.") if kind in ROUND_THE_CLOCK else _("Minutes of opening hours count."),
        "line": waits.line(store, choice.period, kind),
        "tabs": choice.tabs("reports:wait", kind.value),
        "figures": [
            {
                "label": label(),
                "active": key == choice.show,
                "url": choice.to("reports:wait", kind.value, show="" if key == heat.LOST else key),
            }
            for key, label in heat.FIGURES.items()
        ],
        "chart": heat.week(cells, choice.show),
        "table": heat.table(
            cells, choice.show, lambda day, hour: choice.to("reports:wait_visits", kind.value, weekday=day, hour=hour)
        ),
        "worst": [
            (
                f"{WEEKDAYS[day]} {hour}:00–{hour + 1}:00",
                times,
                choice.to("reports:wait_visits", kind.value, weekday=day, hour=hour),
            )
            for (day, hour), times in heat.worst(cells)
        ],
        "trend": heat.trend(waits.trend(store, choice.period, kind)),
        "lasting": waits.lasting(kind)[:LASTING_SHOWN],
        "visits_url": choice.to("reports:wait_visits", kind.value),
        "over_url": choice.to("reports:wait_visits", kind.value, over="1"),
        "back_url": choice.to("reports:waits"),
    }
    return render(request, "reports/wait.html", context, status=choice.status)


@requires("reports.view")
def visits(request, kind: str):
    """The cars behind a figure: of a period, an hour of the week, or those above the standard."""
    kind, choice = _kind(kind), Choice(request)
    standard = waits.standards(request.staff.store)[kind]
    rows = waits.stretches(
        kind, choice.period, weekday=choice.weekday, hour=choice.hour, over=standard if choice.over else None
    )
    narrowed = {"weekday": choice.weekday, "hour": choice.hour}
    context = {
        "choice": choice,
        "kind": kind,
        "standard": standard,
        "page": web.page_of(request, rows, PER_PAGE),
        "lead": _when(choice),
        "tabs": [
            {
                "label": label,
                "active": choice.over == over,
                "url": choice.to("reports:wait_visits", kind.value, **narrowed, over="1" if over else ""),
            }
            for label, over in ((_("All"), False), (_("Above the standard"), True))
        ],
        "csv_url": choice.to("reports:wait_csv", kind.value, **narrowed, over="1" if choice.over else ""),
        "back_url": choice.to("reports:wait", kind.value),
        **_may(request),
    }
    return render(request, "reports/wait_visits.html", context, status=choice.status)


@requires("standards.edit")
def standards(request):
    """How many minutes each wait may take before it counts as lost."""
    form = StandardsForm(standards=waits.standards(request.staff.store))
    return web.handle(
        request,
        form,
        lambda data: set_standards(form.minutes, by=request.staff),
        template="reports/wait_standards.html",
        done=reverse("reports:waits"),
    )


@requires("reports.export")
def ranked_csv(request):
    choice = Choice(request)
    answer = _sheet(request, choice, "waits")
    head = [_("Wait"), "n", _("Median (min)"), _("Lower bound"), _("Upper bound"), _("90th percentile (min)")]
    rows = [[*head, _("Standard (min)"), _("Above the standard"), _("Minutes lost"), _("Waiting now")]]
    for line in waits.ranking(request.staff.store, choice.period):
        rows.append([*_cells(line), line.lasting])
    sheets.write(answer, rows)
    return answer


@requires("reports.export")
def visits_csv(request, kind: str):
    kind, choice = _kind(kind), Choice(request)
    standard = waits.standards(request.staff.store)[kind]
    rows = waits.stretches(
        kind, choice.period, weekday=choice.weekday, hour=choice.hour, over=standard if choice.over else None
    )
    answer = _sheet(request, choice, f"wait-{kind.value}")
    sheets.write(answer, _stretches(rows.iterator(2000), standard, request.staff.store.tz))
    return answer


def _stretches(rows, standard: int, zone):
    head = [_("Repair order"), _("Plate"), _("Service advisor"), _("Began"), _("Ended")]
    yield [*head, _("Minutes"), _("Minutes that count"), _("Above the standard")]
    for row in rows:
        times = [f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (row.started_at, row.ended_at)]
        who = [row.visit.number, row.visit.vehicle.plate, row.visit.advisor.name if row.visit.advisor else ""]
        counted = row.counted / 60
        yield [*who, *times, round(row.seconds / 60, 1), round(counted, 1), round(max(counted - standard, 0), 1)]


def _sheet(request, choice: Choice, name: str) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    days = f"{choice.period.since}-{choice.period.until}"
    answer["Content-Disposition"] = f'attachment; filename="{name}-{request.staff.store.code}-{days}.csv"'
    return answer


def _cells(line: Line) -> list:
    times: Times = line.times
    minutes = [
        "" if value is None else round(value, 1)
        for value in (times.median, times.low, times.high, None if times.thin else times.p90)
    ]
    return [line.kind.label, times.n, *minutes, line.standard, times.over, round(times.lost)]


def _may(request) -> dict:
    return {"may_export": request.staff.may("reports.export"), "may_set": request.staff.may("standards.edit")}


def _kind(text: str) -> WaitKind:
    try:
        return WaitKind(text)
    except ValueError:
        raise Http404(text) from None


def _when(choice: Choice) -> str:
    days = " – ".join(formats.date_format(day, "Y-m-d") for day in (choice.period.since, choice.period.until))
    parts = [days]
    if choice.weekday is not None:
        parts.append(str(WEEKDAYS[choice.weekday]))
    if choice.hour is not None:
        parts.append(f"{choice.hour}:00–{choice.hour + 1}:00")
    return " · ".join(parts)


# What begins and what ends each wait, as the page explains it.
MEANING = {
    WaitKind.GREETING: lambda: _(
        "From arrival until the customer was greeted; until the walk-around was done where nobody noted it."
    ),
    WaitKind.DISPATCH: lambda: _(
        "From the customer's agreement (or the car's entry into repair) until the job has a technician."
    ),
    WaitKind.BAY: lambda: _("From dispatch until work begins, and pauses for want of a bay."),
    WaitKind.PARTS: lambda: _("While a part is asked for and not handed out, and pauses for parts."),
    WaitKind.APPROVAL: lambda: _(
        "From an added item's proposal until the customer's answer, and pauses for the customer."
    ),
    WaitKind.SUPPORT: lambda: _("Pauses for technical support."),
    WaitKind.INSPECTION: lambda: _("From the passed cross-check until the final inspector's verdict."),
    WaitKind.WASH: lambda: _("From the wash queue until washing begins or is waived."),
    WaitKind.CASHIER: lambda: _("From the end of handover until everything is paid or the gate pass is issued."),
    WaitKind.STAGE_RECEPTION: lambda: _("The whole stage, from entering it to leaving it."),
}
MEANING |= {kind: MEANING[WaitKind.STAGE_RECEPTION] for kind in WaitKind if kind.is_stage}
