"""Versions of the symptom tree: drafted from the one in force, changed piece by piece, published once it is sound."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from journal.domain import record
from stores.models import Staff
from symptoms import queries, rules, seeds
from symptoms.choices import Urgency
from symptoms.events import TreePublished
from symptoms.models import Choice, LikelyOperation, Question, Result, TreeVersion


class TreeFaulty(DomainError):
    """The draft cannot be asked yet; `blockers` are the sentences."""

    def __init__(self, blockers: list[str]):
        self.blockers = blockers
        super().__init__(_("This version cannot be published yet: %(why)s") % {"why": " ".join(blockers)}, "faulty")


@transaction.atomic
def draft(*, by: Staff) -> TreeVersion:
    """The version being worked on: the existing draft, else a copy of the one in force, else the usual tree. Customers
    are asked nothing new until it is published."""
    if existing := queries.draft_of():
        return existing
    current, version = queries.in_force(), queries.newest_version() + 1
    try:
        with transaction.atomic():
            return _copy(current, version) if current else seeds.plant(by.store, version=version)
    except IntegrityError as error:
        raise Conflict(_("Somebody else has just begun a new version. Reload the page to see it.")) from error


def _copy(old: TreeVersion, version: int) -> TreeVersion:
    store_id = old.store_id
    new = TreeVersion.objects.create(store_id=store_id, version=version, created_at=clock.now())
    results = {row.pk: _fresh(row, tree=new) for row in old.results.order_by("pk")}
    Result.objects.bulk_create(results.values())
    LikelyOperation.objects.bulk_create(
        LikelyOperation(
            store_id=store_id, result=results[row.result_id], operation_id=row.operation_id, position=row.position
        )
        for row in LikelyOperation.objects.filter(result__tree=old)
    )
    questions = {row.pk: _fresh(row, tree=new) for row in old.questions.order_by("pk")}
    Question.objects.bulk_create(questions.values())
    Choice.objects.bulk_create(
        _fresh(
            row,
            question=questions[row.question_id],
            next_question=questions.get(row.next_question_id),
            result=results.get(row.result_id),
        )
        for row in Choice.objects.filter(question__tree=old).order_by("pk")
    )
    return new


def _fresh(row, **changed):
    """An unsaved copy of a row with some fields changed."""
    same = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    for name in changed:
        same.pop(row._meta.get_field(name).attname, None)
    return type(row)(**same, **changed)


def faults(tree: TreeVersion) -> list[tuple[str, str, int | None]]:
    """(sentence, "question" | "result" | "", id) of everything that keeps the tree from being asked."""
    names = {row.pk: row.name for row in tree.questions.all()}
    rows = {row.pk: row for row in queries.results(tree)}
    found = []
    for fault in rules.faults(queries.outline(tree)):
        kind = "result" if fault.code == "unreached_result" else "question" if fault.id else ""
        name = rows[fault.id].name if kind == "result" else names.get(fault.id, "")
        found.append((_sentence(fault.code, name), kind, fault.id))
    for row in rows.values():
        if row.urgency != Urgency.STOP and not any(entry.operation.active for entry in row.likely.all()):
            text = _("“%(name)s” names no operation, so that neither time nor price can be told.") % {"name": row.name}
            found.append((text, "result", row.pk))
    return found


def _sentence(code: str, name: str) -> str:
    sentences = {
        "no_first": _("There is no first question."),
        "few_choices": _("“%(name)s” has fewer than two answers."),
        "unreached_question": _("No answer leads to “%(name)s”."),
        "unreached_result": _("No answer leads to the result “%(name)s”."),
        "loop": _("Some answers lead back to a question that was asked before."),
        "too_long": _("One way through asks more than %(most)d questions."),
    }
    return sentences[code] % {"name": name, "most": rules.MAX_QUESTIONS}


@transaction.atomic
def publish(tree: TreeVersion, *, by: Staff) -> TreeVersion:
    """Ask customers by this version from now on and retire the one before, in one moment; checks already given keep theirs.

    TreeFaulty while a way through it is too long, leads nowhere or in a circle; Conflict if it is published already.
    """
    tree = lock_draft(tree)
    if found := faults(tree):
        raise TreeFaulty([text for text, _kind, _id in found])
    now = clock.now()
    TreeVersion.objects.filter(store_id=tree.store_id, published_at__isnull=False, retired_at=None).update(
        retired_at=now
    )
    tree.published_at = now
    tree.save(update_fields=["published_at"])
    record(TreePublished(version=tree.version), store_id=tree.store_id, subject=tree, by=by)
    return tree


@transaction.atomic
def discard(tree: TreeVersion, *, by: Staff) -> None:
    """Throw a draft away; the version in force stays."""
    tree = lock_draft(tree)
    # Choices hold questions and results, and results their operations: taken away in this order no row is left alone.
    Choice.objects.filter(question__tree=tree).delete()
    tree.questions.all().delete()
    tree.results.all().delete()
    tree.delete()


def lock_draft(tree: TreeVersion) -> TreeVersion:
    """The draft, locked until the transaction ends; Conflict when it was thrown away or published meanwhile."""
    locked = TreeVersion.objects.select_for_update(of=("self",)).filter(pk=tree.pk).first()
    if locked is None:
        raise Conflict(_("This draft was thrown away meanwhile."), code="gone")
    if locked.published_at:
        raise Conflict(
            _("This version is published and cannot be changed any more. Make a new version."), code="published"
        )
    return locked
