"""The CSI page's figures: what customers think of the store, where it comes from, and what changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from customers.choices import Powertrain
from reports.choices import FACTOR, Arrival, Dimension, Grain, Kept, Metric, Rework, Step, Way
from reports.models import RollUp
from reports.queries import figures
from reports.queries.figures import Figure
from reports.queries.periods import Period
from reports.queries.sums import NOTHING, Sums, course, totals
from stores.models import Staff
from surveys import statistics
from surveys.choices import Channel, FactorCode, ItemKind
from surveys.models import Factor, Item, Questionnaire, Response
from surveys.statistics import Sample

# Parts a page can be narrowed to; the questions are a part of none.
SPLITS = (Dimension.CHANNEL, Dimension.PROMISE, Dimension.ARRIVAL, Dimension.REWORK, Dimension.POWERTRAIN)
LABELS = {
    Dimension.CHANNEL: Way,
    Dimension.PROMISE: Kept,
    Dimension.ARRIVAL: Arrival,
    Dimension.REWORK: Rework,
    Dimension.POWERTRAIN: Powertrain,
}
TREND = (Metric.CSI, Metric.NPS, Metric.LOW, Metric.RELEASED)


@dataclass(frozen=True)
class Part:
    """What a page is about: the whole store, or one advisor, channel, …"""

    dimension: str = Dimension.STORE
    key: str = ""

    @property
    def whole(self) -> bool:
        return self.dimension == Dimension.STORE

    @property
    def label(self) -> str:
        if self.whole:
            return _("Whole store")
        if self.dimension == Dimension.ADVISOR:
            return advisor_names([self.key]).get(self.key, self.key)
        return str(dict(LABELS[self.dimension].choices).get(self.key, self.key))


@dataclass(frozen=True)
class Headline:
    """The figures on top, each with what it was before."""

    csi: Figure
    nps: Figure
    low: Figure
    response: Figure
    by_link: Figure
    csi_before: Figure
    nps_before: Figure
    low_before: Figure
    response_before: Figure
    answers: int
    released: int
    needed: int  # answers for ± 5 points of a share


@dataclass(frozen=True)
class FactorRow:
    code: str
    label: str
    weight: int
    score: Figure
    before: Figure
    change: float | None  # of the mean score
    real: bool  # more than chance
    points: float | None  # what the change did to the CSI
    missing: float | None  # points to the full mark


@dataclass(frozen=True)
class PartRow:
    """One advisor, or one part of a split."""

    part: Part
    label: str
    csi: Figure
    nps: Figure
    low: Figure
    response: Figure
    shrunk: float | None = None
    rank: int | None = None
    against: float | None = None  # mean minus that of all others
    real: bool = False


@dataclass(frozen=True)
class QuestionRow:
    text: str
    factor: str
    kind: str
    figure: Figure
    before: Figure


@dataclass(frozen=True)
class Point:
    """A point of the trend: first day of the step, and the figures then."""

    first: date
    csi: Figure
    nps: Figure
    low: Figure
    response: Figure


class Dashboard:
    """Everything of one page: two sums of all parts (now and before), read once, and what is derived from them."""

    def __init__(self, period: Period, part: Part, *, today: date):
        self.period, self.part, self.today = period, part, today
        # Only the whole store is split up, and only its questions and its part are compared with what was before.
        own = {Dimension.STORE, part.dimension}
        self.now: Sums = totals(period, today=today, dimensions=Dimension.values if part.whole else own)
        self.before: Sums = totals(period.before, today=today, dimensions=own | {Dimension.ITEM} if part.whole else own)
        self.weights = weights()

    @property
    def empty(self) -> bool:
        return not self._of(Metric.LOW).n

    def _of(self, metric: str, sums: Sums | None = None) -> Sample:
        return (sums or self.now).of(metric, self.part.dimension, self.part.key)

    def headline(self) -> Headline:
        released = self._of(Metric.RELEASED).n
        by_link = self.now.of(Metric.LOW, Dimension.CHANNEL, Channel.LINK).n if self.part.whole else 0
        return Headline(
            csi=figures.mean(self._of(Metric.CSI)),
            nps=figures.nps(self._of(Metric.NPS)),
            low=figures.share_of(self._of(Metric.LOW)),
            response=self._response(self.now),
            by_link=figures.share(by_link, self._of(Metric.INVITED).n if self.part.whole else 0),
            csi_before=figures.mean(self._of(Metric.CSI, self.before)),
            nps_before=figures.nps(self._of(Metric.NPS, self.before)),
            low_before=figures.share_of(self._of(Metric.LOW, self.before)),
            response_before=self._response(self.before),
            answers=self._of(Metric.LOW).n,
            released=released,
            needed=statistics.sample_size(released, 0.05),
        )

    def _response(self, sums: Sums, part: Part | None = None) -> Figure:
        """Answers per car released. By channel there is no such rate: a car is not released to a channel."""
        part = part or self.part
        if part.dimension == Dimension.CHANNEL:
            released = sums.of(Metric.RELEASED)
        else:
            released = sums.of(Metric.RELEASED, part.dimension, part.key)
        return figures.share(sums.of(Metric.LOW, part.dimension, part.key).n, released.n)

    def csi_changed(self) -> tuple[float, bool] | None:
        """(points since the period before, more than chance), None where either is too small."""
        now, before = self._of(Metric.CSI), self._of(Metric.CSI, self.before)
        if min(now.n, before.n) < statistics.HIDDEN_BELOW:
            return None
        low, high = statistics.difference_interval(now, before)
        return now.mean - before.mean, low > 0 or high < 0

    def factors(self) -> list[FactorRow]:
        """The five factors in the order of the customer's day."""
        codes = [code for code in FactorCode.values if self.weights.get(code) or self._of(FACTOR + code).n]
        pairs = [(self._of(FACTOR + code), self._of(FACTOR + code, self.before)) for code in codes]
        rows = []
        for code, (now, before), real in zip(codes, pairs, figures.beyond_chance(pairs)):
            score, earlier, weight = figures.mean(now), figures.mean(before), self.weights.get(code, 0)
            change = score.value - earlier.value if score.shown and earlier.shown else None
            rows.append(
                FactorRow(
                    code=code,
                    label=str(FactorCode(code).label),
                    weight=weight,
                    score=score,
                    before=earlier,
                    change=change,
                    real=real,
                    points=None if change is None else change * weight,
                    missing=(10 - score.value) * weight if score.shown else None,
                )
            )
        return rows

    def advisors(self) -> list[PartRow]:
        """By the shrunk score, best first; who has fewer than 30 answers stands below without a rank, whoever has fewer than 10 without figures."""
        store = self.now.of(Metric.CSI)
        keys = {key for key in self.now.keys(Dimension.ADVISOR) if self.now.of(Metric.LOW, Dimension.ADVISOR, key).n}
        names = advisor_names(keys)
        rows = self._rows(Dimension.ADVISOR, sorted(keys), names)
        ranked = [row for row in rows if row.csi.ranked]
        shrunk = {row.part.key: statistics.shrink(row.csi.n, row.csi.value, store.mean) for row in ranked}
        ranked.sort(key=lambda row: -shrunk[row.part.key])
        placed = [
            PartRow(**{**vars(row), "shrunk": shrunk[row.part.key], "rank": place})
            for place, row in enumerate(ranked, start=1)
        ]
        return placed + sorted((row for row in rows if not row.csi.ranked), key=lambda row: (-row.csi.n, row.label))

    def splits(self) -> list[tuple[str, list[PartRow]]]:
        """(what is told apart, its parts) for each split that has at least two parts with answers."""
        found = []
        for dimension in SPLITS:
            known = self.now.parts(dimension, Metric.LOW)
            labels = LABELS[dimension]
            keys = [key for key in labels.values if key in known]
            if len(keys) > 1:
                found.append((str(dimension.label), self._rows(dimension, keys, dict(labels.choices))))
        return found

    def _rows(self, dimension: str, keys: list[str], names: dict[str, str]) -> list[PartRow]:
        store = self.now.of(Metric.CSI)
        samples = [self.now.of(Metric.CSI, dimension, key) for key in keys]
        others = [figures.rest(store, sample) for sample in samples]
        rows = []
        for key, sample, other, real in zip(keys, samples, others, figures.beyond_chance(list(zip(samples, others)))):
            comparable = min(sample.n, other.n) >= statistics.HIDDEN_BELOW
            rows.append(
                PartRow(
                    part=Part(dimension, key),
                    label=str(names.get(key, key)),
                    csi=figures.mean(sample),
                    nps=figures.nps(self.now.of(Metric.NPS, dimension, key)),
                    low=figures.share_of(self.now.of(Metric.LOW, dimension, key)),
                    response=self._response(self.now, Part(dimension, key)),
                    against=sample.mean - other.mean if comparable else None,
                    real=real,
                )
            )
        return rows

    def questions(self) -> list[QuestionRow]:
        """Each question in the order it is asked: mean score, or the share of “yes”."""
        keys = self.now.keys(Dimension.ITEM)
        items = Item.objects.filter(pk__in=[int(key) for key in keys]).select_related("factor")
        rows = []
        for item in items.order_by("-questionnaire__version", "position"):
            key, yes = str(item.pk), item.kind == ItemKind.YES_NO
            metric, figure = (Metric.YES, figures.share_of) if yes else (Metric.SCORE, figures.mean)
            rows.append(
                QuestionRow(
                    text=item.text,
                    factor=str(FactorCode(item.factor.code).label) if item.factor else "",
                    kind="yes" if yes else "score",
                    figure=figure(self.now.of(metric, Dimension.ITEM, key)),
                    before=figure(self.before.of(metric, Dimension.ITEM, key)),
                )
            )
        return rows

    def trend(self) -> tuple[Step, list[Point]]:
        """The course of the figures: by the finest step at which most points may be shown at all."""
        for step in self.period.steps:
            points = self._points(step)
            if 2 * sum(point.csi.shown for point in points) >= len(points):
                break
        return step, points

    def _points(self, step: Step) -> list[Point]:
        part = self.part
        found = course(self.period, TREND, step=step, today=self.today, dimension=part.dimension, key=part.key)
        whole = found
        if part.dimension == Dimension.CHANNEL:
            whole = course(self.period, [Metric.RELEASED], step=step, today=self.today)
        points = []
        for first, sums in found.items():
            low, released = sums.get(Metric.LOW, NOTHING), whole.get(first, {}).get(Metric.RELEASED, NOTHING)
            points.append(
                Point(
                    first=first,
                    csi=figures.mean(sums.get(Metric.CSI, NOTHING)),
                    nps=figures.nps(sums.get(Metric.NPS, NOTHING)),
                    low=figures.share_of(low),
                    response=figures.share(low.n, released.n),
                )
            )
        return points


