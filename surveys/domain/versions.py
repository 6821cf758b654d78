"""New versions of the questionnaire: drafted from the one in force, changed, published. Published ones never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from core.positions import swap
from journal.domain import record
from stores.models import Staff
from surveys import queries
from surveys.choices import ItemKind
from surveys.events import QuestionnairePublished
from surveys.models import Factor, Item, Questionnaire

WHOLE = 100
_COPIED = ("kind", "position", "text_zh", "text_en", "required", "asks_problem")


@dataclass(frozen=True)
class ItemInput:
    """What a manager says about a question; `factor` is the code of one, empty for questions outside the index."""

    text_zh: str
    text_en: str = ""
    factor: str = ""
    kind: ItemKind | str = ItemKind.SCALE
    required: bool = False


@transaction.atomic
def draft(*, by: Staff) -> Questionnaire:
    """The version being worked on: the existing draft, or a copy of the one in force. Changes nothing for customers."""
    if existing := queries.draft():
        return existing
    current = queries.in_force()
    newest = Questionnaire.objects.aggregate(newest=Max("version"))["newest"] or 0
    new = Questionnaire(store_id=by.store_id, version=newest + 1, created_at=clock.now())
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("Somebody else has just begun a new version. Reload the page to see it.")) from error
    if current:
        _copy(current, new)
    return new


def _copy(current: Questionnaire, new: Questionnaire) -> None:
    factors = {}
    for factor in queries.factors(current):
        factors[factor.pk] = Factor.objects.create(
            store_id=new.store_id,
            questionnaire=new,
            code=factor.code,
            weight=factor.weight,
            name_zh=factor.name_zh,
            name_en=factor.name_en,
        )
    Item.objects.bulk_create(
        Item(
            store_id=new.store_id,
            questionnaire=new,
            factor=factors.get(item.factor_id),
            **{name: getattr(item, name) for name in _COPIED},
        )
        for item in queries.items(current)
    )


@transaction.atomic
def set_weights(questionnaire: Questionnaire, *, weights: Mapping[str, int], by: Staff) -> Questionnaire:
    """Weigh the factors of a draft, in percent by factor code. DomainError unless they sum to 100."""
    questionnaire = _lock_draft(questionnaire)
    _check_sum(weights.values())
    for factor in queries.factors(questionnaire):
        factor.weight = weights[factor.code]
        factor.save(update_fields=["weight"])
    return questionnaire


def _check_sum(weights) -> None:
    weights = list(weights)
    total = sum(weights)
    if total != WHOLE or min(weights, default=-1) < 0:
        raise DomainError(
            _("The weights sum to %(total)d; they have to sum to 100.") % {"total": total}, code="weights_sum"
        )


@transaction.atomic
def add_item(questionnaire: Questionnaire, *, item: ItemInput, by: Staff) -> Item:
    """Put a new question at the end of a draft."""
    questionnaire = _lock_draft(questionnaire)
    last = questionnaire.items.aggregate(at=Max("position"))["at"] or 0
    row = Item(store_id=questionnaire.store_id, questionnaire=questionnaire, position=last + 1)
    return _save(row, questionnaire, item)


@transaction.atomic
def change_item(row: Item, *, item: ItemInput, by: Staff) -> Item:
    """Change what a question of a draft asks."""
    questionnaire = _lock_draft(row.questionnaire)
    return _save(_fresh(row), questionnaire, item)


def _save(row: Item, questionnaire: Questionnaire, item: ItemInput) -> Item:
    if not item.text_zh.strip():
        raise DomainError(_("Write the question in Chinese."), code="text_missing")
    if item.factor and item.kind != ItemKind.SCALE:
        raise DomainError(_("Only scores from 1 to 10 belong to a factor."), code="factor_scale")
    values = asdict(item)
    factor = values.pop("factor")
    row.factor = questionnaire.factors.get(code=factor) if factor else None
    for name, value in values.items():
        setattr(row, name, value)
    others = questionnaire.items.exclude(pk=row.pk)
    row.asks_problem = item.kind == ItemKind.YES_NO and not others.filter(asks_problem=True).exists()
    if (item.kind == ItemKind.NPS and others.filter(kind=ItemKind.NPS).exists()) or (
        item.kind == ItemKind.SCALE and not factor and others.filter(kind=ItemKind.SCALE, factor=None).exists()
    ):
        raise DomainError(
            _("There is one question on recommendation and one on overall satisfaction; give this one a factor."),
            code="only_one",
        )
    row.save()
    return row


@transaction.atomic
def move_item(row: Item, *, up: bool, by: Staff) -> None:
    """Swap a question of a draft with its neighbour; at the end of the list nothing happens."""
    _lock_draft(row.questionnaire)
    row = _fresh(row)
    swap(row, Item.objects.filter(questionnaire_id=row.questionnaire_id), up=up)


@transaction.atomic
def remove_item(row: Item, *, by: Staff) -> None:
    """Take a question out of a draft; published versions and their answers keep it."""
    _lock_draft(row.questionnaire)
    _fresh(row).delete()


@transaction.atomic
def publish(questionnaire: Questionnaire, *, by: Staff) -> Questionnaire:
    """Put a draft in force and retire the version it replaces; who was invited before answers the version he was sent.

    DomainError unless the weights sum to 100, every weighted factor has a question, and overall satisfaction,
    recommendation and problem are asked once each; Conflict if it is published already.
    """
    questionnaire = _lock_draft(questionnaire)
    factors, items = queries.factors(questionnaire), queries.items(questionnaire)
    _check_sum(factor.weight for factor in factors)
    asked = {item.factor_id for item in items}
    if empty := [factor.name for factor in factors if factor.weight and factor.pk not in asked]:
        raise DomainError(
            _("These factors have a weight but no question: %(names)s") % {"names": "、".join(empty)},
            code="empty_factor",
        )
    if missing := {"overall", "nps", "problem"} - set(queries.core_items(items)):
        raise DomainError(
            _("Ask once each for overall satisfaction, for recommendation, and whether there is a problem."),
            code="core_missing",
        ) from KeyError(missing)
    now = clock.now()
    Questionnaire.objects.filter(published_at__isnull=False, retired_at=None).update(retired_at=now)
    questionnaire.published_at = now
    questionnaire.save(update_fields=["published_at"])
    evt = QuestionnairePublished(version=questionnaire.version)
    record(evt, store_id=questionnaire.store_id, subject=questionnaire, by=by)
    return questionnaire


@transaction.atomic
def discard(questionnaire: Questionnaire, *, by: Staff) -> None:
    """Throw a draft away; the version in force stays."""
    _lock_draft(questionnaire).delete()


def _lock_draft(questionnaire: Questionnaire) -> Questionnaire:
    locked = Questionnaire.objects.select_for_update(of=("self",)).filter(pk=questionnaire.pk).first()
    if locked is None:
        raise Conflict(_("This draft was thrown away meanwhile."), code="gone")
    if locked.published_at:
        raise Conflict(
            _("This version is published and cannot be changed any more. Make a new version."), code="published"
        )
    return locked


def _fresh(row: Item) -> Item:
    fresh = Item.objects.filter(pk=row.pk).first()
    if fresh is None:
        raise Conflict(_("This question was taken out meanwhile."), code="gone")
    return fresh
