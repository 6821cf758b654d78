"""The never-miss board (五个不错过): five counts with their trend, the way of every case, and each violation with its owner."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from complaints.models import Case
from core import clock, web
from reports.choices import Rule, Violation
from reports.domain import never_miss
from reports.models import NeverMissFinding, NeverMissRun
from reports.queries import closed_loop, findings
from reports.queries.closed_loop import Loop
from reports.queries.findings import Night
from reports.views import sheets
from stores.access import requires
from stores.models import Staff

PER_PAGE = 50
CASE, VISIT = "complaints.case", "visits.visit"
COLOURS = ("--accent", "--ok-dot", "--warn-dot", "--idle-dot", "--bad-dot")


@requires("reports.view")
def board(request):
    run = findings.newest()
    rule = Rule(request.GET["rule"]) if request.GET.get("rule") in Rule.values else None
    owner = _owner(request.GET.get("owner", ""))
    context = {"run": run, "rule": rule, "owner": owner}
    if run:
        standings = findings.standings(run)
        rows = findings.open_findings(rule, owner)
        context |= {
            "standings": [(row, _here(rule=row.rule.value)) for row in standings],
            "total": sum(row.violations for row in standings),
            "cleared": findings.cleared_since(clock.now() - timedelta(days=7)),
            "page": _with_links(web.page_of(request, rows, PER_PAGE)),
            "tabs": [
                {
                    "label": _("All"),
                    "active": rule is None,
                    "url": _here(),
                    "count": sum(r.violations for r in standings),
                },
                *(
                    {
                        "label": row.rule.label,
                        "active": rule == row.rule,
                        "url": _here(rule=row.rule.value),
                        "count": row.violations,
                    }
                    for row in standings
                ),
            ],
            "trend": _trend(findings.nights()),
            "loop": _funnel(closed_loop.loop(clock.now())),
            "rate": _rate(run),
            "may_export": request.staff.may("reports.export"),
        }
    return render(request, "reports/never_miss.html", context)


@requires("reports.view")
def check(request):
    """“Check now”: prove the five rules on the spot."""

    def told(run: NeverMissRun) -> str:
        count = sum(run.counts.values_list("violations", flat=True))
        text = ngettext("Checked: %(count)s violation.", "Checked: %(count)s violations.", count) % {"count": count}
        messages.success(request, text if count else _("Checked: nothing was missed."))
        return reverse("reports:never_miss")

    return web.act(request, lambda: never_miss.check(request.staff.store, by=request.staff), done=told)


@requires("reports.export")
def export(request):
    """The open violations, as the page lists them."""
    rule = Rule(request.GET["rule"]) if request.GET.get("rule") in Rule.values else None
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    today = clock.local_day(request.staff.store.tz)
    answer["Content-Disposition"] = f'attachment; filename="never-miss-{request.staff.store.code}-{today}.csv"'
    sheets.write(answer, _lines(findings.open_findings(rule, _owner(request.GET.get("owner", "")))))
    return answer


def _lines(rows):
    yield [
        _("Rule"),
        _("Violation"),
        _("Repair order"),
        _("Plate"),
        _("Has to act"),
        _("Was due"),
        _("Found"),
        _("Case"),
    ]
    numbers = dict(
        Case.objects.filter(pk__in=rows.filter(subject_kind=CASE).values("subject_id")).values_list("pk", "number")
    )
    for row in rows:
        yield [
            findings.rule_of(row).label,
            Violation(row.violation).label,
            row.visit.number if row.visit else "",
            row.visit.vehicle.plate if row.visit else "",
            row.owner.name if row.owner else "",
            *(f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "" for at in (row.due_at, row.found_at)),
            numbers.get(row.subject_id, "") if row.subject_kind == CASE else "",
        ]


def _here(**query) -> str:
    address = reverse("reports:never_miss")
    return address + "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else address


def _owner(text: str) -> Staff | None:
    return Staff.objects.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 18 else None


def _with_links(page):
    """Each violation with the page on which it is put right, and what it is called there."""
    cases = {row.subject_id for row in page if row.subject_kind == CASE}
    numbers = dict(Case.objects.filter(pk__in=cases).values_list("pk", "number"))
    for row in page:
        row.rule = findings.rule_of(row)
        row.url, row.title = _place(row, numbers)
    return page


def _place(row: NeverMissFinding, numbers: dict[int, str]) -> tuple[str, str]:
    if row.subject_kind == CASE:
        return reverse("complaints:case", args=[row.subject_id]), numbers.get(row.subject_id, "")
    return (reverse("desk:visit", args=[row.visit_id]), row.visit.number) if row.visit_id else ("", "")


def _rate(run: NeverMissRun) -> dict:
    """All five kept: of the cases of the last 90 days, with how many they were."""
    return {
        "value": f"{run.all_five / run.issues * 100:.0f}%" if run.issues else "",
        "n": run.issues,
        "tone": "" if not run.issues or run.all_five == run.issues else "warn",
    }


def _trend(nights: list[Night]) -> dict:
    names = [formats.date_format(row.night, "m-d") for row in nights]
    option = {
        "grid": {"top": 36, "bottom": 0},
        "legend": {"left": 0, "right": "auto"},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "min": 0, "minInterval": 1},
        "series": [
            {
                "type": "line",
                "name": name,
                "data": [row.violations.get(rule, 0) for row in nights],
                "symbolSize": 4,
                "lineStyle": {"width": 2, "color": colour},
                "itemStyle": {"color": colour},
            }
            for rule, name, colour in zip(Rule, _short(), COLOURS)
        ],
    }
    head = [_("Night"), *(str(rule.label) for rule in Rule), _("All five kept"), _("Cases")]
    rows = [
        [
            f"{row.night:%Y-%m-%d}",
            *(row.violations.get(rule, 0) for rule in Rule),
            None if row.rate is None else f"{row.rate * 100:.0f}%",
            row.issues,
        ]
        for row in reversed(nights)
    ]
    return {"option": option, "head": head, "rows": rows, "n": len(nights)}


def _short() -> list[str]:
    """The five rules in a word each, for a legend."""
    return [
        pgettext("never miss", "Follow"),
        pgettext("never miss", "Record"),
        pgettext("never miss", "Solve"),
        pgettext("never miss", "Re-check"),
        pgettext("never miss", "Feed back"),
    ]


def _funnel(loop: Loop) -> list[dict]:
    """The steps of the cases of the last 90 days: how many got so far, as a share of those that were opened."""
    steps = (
        (_("Case opened"), loop.opened),
        (_("Customer answered"), loop.answered),
        (_("Solved"), loop.solved),
        (_("Re-checked, customer satisfied"), loop.rechecked),
        (_("Sales told"), loop.told),
        (_("Sales answered"), loop.sales_answered),
    )
    most = loop.opened or 1
    return [{"label": label, "n": n, "share": n / most, "width": round(n / most * 100, 1)} for label, n in steps]
