"""Changing a draft: questions, their choices and where they lead, results and what they make likely."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from catalogue.models import Operation
from core.errors import Conflict, DomainError
from core.positions import swap
from stores.models import Staff
from symptoms.choices import Urgency
from symptoms.domain.versions import lock_draft
from symptoms.models import Choice, LikelyOperation, Question, Result, TreeVersion


@dataclass(frozen=True)
class ChoiceInput:
    """An answer and where it leads: to a question or to a result of the same tree, never to both."""

    name_zh: str
    name_en: str = ""
    next_question: Question | None = None
    result: Result | None = None


@dataclass(frozen=True)
class ResultInput:
    """What a way through the tree means; `likely` operations, the likeliest first."""

    name_zh: str
    urgency: Urgency | str
    name_en: str = ""
    advice_zh: str = ""
    advice_en: str = ""
    likely: Sequence[Operation] = ()


@transaction.atomic
def add_question(tree: TreeVersion, *, name_zh: str, name_en: str = "", by: Staff) -> Question:
    """A new question without answers; the first one of an empty tree is the one everybody is asked."""
    tree = lock_draft(tree)
    _named(name_zh)
    return Question.objects.create(
        store_id=tree.store_id,
        tree=tree,
        code=_code("q"),
        first=not tree.questions.filter(first=True).exists(),
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
    )


@transaction.atomic
def change_question(question: Question, *, name_zh: str, name_en: str = "", by: Staff) -> Question:
    """Word a question differently."""
    question = _lock(question, question.tree)
    _named(name_zh)
    question.name_zh, question.name_en = name_zh.strip(), name_en.strip()
    question.save(update_fields=["name_zh", "name_en"])
    return question


@transaction.atomic
def remove_question(question: Question, *, by: Staff) -> None:
    """Take a question with its answers out of a draft; Conflict while another answer leads to it."""
    question = _lock(question, question.tree)
    if question.asked_after.exists():
        raise Conflict(_("An answer still leads to this question. Let it lead elsewhere first."), code="still_asked")
    question.delete()


@transaction.atomic
def add_choice(question: Question, *, choice: ChoiceInput, by: Staff) -> Choice:
    """Put a new answer at the end of a question."""
    question = _lock(question, question.tree)
    _check(choice, question)
    last = question.choices.aggregate(at=Max("position"))["at"] or 0
    return Choice.objects.create(
        store_id=question.store_id,
        question=question,
        position=last + 1,
        name_zh=choice.name_zh.strip(),
        name_en=choice.name_en.strip(),
        next_question=choice.next_question,
        result=choice.result,
    )


@transaction.atomic
def change_choice(row: Choice, *, choice: ChoiceInput, by: Staff) -> Choice:
    """Word an answer differently, or let it lead elsewhere."""
    row = _lock(row, row.question.tree)
    _check(choice, row.question)
    row.name_zh, row.name_en = choice.name_zh.strip(), choice.name_en.strip()
    row.next_question, row.result = choice.next_question, choice.result
    row.save(update_fields=["name_zh", "name_en", "next_question", "result"])
    return row


@transaction.atomic
def move_choice(row: Choice, *, up: bool, by: Staff) -> None:
    """Swap an answer with its neighbour; at the end of the list nothing happens."""
    row = _lock(row, row.question.tree)
    swap(row, Choice.objects.filter(question_id=row.question_id), up=up)


@transaction.atomic
def remove_choice(row: Choice, *, by: Staff) -> None:
    """Take an answer out of a draft."""
    _lock(row, row.question.tree).delete()


@transaction.atomic
def add_result(tree: TreeVersion, *, result: ResultInput, by: Staff) -> Result:
    tree = lock_draft(tree)
    _named(result.name_zh)
    row = Result(store_id=tree.store_id, tree=tree, code=_code("r"))
    return _write(row, result)


@transaction.atomic
def change_result(row: Result, *, result: ResultInput, by: Staff) -> Result:
    """Say otherwise what a way through the draft means."""
    row = _lock(row, row.tree)
    _named(result.name_zh)
    return _write(row, result)


@transaction.atomic
def remove_result(row: Result, *, by: Staff) -> None:
    """Take a result out of a draft; Conflict while an answer leads to it."""
    row = _lock(row, row.tree)
    if Choice.objects.filter(result=row).exists():
        raise Conflict(_("An answer still leads to this result. Let it lead elsewhere first."), code="still_led_to")
    row.delete()


def _write(row: Result, result: ResultInput) -> Result:
    if result.urgency not in Urgency.values:
        raise DomainError(_("Choose how urgent it is."), code="urgency_missing")
    row.urgency = result.urgency
    for field in ("name_zh", "name_en", "advice_zh", "advice_en"):
        setattr(row, field, getattr(result, field).strip())
    row.save()
    row.likely.all().delete()
    LikelyOperation.objects.bulk_create(
        LikelyOperation(store_id=row.store_id, result=row, operation=operation, position=position)
        for position, operation in enumerate(dict.fromkeys(result.likely), start=1)
    )
    return row


def _lock(row, tree: TreeVersion):
    """The row as it is now, its draft locked; Conflict when it was taken out meanwhile."""
    lock_draft(tree)
    locked = type(row).objects.filter(pk=row.pk).first()
    if locked is None:
        raise Conflict(_("This item was taken out meanwhile."), code="gone")
    return locked


def _named(name_zh: str) -> None:
    if not name_zh.strip():
        raise DomainError(_("Enter the Chinese words."), code="name_missing")


def _check(choice: ChoiceInput, question: Question) -> None:
    _named(choice.name_zh)
    if (choice.next_question is None) == (choice.result is None):
        raise DomainError(_("Say where this answer leads: to a question or to a result."), code="leads_nowhere")
    target = choice.next_question or choice.result
    if target.tree_id != question.tree_id:
        raise DomainError(_("An answer leads to questions and results of the same version."), code="other_version")
    if choice.next_question == question:
        raise DomainError(_("An answer cannot lead back to its own question."), code="own_question")


def _code(kind: str) -> str:
    """A code for what staff add; the seeds' own are words. It stays the same from version to version."""
    return f"{kind}-{secrets.token_hex(4)}"
