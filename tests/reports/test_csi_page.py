"""The CSI page: its states, what may be shown of small samples, and the way down to the answers."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from core import clock
from journal.testing import drain
from reports.choices import Standing
from reports.models import RollUp
from reports.queries import figures
from reports.queries.csi import Dashboard, Part
from reports.queries.periods import preset
from stores.access import in_store
from surveys.statistics import Sample
from tests import factories
from tests.reports.answers import Town

PAGE, ANSWERS, EXPORT = reverse("reports:csi"), reverse("reports:csi_answers"), reverse("reports:csi_export")


@pytest.fixture
def town(store):
    return Town(store, Random(5))


def fill(town: Town, answers: int, *, advisor=None, mood: float = 8.5, days: int = 60, **how) -> None:
    now = clock.now()
    for number in range(answers):
        visit = town.release(now - timedelta(days=2 + number % days), advisor=advisor)
        town.invite(visit)
        town.answer(visit, mood=mood, **how)


def text(response) -> str:
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def board_of(store, part=None, period="12m") -> Dashboard:
    today = clock.local_day(store.tz)
    return Dashboard(preset(period, today), part or Part(), today=today)


@pytest.fixture
def three_advisors(town):
    """40, 12 and 3 answers: ranked, shown without a rank, hidden."""
    for advisor, answers in zip(town.advisors, (40, 12, 3)):
        fill(town, answers, advisor=advisor)
    drain()
    return town


def test_without_answers_the_page_says_where_they_will_come_from(client_as):
    page = client_as("service_manager").get(PAGE)

    assert page.status_code == 200
    assert "还没有答卷。" in text(page)
    assert "data-chart" not in page.content.decode()


def test_figures_stand_with_their_sample_and_interval(three_advisors, client_as):
    page = text(client_as("service_manager").get(PAGE))

    csi = board_of(three_advisors.store).headline().csi
    assert csi.n > 40
    assert f"{csi.value:.0f} {csi.low:.0f}–{csi.high:.0f} n = {csi.n}" in page


def test_advisors_are_ranked_from_thirty_answers_and_hidden_below_ten(three_advisors, client_as):
    rows = {row.part.key: row for row in board_of(three_advisors.store).advisors()}
    many, some, few = (rows[str(advisor.pk)] for advisor in three_advisors.advisors)

    assert [row.csi.standing for row in (many, some, few)] == [Standing.SMALL, Standing.THIN, Standing.HIDDEN]
    assert [row.rank for row in (many, some, few)] == [1, None, None]
    page = client_as("service_manager").get(PAGE).content.decode()
    line = next(row for row in page.split("<tr") if f"part=advisor%3A{few.part.key}" in row and "row-link" in row)
    shown = [strip_tags(cell).strip() for cell in re.findall(r"<td[^>]*>.*?</td>", line, re.S)]
    assert shown[2:7] == ["–", "不足 10 份，不显示", "–", "–", "–"]


def test_what_the_page_hides_the_file_hides_as_well(three_advisors, client_as):
    answer = client_as("service_manager").get(EXPORT)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    few = three_advisors.advisors[2].name
    values = [row[3:7] for row in rows if row[1] == few and row[2] in ("CSI", "NPS")]
    assert len(values) == 2
    assert all(row[1:] == ["", "", ""] for row in values)
    top = next(row for row in rows if row[2] == "CSI")
    assert float(top[4]) == pytest.approx(board_of(three_advisors.store).headline().csi.value, abs=0.005)


def test_an_advisor_is_called_lower_only_beyond_chance(town):
    fill(town, 40, advisor=town.advisors[0], mood=9.2)
    fill(town, 40, advisor=town.advisors[1], mood=7.4)
    fill(town, 40, advisor=town.advisors[2], mood=8.3)
    drain()

    best, middle, worst = board_of(town.store).advisors()

    assert [row.part.key for row in (best, middle, worst)] == [str(town.advisors[place].pk) for place in (0, 2, 1)]
    assert (best.real, worst.real) == (True, True)
    assert best.against > 0 > worst.against
    # Drawn towards the store's mean, by 30 answers of its own.
    assert worst.csi.value < worst.shrunk < best.shrunk < best.csi.value


def test_a_late_car_is_named_as_the_reason(town, client_as):
    now = clock.now()
    for number in range(80):
        late = number % 3 == 0
        visit = town.release(now - timedelta(days=3 + number), late=late)
        town.answer(visit, mood=6.5 if late else 9)
    drain()

    page = text(client_as("service_manager").get(PAGE))

    assert re.search(r"首次承诺时间“晚于首次承诺”：CSI 比其他客户低 \d+ 分。", page)


def test_a_part_of_the_store_has_a_page_of_its_own(three_advisors, client_as):
    advisor = three_advisors.advisors[0]
    page = client_as("service_manager").get(PAGE, {"part": f"advisor:{advisor.pk}"})

    assert page.status_code == 200
    assert f"仅看：{advisor.name}" in text(page)
    assert page.context["headline"].answers == 40


def test_the_figure_leads_to_its_answers_and_they_to_the_visit(three_advisors, client_as):
    manager = client_as("service_manager")
    page = manager.get(ANSWERS, {"part": f"advisor:{three_advisors.advisors[1].pk}"})

    assert page.context["page"].paginator.count == 12
    row = page.context["page"].object_list[0]
    assert reverse("desk:visit", args=[row.visit_id]) in page.content.decode()
    low = manager.get(ANSWERS, {"low": "1"}).context["page"].paginator.count
    assert low == board_of(three_advisors.store).now.of("low").total


@pytest.mark.parametrize(
    "query",
    [{"since": "2026-05-02", "until": "2026-05-01"}, {"since": "x"}, {"part": "advisor:0"}, {"part": "moon:1"}],
)
def test_a_choice_that_cannot_be_is_refused_and_kept(three_advisors, client_as, query):
    page = client_as("service_manager").get(PAGE, query)

    assert page.status_code == 422
    # Nothing was to be saved here, so nothing is said of it.
    assert "筛选条件有误，无法显示。" in (said := page.content.decode()) and "未保存" not in said
    assert "headline" not in page.context
    assert page.context["form"].errors


def test_periods_of_names_and_of_own_days(three_advisors, client_as):
    manager = client_as("service_manager")
    today = clock.local_day(three_advisors.store.tz)
    usual = preset("90d", today)

    by_name = manager.get(PAGE, {"period": "90d"}).context["headline"]
    by_days = manager.get(PAGE, {"since": usual.since.isoformat(), "until": usual.until.isoformat()})

    assert by_days.context["headline"] == by_name
    assert [tab["active"] for tab in by_days.context["tabs"]] == [False, True, False, False]
    assert manager.get(PAGE, {"show": "nps", "period": "30d"}).status_code == 200


def test_as_many_queries_for_many_answers_as_for_few(town, client_as):
    manager = client_as("service_manager")
    counts = []
    for answers in (12, 36):
        fill(town, answers)
        drain()
        manager.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            manager.get(PAGE)
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 14


def test_another_stores_answers_are_not_counted(town, other_store, client_as):
    fill(town, 12)
    drain()
    with in_store(other_store):
        stranger = factories.staff(other_store, "service_manager")

    page = client_as(stranger).get(PAGE)

    assert "还没有答卷。" in text(page)
    assert RollUp.objects.count() > 0


def test_sums_of_promoters_and_detractors_come_back_from_their_mean():
    # 6 promoters, 3 passives, 1 detractor.
    figure = figures.nps(Sample(10, Decimal(5), Decimal(7)))

    assert (figure.n, figure.value) == (10, 50.0)
    assert figures.share(27, 30).low == pytest.approx(74.4, abs=0.05)
    assert figures.share(3, 0).value is None
