"""Which tree is asked, what a customer's answers mean, and how often the workshop found the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from catalogue import queries as catalogue
from catalogue.models import Operation
from stores.models import Store
from symptoms import rules
from symptoms.choices import Agreement, Urgency
from symptoms.models import Choice, LikelyOperation, Question, Result, SymptomCheck, TreeVersion
from visits.models import Visit


def in_force() -> TreeVersion | None:
    """The tree customers of the store in scope are asked by; None where the store asks nothing."""
    return TreeVersion.objects.filter(published_at__isnull=False, retired_at=None).first()


def draft_of() -> TreeVersion | None:
    """The version somebody works on."""
    return TreeVersion.objects.filter(published_at=None).order_by("-version").first()


def newest_version() -> int:
    return TreeVersion.objects.aggregate(newest=Max("version"))["newest"] or 0


def versions() -> QuerySet[TreeVersion]:
    """All versions, newest first, with their numbers of questions, results and checks."""
    return TreeVersion.objects.annotate(
        question_count=Count("questions", distinct=True),
        result_count=Count("results", distinct=True),
        check_count=Count("checks", distinct=True),
    ).order_by("-version")


# --- A tree as it is asked ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A question with the choice that was taken."""

    question: Question
    choice: Choice


@dataclass(frozen=True)
class Walk:
    """How far some answers lead: the steps, then the next question or the result."""

    tree: TreeVersion
    steps: list[Step] = field(default_factory=list)
    question: Question | None = None
    result: Result | None = None

    @property
    def choices(self) -> list[int]:
        return [step.choice.pk for step in self.steps]


def questions(tree: TreeVersion) -> list[Question]:
    """The tree's questions in the order they can be asked in (out of reach ones last), each with `answers`, its choices
    with where they lead. A fixed number of queries."""
    answers = Prefetch(
        "choices", Choice.objects.select_related("next_question", "result").order_by("position"), to_attr="answers"
    )
    rows = {row.pk: row for row in tree.questions.prefetch_related(answers).order_by("-first", "pk")}
    order: dict[int, Question] = {}
    for pk, row in rows.items():
        waiting = [pk] if row.first else []
        while waiting:
            current = waiting.pop(0)
            if current not in order:
                order[current] = rows[current]
                waiting += [a.next_question_id for a in rows[current].answers if a.next_question_id]
    return [*order.values(), *(row for pk, row in rows.items() if pk not in order)]


def results(tree: TreeVersion) -> list[Result]:
    """The tree's results by urgency (stop first), each with `likely` operations loaded in their order."""
    likely = Prefetch("likely", LikelyOperation.objects.select_related("operation").order_by("position"))
    urgency = {code: place for place, code in enumerate(Urgency.values)}
    return sorted(tree.results.prefetch_related(likely), key=lambda row: (urgency[row.urgency], row.pk))


def outline(tree: TreeVersion) -> rules.Outline:
    """The tree as ids, for `rules.faults`."""
    asked = questions(tree)
    return rules.Outline(
        first=next((row.pk for row in asked if row.first), None),
        choices={row.pk: [_leads_to(choice) for choice in row.answers] for row in asked},
        results=frozenset(tree.results.values_list("pk", flat=True)),
    )


def _leads_to(choice: Choice) -> rules.To:
    if choice.result_id:
        return rules.To("result", choice.result_id)
    return rules.To("question", choice.next_question_id)


def walk(tree: TreeVersion, choices: Sequence[int]) -> Walk | None:
    """Follow answers (ids of choices) from the first question. None where they are not answers to this tree's questions
    in this order: an address somebody wrote himself, or a version that is no longer asked."""
    asked = {row.pk: row for row in questions(tree)}
    question, result, steps = next((row for row in asked.values() if row.first), None), None, []
    for pk in choices:
        choice = next((answer for answer in question.answers if answer.pk == pk), None) if question else None
        if choice is None:
            return None
        steps.append(Step(question, choice))
        question, result = asked.get(choice.next_question_id), choice.result
    return Walk(tree, steps, question, result)


def read_path(text: str) -> list[int]:
    """Ids of choices in an address ("12.34"), one more than any tree asks at most; rubbish reads as a choice that does not
    exist."""
    parts = [part for part in text.split(".") if part][: rules.MAX_QUESTIONS + 1]
    return [int(part) if part.isascii() and part.isdecimal() and len(part) < 19 else 0 for part in parts]


