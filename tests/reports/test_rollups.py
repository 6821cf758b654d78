"""The roll-ups against a slow count over the raw rows that shares no code with them, whatever the order and batches of the journal."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from core import clock
from journal import registry, runner
from journal.testing import drain
from reports.choices import Step
from reports.models import RollUp
from reports.queries.csi import Dashboard, Part, answers
from reports.queries.periods import Period, add_months, preset
from reports.queries.sums import course, totals
from reports.reactions.csi import NAMES
from surveys.models import Answer, FactorScore, Response
from tests.reports.answers import Town
from visits.models import Visit

SHANGHAI = ZoneInfo("Asia/Shanghai")


def live(town: Town, random: Random, *, cars: int) -> set[int]:
    """Months of releases, invitations and answers, journalled in no order of time and digested in between; returns who was invited."""
    now, waiting, invited = clock.now(), [], set()
    for _n in range(cars):
        # Around midnight of the store as well, which is another day in UTC.
        left = now - timedelta(days=random.randrange(1, 400), minutes=random.randrange(1440))
        visit = town.release(left, late=random.random() < 0.3, booked=random.random() < 0.5)
        waiting.append(visit)
        if random.random() < 0.7:
            town.invite(visit)
            invited.add(visit.pk)
        # Late: somebody whose car left long ago answers now.
        if random.random() < 0.6:
            due = waiting.pop(random.randrange(len(waiting)))
            town.answer(due, mood=random.uniform(4, 10), channel=random.choice(["link", "phone"]))
        if random.random() < 0.1:
            digest(random)
    return invited


def digest(random: Random) -> None:
    """One batch of one reaction, of any size."""
    runner.ensure_cursors()
    runner.run(registry.reaction(random.choice(NAMES)), limit=random.randrange(1, 9), raising=True)


def slow_count(invited: set[int]) -> dict[tuple, list]:
    """{(day, dimension, key, metric): [n, total, squares]}, row by row."""
    sums: dict[tuple, list] = defaultdict(lambda: [0, Decimal(0), Decimal(0)])

    def add(day, where, metric, value):
        for dimension, key in where:
            entry = sums[day, dimension, key, metric]
            entry[0] += 1
            entry[1] += Decimal(value)
            entry[2] += Decimal(value) ** 2

    def where_of(visit):
        promise = "none"
        if visit.first_promised_at and visit.ready_at:
            promise = "broken" if visit.ready_at > visit.first_promised_at else "kept"
        return [
            ("store", ""),
            ("advisor", str(visit.advisor_id)),
            ("arrival", "booked" if visit.due_in_at else "walk_in"),
            ("promise", promise),
            ("rework", "again" if visit.round > 1 else "straight"),
            ("powertrain", visit.vehicle.powertrain),
        ]

    for visit in Visit.objects.exclude(released_at=None).select_related("vehicle"):
        day = visit.released_at.astimezone(SHANGHAI).date()
        add(day, where_of(visit), "released", 1)
        if visit.pk in invited:
            add(day, where_of(visit), "invited", 1)
    for answer in Response.objects.select_related("visit__vehicle"):
        day = answer.released_at.astimezone(SHANGHAI).date()
        where = [*where_of(answer.visit), ("channel", answer.channel)]
        add(day, where, "low", int(answer.low))
        for metric in ("csi", "overall"):
            if getattr(answer, metric) is not None:
                add(day, where, metric, getattr(answer, metric))
        if answer.nps is not None:
            add(day, where, "nps", 1 if answer.nps > 8 else -1 if answer.nps < 7 else 0)
        if answer.problem is not None:
            add(day, where, "problem", int(answer.problem))
        for factor in FactorScore.objects.filter(response=answer):
            add(day, where, f"factor.{factor.code}", factor.score)
        for given in Answer.objects.filter(response=answer, item__factor__isnull=False):
            add(day, [("item", str(given.item_id))], "score", given.score)
    return dict(sums)


def by_month(sums: dict[tuple, list]) -> dict[tuple, list]:
    months: dict[tuple, list] = {}
    for (day, *rest), values in sums.items():
        entry = months.setdefault((date(day.year, day.month, 1), *rest), [0, Decimal(0), Decimal(0)])
        months[date(day.year, day.month, 1), *rest] = [a + b for a, b in zip(entry, values)]
    return months


def kept(grain: str) -> dict[tuple, list]:
    rows = RollUp.objects.filter(grain=grain)
    return {(row.day, row.dimension, row.key, row.metric): [row.n, row.total, row.squares] for row in rows}


@pytest.mark.parametrize("seed", [1, 2])
def test_rollups_equal_a_slow_count_over_random_journals_with_late_events(store, seed):
    random = Random(seed)
    town = Town(store, random)

    invited = live(town, random, cars=60)
    drain()

    slow = slow_count(invited)
    assert kept("day") == slow
    assert kept("month") == by_month(slow)

    today = clock.local_day(store.tz)
    for _n in range(12):
        since = today - timedelta(days=random.randrange(0, 420))
        until = min(since + timedelta(days=random.choice([0, 5, 40, 200, 500])), today)
        found = totals(Period(since, until), today=today)
        for dimension, key, metric in {where[1:] for where in slow}:
            inside = [
                values
                for (day, *rest), values in slow.items()
                if rest == [dimension, key, metric] and since <= day <= until
            ]
            sample = found.of(metric, dimension, key)
            assert (sample.n, sample.total, sample.squares) == tuple(sum(column) for column in zip(*inside)) or (
                not inside and sample.n == 0
            )


def test_rebuilding_from_the_journal_ends_in_the_same_rows(store):
    town = Town(store, Random(3))
    invited = live(town, Random(4), cars=20)
    drain()
    before = kept("day"), kept("month")

    call_command("rebuild_rollups")
    assert not RollUp.objects.exists()
    drain()

    assert (kept("day"), kept("month")) == before
    assert before[0] == slow_count(invited)


def test_the_answers_behind_a_part_are_as_many_as_its_figure_says(store):
    town = Town(store, Random(6))
    live(town, Random(6), cars=40)
    drain()
    today = clock.local_day(store.tz)
    period = preset("12m", today)

    board = Dashboard(period, Part(), today=today)

    parts = [
        Part(),
        *(row.part for row in board.advisors()),
        *(row.part for _t, rows in board.splits() for row in rows),
    ]
    assert len(parts) > 8
    for part in parts:
        counted = board.now.of("low", part.dimension, part.key).n
        assert (part, answers(period, part, zone=store.tz).count()) == (part, counted)


def test_steps_of_the_trend_add_up_to_the_period(store):
    town = Town(store, Random(8))
    live(town, Random(8), cars=30)
    drain()
    today = clock.local_day(store.tz)

    for name in ("30d", "90d", "12m", "24m"):
        period = preset(name, today)
        total = totals(period, today=today)
        for step in Step:
            points = course(period, ["low", "released"], step=step, today=today)
            for metric in ("low", "released"):
                assert sum(point[metric].n for point in points.values() if metric in point) == total.of(metric).n


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        # As many days before.
        ("2026-03-10", "2026-03-19", ("2026-02-28", "2026-03-09")),
        # The same months a year earlier, the running one as far as it has come.
        ("2025-12-01", "2026-11-21", ("2024-12-01", "2025-11-21")),
        # A leap day has no fellow.
        ("2023-03-01", "2024-02-29", ("2022-03-01", "2023-02-28")),
    ],
)
def test_what_a_period_is_compared_with(since, until, before):
    period = Period(date.fromisoformat(since), date.fromisoformat(until))

    assert (period.before.since.isoformat(), period.before.until.isoformat()) == before


def test_months_are_added_to_the_last_day_of_a_shorter_month():
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 3, 31), -13) == date(2023, 2, 28)
    assert datetime(2024, 1, 1, tzinfo=SHANGHAI).date() == add_months(date(2023, 1, 1), 12)