def weights() -> dict[str, int]:
    """Weight in percent by factor code, of the questionnaire in force."""
    in_force = Factor.objects.filter(questionnaire__published_at__isnull=False, questionnaire__retired_at=None)
    return dict(in_force.values_list("code", "weight"))


def new_versions(period: Period) -> list[Questionnaire]:
    """Questionnaires that came into force within the period: figures before and after them are of different studies."""
    return list(
        Questionnaire.objects.filter(published_at__date__range=(period.since, period.until), version__gt=1).order_by(
            "version"
        )
    )


def advisor_names(keys) -> dict[str, str]:
    """{key of a roll-up: name}, of those who have left as well."""
    return {
        str(pk): name for pk, name in Staff.objects.filter(pk__in=[int(key) for key in keys]).values_list("pk", "name")
    }


def answers(period: Period, part: Part, *, zone: tzinfo) -> QuerySet[Response]:
    """The answers behind a figure: of cars released on these days of the store's clock, of one part, the newest first."""
    since, until = (datetime.combine(day, time.min, zone) for day in (period.since, period.until + timedelta(days=1)))
    rows = Response.objects.filter(released_at__gte=since, released_at__lt=until).filter(_belongs(part))
    return rows.select_related("visit__vehicle", "visit__customer", "advisor", "case").order_by("-released_at", "-pk")


