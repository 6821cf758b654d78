"""The wait pages: figures against plain Python, who may see them, what bad input does, how many queries they take."""

from __future__ import annotations

import csv
import io
import statistics
from datetime import timedelta
from random import Random

import pytest
from django.urls import reverse

from reports.choices import WaitKind
from reports.domain.standards import set_standards
from reports.models import Wait, WaitStandard
from reports.queries import waits
from reports.queries.periods import Period
from reports.templatetags import reports_waits
from tests.reports.waiting import MINUTE, START
from visits.models import Visit

DAY = START.date()
WEEK = f"?since={DAY}&until={DAY + timedelta(days=6)}"


def wait(visit: Visit, kind: str, minute: int, minutes: float | None, counted: float | None = None) -> Wait:
    """A row as the reaction writes it: began at a minute after Monday 08:00 in the store, lasted so many."""
    start = START + minute * MINUTE
    local = start.astimezone(visit.store.tz)
    return Wait.objects.create(
        store=visit.store,
        visit=visit,
        kind=kind,
        started_at=start,
        ended_at=None if minutes is None else start + minutes * MINUTE,
        seconds=None if minutes is None else round(minutes * 60),
        counted=None if minutes is None else round((minutes if counted is None else counted) * 60),
        day=local.date(),
        weekday=local.weekday(),
        hour=local.hour,
    )


def test_the_figures_are_what_python_makes_of_the_same_minutes(make_visit):
    random, visit = Random(5), make_visit()
    minutes = {kind: [random.randrange(1, 90) for _ in range(n)] for kind, n in (("parts", 40), ("wash", 7))}
    for kind, lengths in minutes.items():
        for place, length in enumerate(lengths):
            wait(visit, kind, place * 100, length)
    wait(visit, "parts", 5000, None)
    wait(visit, "parts", 12 * 24 * 60, 500)  # outside the period
    lines = {line.kind: line for line in waits.ranking(visit.store, Period(DAY, DAY + timedelta(days=6)))}
    assert set(lines) == {"parts", "wash"}
    for kind, lengths in minutes.items():
        times, standard = lines[kind].times, waits.STANDARD_MINUTES[WaitKind(kind)]
        assert times.n == len(lengths)
        assert times.median == statistics.median(lengths)
        assert times.p90 == pytest.approx(statistics.quantiles(lengths, n=10, method="inclusive")[8])
        assert times.low <= times.median <= times.high
        assert times.over == sum(length > standard for length in lengths)
        assert times.lost == sum(max(length - standard, 0) for length in lengths)
    assert (lines["parts"].lasting, lines["wash"].lasting) == (1, 0)
    assert lines["wash"].times.thin and not lines["parts"].times.thin
    cells = waits.heat(visit.store, Period(DAY, DAY + timedelta(days=6)), WaitKind.PARTS)
    assert sum(cell.n for cell in cells.values()) == 40
    assert sum(cell.lost for cell in cells.values()) == lines["parts"].times.lost


@pytest.mark.parametrize(
    ("days", "points"),
    [
        (20, [("2026-03-02", 2), ("2026-03-10", 1)]),
        (60, [("2026-03-02", 2), ("2026-03-09", 1)]),
        (500, [("2026-03-01", 3)]),
    ],
)
def test_a_trend_is_as_fine_as_the_period_is_short(make_visit, days, points):
    visit = make_visit()
    for minute in (0, 60, 8 * 24 * 60):
        wait(visit, "parts", minute, 20)
    found = waits.trend(visit.store, Period(DAY, DAY + timedelta(days=days)), WaitKind.PARTS)
    assert [(f"{day}", times.n) for day, times in found] == points


def test_the_interval_of_a_median_holds_it_nineteen_times_in_twenty(make_visit):
    """Samples from a skewed distribution whose median is known: 20 minutes."""
    visit, random, held = make_visit(), Random(11), 0
    for _sample in range(60):
        Wait.objects.all().delete()
        Wait.objects.bulk_create(
            Wait(
                store=visit.store, visit=visit, kind="parts", started_at=START + n * MINUTE,
                ended_at=START + (n + 90_000) * MINUTE, seconds=90_000 * 60, counted=round(60 * 20 * random.lognormvariate(0, 1)),
                day=DAY, weekday=0, hour=9,
            )
            for n in range(60)
        )  # fmt: skip
        times = waits.line(visit.store, Period(DAY, DAY), WaitKind.PARTS).times
        held += times.low <= 20 <= times.high
    assert held >= 53


