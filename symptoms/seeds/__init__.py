"""The symptom tree a new store starts with: lamps, noises, leaks, brakes, starting, climate, driving, high voltage.

Written as a service advisor asks on the telephone: what, which, when, since when, can you still drive it safely. Every
store edits its own; a version that was published never changes.
"""

from __future__ import annotations

from catalogue.models import Operation
from core import clock
from stores.models import Store
from symptoms.models import Choice, LikelyOperation, Question, Result, TreeVersion
from symptoms.seeds.questions import FIRST, QUESTIONS
from symptoms.seeds.results import RESULTS


def seed(store: Store) -> TreeVersion:
    """Give a new store its tree, published, inside the store's scope. Not for a store that has one."""
    tree = plant(store, version=1)
    tree.published_at = tree.created_at
    tree.save(update_fields=["published_at"])
    return tree


def plant(store: Store, *, version: int) -> TreeVersion:
    """The tree as a draft. Operations the store does not have (any more) are left out of what is likely."""
    tree = TreeVersion.objects.create(store=store, version=version, created_at=clock.now())
    results = _results(store, tree)
    rows = Question.objects.bulk_create(
        Question(store=store, tree=tree, code=code, first=code == FIRST, name_zh=zh, name_en=en)
        for code, (zh, en, _choices) in QUESTIONS.items()
    )
    questions = {row.code: row for row in rows}
    Choice.objects.bulk_create(
        Choice(
            store=store,
            question=questions[code],
            position=position,
            name_zh=zh,
            name_en=en,
            next_question=questions.get(to.removeprefix("?")) if to.startswith("?") else None,
            result=results[to.removeprefix("!")] if to.startswith("!") else None,
        )
        for code, (_zh, _en, choices) in QUESTIONS.items()
        for position, (zh, en, to) in enumerate(choices, start=1)
    )
    return tree


def _results(store: Store, tree: TreeVersion) -> dict[str, Result]:
    rows = Result.objects.bulk_create(
        Result(
            store=store,
            tree=tree,
            code=code,
            urgency=row.urgency,
            name_zh=row.name_zh,
            name_en=row.name_en,
            advice_zh=row.advice_zh,
            advice_en=row.advice_en,
        )
        for code, row in RESULTS.items()
    )
    operations = dict(Operation.objects.filter(store=store, active=True).values_list("code", "pk"))
    LikelyOperation.objects.bulk_create(
        LikelyOperation(store=store, result=row, operation_id=operations[code], position=position)
        for row in rows
        for position, code in enumerate(RESULTS[row.code].likely, start=1)
        if code in operations
    )
    return {row.code: row for row in rows}