def _belongs(part: Part) -> Q:
    """The condition under which the reactions counted an answer for this part."""
    booked = Q(visit__due_in_at__isnull=False)
    timed = Q(visit__first_promised_at__isnull=False, visit__ready_at__isnull=False)
    kept = Q(visit__ready_at__lte=F("visit__first_promised_at"))
    return {
        Dimension.STORE: lambda: Q(),
        Dimension.ADVISOR: lambda: Q(advisor_id=int(part.key)),
        Dimension.CHANNEL: lambda: Q(channel=part.key),
        Dimension.ARRIVAL: lambda: booked if part.key == Arrival.BOOKED else ~booked,
        Dimension.PROMISE: lambda: {Kept.KEPT: timed & kept, Kept.BROKEN: timed & ~kept}.get(part.key, ~timed),
        Dimension.REWORK: lambda: Q(visit__round__gt=1) if part.key == Rework.AGAIN else Q(visit__round=1),
        Dimension.POWERTRAIN: lambda: Q(visit__vehicle__powertrain=part.key),
    }[part.dimension]()


def any_answers() -> bool:
    """Whether anybody ever answered in this store."""
    return RollUp.objects.filter(grain=Grain.MONTH, dimension=Dimension.STORE, metric=Metric.LOW).exists()


def known_advisors() -> dict[str, str]:
    """Whom the page can be narrowed to, by name: everybody for whose cars there was an answer."""
    rows = RollUp.objects.filter(grain=Grain.MONTH, dimension=Dimension.ADVISOR, metric=Metric.LOW)
    names = advisor_names(rows.order_by().values_list("key", flat=True).distinct())
    return dict(sorted(names.items(), key=lambda pair: pair[1]))