def test_the_worst_wait_leads_down_to_its_cars(make_visit, client_as):
    quick, slow = make_visit(), make_visit()
    wait(quick, "wash", 60, 5)
    wait(slow, "parts", 65, 600, 200)
    manager = client_as("service_manager")
    ranked = manager.get(reverse("reports:waits") + WEEK)
    assert [row[0].kind for row in ranked.context["tables"][0][1]] == ["parts", "wash"]
    assert ranked.context["worst"].times.lost == 185
    address = ranked.context["worst_url"]
    page = manager.get(address)
    assert page.status_code == 200
    (_name, times, cars) = page.context["worst"][0]
    assert times.lost == 185
    listed = manager.get(cars)
    assert [row.visit_id for row in listed.context["page"]] == [slow.pk]
    assert reverse("desk:visit", args=[slow.pk]) in listed.content.decode()


def test_the_sheet_has_the_rows_of_the_page(make_visit, client_as):
    visit = make_visit()
    wait(visit, "parts", 65, 600, 200)
    manager = client_as("service_manager")
    text = manager.get(reverse("reports:wait_csv", args=["parts"]) + WEEK).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][:2] == [visit.number, visit.vehicle.plate]
    assert rows[1][5:] == ["600.0", "200.0", "185.0"]
    ranked = manager.get(reverse("reports:waits_csv") + WEEK).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(ranked)))[1][1:] == ["1", "200.0", "200.0", "200.0", "", "15", "1", "185", "0"]


def test_a_standard_of_the_store_changes_what_is_lost(make_visit, client_as, other_store):
    visit, manager = make_visit(), client_as("service_manager")
    wait(visit, "parts", 60, 45)
    page = reverse("reports:wait_standards")
    given = {kind.value: minutes for kind, minutes in waits.standards(visit.store).items()}
    assert manager.post(page, given | {"parts": "40"}).status_code == 303
    assert list(WaitStandard.objects.values_list("kind", "minutes")) == [("parts", 40)]
    assert waits.line(visit.store, Period(DAY, DAY), WaitKind.PARTS).times.lost == 5
    assert manager.post(page, given | {"parts": "-1"}).status_code == 422
    assert manager.post(page, given).status_code == 303
    assert not WaitStandard.objects.exists()


def test_only_whoever_sets_standards_sets_them(staff):
    from core.errors import NotAllowed

    with pytest.raises(NotAllowed):
        set_standards({WaitKind.PARTS: 5}, by=staff("advisor"))
    assert not WaitStandard.objects.exists()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?since=2026-03-09&until=2026-03-02", 422),
        ("?since=nonsense", 422),
        ("?period=nonsense&show=nonsense&weekday=9&hour=-1&page=7", 200),
        ("?since=1200-01-01&until=2026-03-02", 422),
        ("?weekday=%F0%9F%9A%97&hour=²", 200),
    ],
)
def test_bad_input_is_refused_or_passed_by(make_visit, client_as, query, status):
    wait(make_visit(), "parts", 60, 45)
    manager = client_as("service_manager")
    for address in (
        reverse("reports:waits"),
        *(reverse(name, args=["parts"]) for name in ("reports:wait", "reports:wait_visits")),
    ):
        assert manager.get(address + query).status_code == status


def test_who_may_look(make_visit, client, client_as, other_store, staff):
    wait(make_visit(), "parts", 60, 45)
    addresses = [
        reverse("reports:waits"),
        reverse("reports:wait", args=["parts"]),
        reverse("reports:wait_csv", args=["parts"]),
    ]
    technician, stranger = client_as("technician"), client
    abroad = client_as(staff("service_manager", store=other_store))
    for address in addresses:
        assert technician.get(address).status_code == 403
        assert stranger.get(address).status_code == 302
        assert abroad.get(address + WEEK).status_code == 200
    assert abroad.get(addresses[0] + WEEK).context["lines"] == []
    assert client_as("service_manager").get(reverse("reports:wait", args=["nothing"])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_cars(make_visit, client_as, django_assert_max_num_queries):
    manager = client_as("service_manager")
    for round_ in range(3):
        wait(make_visit(), "parts", 60 + round_, 45)
        wait(make_visit(), "parts", 90 + round_, None)
        for name, most in (("reports:wait", 14), ("reports:wait_visits", 10)):
            with django_assert_max_num_queries(most):
                manager.get(reverse(name, args=["parts"]) + WEEK)


def test_a_page_without_any_wait_says_so(client_as):
    page = client_as("general_manager").get(reverse("reports:waits"))
    assert page.status_code == 200
    assert "<h1>" in page.content.decode()


@pytest.mark.parametrize(("low", "high", "said"), [(0.2, 6.0, "0–6 分钟"), (12.0, 75.0, "12 分钟–1 小时 15 分")])
def test_an_interval_names_its_unit_once(low, high, said):
    times = waits.Times(n=20, median=5.0, low=low, high=high)

    assert said in reports_waits.median_text(times)
