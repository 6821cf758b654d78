"""What the runs wrote down about the five rules: the counts now and over time, and the violations that are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from core import clock
from reports.choices import RULE_OF, Rule, Trigger
from reports.models import NeverMissCount, NeverMissFinding, NeverMissRun
from reports.queries.never_miss import KINDS
from stores.models import Staff

NIGHTS_SHOWN = 60


@dataclass(frozen=True)
class Standing:
    """One rule as the newest run found it; `before`: violations in the run of an earlier day, None if there is none."""

    rule: Rule
    checked: int
    violations: int
    before: int | None


def newest() -> NeverMissRun | None:
    return NeverMissRun.objects.select_related("by").order_by("-at", "-pk").first()


def standings(run: NeverMissRun) -> list[Standing]:
    """The five rules in their order, beside the newest nightly run of an earlier day."""
    earlier = (
        NeverMissRun.objects.filter(at__lt=run.at, trigger=Trigger.NIGHTLY)
        .exclude(night=clock.local_day(run.store.tz, run.at))
        .order_by("-at", "-pk")
        .first()
    )
    counts = NeverMissCount.objects.filter(run__in=[run.pk, *([earlier.pk] if earlier else [])])
    rows = {(row.run_id, row.rule): row for row in counts}
    found = []
    for rule in Rule:
        now, before = rows[(run.pk, rule.value)], rows.get((earlier.pk, rule.value)) if earlier else None
        found.append(Standing(rule, now.checked, now.violations, before.violations if before else None))
    return found


@dataclass(frozen=True)
class Night:
    """Violations by rule in one nightly run, and the rate of cases that kept all five (None without a case)."""

    night: date
    violations: dict[Rule, int]
    checked: dict[Rule, int]
    issues: int
    all_five: int

    @property
    def rate(self) -> float | None:
        return self.all_five / self.issues if self.issues else None


def nights(limit: int = NIGHTS_SHOWN) -> list[Night]:
    """The newest nightly runs, the oldest of them first."""
    runs = list(
        NeverMissRun.objects.filter(trigger=Trigger.NIGHTLY).order_by("-night").prefetch_related("counts")[:limit]
    )
    return [
        Night(
            run.night,
            {Rule(row.rule): row.violations for row in run.counts.all()},
            {Rule(row.rule): row.checked for row in run.counts.all()},
            run.issues,
            run.all_five,
        )
        for run in reversed(runs)
    ]


def open_findings(rule: Rule | None = None, owner: Staff | None = None) -> QuerySet[NeverMissFinding]:
    """Violations that stand, the longest due first, with car, customer and whoever has to act."""
    rows = NeverMissFinding.objects.filter(cleared_at=None).select_related(
        "owner__role", "visit__vehicle", "visit__customer"
    )
    if rule:
        rows = rows.filter(violation__in=[violation.value for violation in KINDS[rule]])
    if owner:
        rows = rows.filter(owner=owner)
    return rows.order_by("due_at", "pk")


def cleared_since(at: datetime) -> int:
    return NeverMissFinding.objects.filter(cleared_at__gt=at).count()


def rule_of(finding: NeverMissFinding) -> Rule:
    return RULE_OF[finding.violation]
