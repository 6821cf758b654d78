"""Why the CSI is what it is, in sentences: what moved it, what holds it down, and how far the answers can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.choices import Dimension
from reports.queries.csi import Dashboard, FactorRow, Headline, Part, PartRow, QuestionRow
from surveys import statistics

MOST = 6
# Less than a point of a thousand moves nobody.
WORTH_SAYING = 1.0


@dataclass(frozen=True)
class Reason:
    """One sentence; `weight` in CSI points orders them, `part` leads to the answers it speaks of."""

    tone: str  # bad, warn, ok, info
    icon: str
    text: str
    detail: str
    weight: float
    part: Part | None = None


def reasons(
    board: Dashboard,
    *,
    headline: Headline,
    factors: list[FactorRow],
    splits: list[tuple[str, list[PartRow]]],
    questions: list[QuestionRow],
) -> list[Reason]:
    """What is worth a manager's minute, the weightiest first, and how sure one may be at the end. Differences that may be chance are left out."""
    if not headline.csi.shown:
        return []
    if not board.part.whole:
        # The parts of the visits are known for the whole store alone.
        splits = []
    found = [*_moved(factors), *_parted(splits), *_missing(factors), *_weakest(questions)]
    found.sort(key=lambda reason: -reason.weight)
    return [*found[: MOST - 1], *_trust(headline, splits)][:MOST]


def _moved(factors: list[FactorRow]):
    for row in factors:
        if not row.real or row.change is None or abs(row.points) < WORTH_SAYING:
            continue
        down = row.change < 0
        sentence = (
            _("%(factor)s fell by %(change)s to %(score)s.")
            if down
            else _("%(factor)s rose by %(change)s to %(score)s.")
        )
        yield Reason(
            tone="bad" if down else "ok",
            icon="graph-down-arrow" if down else "graph-up-arrow",
            text=sentence
            % {"factor": row.label, "change": f"{abs(row.change):.2f}", "score": f"{row.score.value:.2f}"},
            detail=_("That is %(points)s points of the CSI (weight %(weight)s %%), more than chance.")
            % {"points": f"{row.points:+.0f}".replace("-", "−"), "weight": row.weight},
            # What got worse comes before what could be better.
            weight=abs(row.points) * (4 if down else 2),
        )


def _parted(splits):
    """Parts of the visits that pull the figure down: how much lower, how many, and what it costs the store."""
    for title, rows in splits:
        counted = sum(row.csi.n for row in rows)
        for row in rows:
            # By phone people are kinder; that is no reason for what they think.
            if row.part.dimension == Dimension.CHANNEL or not row.real or row.against is None or row.against >= 0:
                continue
            cost = -row.against * row.csi.n / counted
            if cost < WORTH_SAYING:
                continue
            yield Reason(
                tone="bad",
                icon="diagram-2",
                text=_("%(title)s – %(part)s: CSI %(less)s points lower than the others.")
                % {"title": title, "part": row.label, "less": f"{-row.against:.0f}"},
                detail=_("%(share)s %% of the answers; it costs the store %(points)s points.")
                % {"share": f"{100 * row.csi.n / counted:.0f}", "points": f"{cost:.0f}"},
                weight=cost * 2,
                part=row.part,
            )


def _missing(factors: list[FactorRow]):
    known = [row for row in factors if row.missing is not None]
    if not known:
        return
    row = max(known, key=lambda row: row.missing)
    yield Reason(
        tone="warn",
        icon="bullseye",
        text=_("Most is to be won at %(factor)s.") % {"factor": row.label},
        detail=_("%(missing)s of the %(all)s points that are missing to the full mark.")
        % {"missing": f"{row.missing:.0f}", "all": f"{sum(row.missing for row in known):.0f}"},
        weight=row.missing / 10,
    )


def _weakest(questions: list[QuestionRow]):
    scored = [row for row in questions if row.kind == "score" and row.figure.ranked]
    if len(scored) < 2:
        return
    row = min(scored, key=lambda row: row.figure.value)
    yield Reason(
        tone="warn",
        icon="question-circle",
        text=_("The weakest question: “%(question)s”, %(score)s of 10.")
        % {"question": row.text, "score": f"{row.figure.value:.2f}"},
        detail=_("95 %% interval %(low)s–%(high)s, n = %(n)s.")
        % {"low": f"{row.figure.low:.2f}", "high": f"{row.figure.high:.2f}", "n": row.figure.n},
        weight=10 - row.figure.value,
    )


def _trust(headline: Headline, splits):
    """Who answers may differ from who does not: said only where the intervals of the response rates lie apart."""
    for title, rows in splits:
        if not rows or rows[0].part.dimension == Dimension.CHANNEL:
            continue
        known = [row for row in rows if row.response.n >= statistics.RANKED_FROM]
        if len(known) < 2:
            continue
        least, most = (pick(known, key=lambda row: row.response.value) for pick in (min, max))
        if least.response.high >= most.response.low:
            continue
        yield Reason(
            tone="info",
            icon="people",
            text=_("Not everybody answers alike: %(least)s %(low)s %%, %(most)s %(high)s %%.")
            % {
                "least": least.label,
                "low": f"{least.response.value:.0f}",
                "most": most.label,
                "high": f"{most.response.value:.0f}",
            },
            detail=_("%(title)s: the store's figure leans towards those who answer.") % {"title": title},
            weight=0,
        )
        return
    if headline.answers < headline.needed:
        yield Reason(
            tone="info",
            icon="people",
            text=_("%(n)s answers; %(needed)s would tell a share to ± 5 points.")
            % {"n": headline.answers, "needed": headline.needed},
            detail=_("Of %(cars)s cars that left the store.") % {"cars": headline.released},
            weight=0,
        )