# --- What it may come to --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Estimate:
    """What is likely, and the span of time and price over these operations: one of them, not all of them."""

    operations: list[Operation]
    minutes_low: int
    minutes_high: int
    low: Decimal
    high: Decimal

    @property
    def one_time(self) -> bool:
        return self.minutes_low == self.minutes_high

    @property
    def hours_low(self) -> Decimal:
        return _hours(self.minutes_low)

    @property
    def hours_high(self) -> Decimal:
        return _hours(self.minutes_high)


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(Decimal("0.1")).normalize() + 0


def estimate(result: Result, store: Store) -> Estimate | None:
    """Time and price of the operations a result makes likely, as the booking menu tells them. None where no operation is
    named, or all of them have been given up."""
    place = dict(result.likely.values_list("operation", "position"))
    found = sorted(catalogue.priced(store, list(place)).items(), key=lambda row: place[row[0]])
    if not found:
        return None
    rows = [row for _pk, row in found]
    minutes = [row.minutes for row in rows]
    low, high = min(row.price_low for row in rows), max(row.price_high for row in rows)
    return Estimate([row.operation for row in rows], min(minutes), max(minutes), low, high)


# --- What customers answered ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    """A check for people: the questions with the answers taken, what they mean, and the customer's own words."""

    check: SymptomCheck
    answers: list[tuple[str, str]]
    result: Result | None
    likely: list[Operation]

    @property
    def summary(self) -> str:
        """The answers in one line, for a form with little room."""
        return " · ".join(answer for _question, answer in self.answers)


def by_token(token) -> SymptomCheck | None:
    """The check behind a token of the scope's store."""
    return SymptomCheck.objects.select_related("result", "tree").filter(token=token).first()


def of_visit(visit: Visit) -> list[Answered]:
    """What the customer answered before he came, oldest first: fills the reception form. Four queries for any number."""
    return read(SymptomCheck.objects.filter(visit=visit).order_by("at", "pk"))


def read(checks: QuerySet[SymptomCheck]) -> list[Answered]:
    """Checks with their questions and answers in words, by the version each was asked by."""
    likely = Prefetch("result__likely", LikelyOperation.objects.select_related("operation").order_by("position"))
    rows = list(checks.select_related("result").prefetch_related(likely))
    ids = {pk for row in rows for pk in row.choices}
    taken = {row.pk: row for row in Choice.objects.select_related("question").filter(pk__in=ids)} if ids else {}
    return [
        Answered(
            check=row,
            answers=[(taken[pk].question.name, taken[pk].name) for pk in row.choices if pk in taken],
            result=row.result,
            likely=[entry.operation for entry in row.result.likely.all()] if row.result else [],
        )
        for row in rows
    ]


# --- Whether it was right -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreed:
    """How the workshop's findings compare with one result; `by` counts of each Agreement."""

    result: str
    urgency: str
    hit: int
    miss: int
    nothing: int

    @property
    def n(self) -> int:
        return self.hit + self.miss + self.nothing

    @property
    def share(self) -> Decimal | None:
        """Share of hits in percent, None below ten comparisons: too few to say anything."""
        return Decimal(100 * self.hit) / self.n if self.n >= FEW else None


FEW = 10


def agreement(store: Store, *, since: date, until: date) -> list[Agreed]:
    """Per result the comparisons of a span of the store's days (both included), most compared first."""
    begin = datetime.combine(since, datetime.min.time(), store.tz)
    end = datetime.combine(until + timedelta(days=1), datetime.min.time(), store.tz)
    rows = (
        SymptomCheck.objects.filter(compared_at__gte=begin, compared_at__lt=end, result__isnull=False)
        .values("result__code")
        .annotate(
            name=Max("result__pk"),
            hit=Count("pk", filter=Q(agreement=Agreement.HIT)),
            miss=Count("pk", filter=Q(agreement=Agreement.MISS)),
            nothing=Count("pk", filter=Q(agreement=Agreement.NOTHING)),
        )
        .order_by()
    )
    # A result keeps its code from version to version; the newest name is shown.
    newest = Result.objects.in_bulk([row["name"] for row in rows])
    found = [
        Agreed(newest[row["name"]].name, newest[row["name"]].urgency, row["hit"], row["miss"], row["nothing"])
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row.n, row.result))


def missed(store: Store, *, since: date, limit: int = 30) -> list[SymptomCheck]:
    """The latest checks that pointed elsewhere than the finding, with visit and line: what the tree can learn from."""
    begin = datetime.combine(since, datetime.min.time(), store.tz)
    rows = SymptomCheck.objects.filter(compared_at__gte=begin, agreement=Agreement.MISS, visit__isnull=False)
    return list(rows.select_related("visit__vehicle", "result", "found_line").order_by("-compared_at")[:limit])
