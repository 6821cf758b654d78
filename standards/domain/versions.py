"""New versions of a checklist: drafted from the one in force, changed item by item, published. Published ones never change."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from core.positions import ASIDE, swap
from journal.domain import record
from standards import queries
from standards.choices import ChecklistUse, ItemKind
from standards.events import ChecklistPublished
from standards.models import Checklist, ChecklistItem
from stores.models import Staff

_COPIED = (
    "name_zh",
    "name_en",
    "group_zh",
    "group_en",
    "kind",
    "unit",
    "low",
    "high",
    "required",
    "new_energy_only",
    "watch_low",
    "watch_high",
    "operation_id",
    "position",
)


@dataclass(frozen=True)
class ItemInput:
    """What a manager says about an item."""

    name_zh: str
    name_en: str = ""
    group_zh: str = ""
    group_en: str = ""
    kind: ItemKind | str = ItemKind.CHECK
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    required: bool = True
    new_energy_only: bool = False
    watch_low: Decimal | None = None
    watch_high: Decimal | None = None
    operation_id: int | None = None


@transaction.atomic
def draft(*, use: ChecklistUse | str, by: Staff) -> Checklist:
    """The version being worked on: the existing draft, or a copy of the one in force. Changes nothing for the floor."""
    existing = queries.draft_of(use)
    if existing:
        return existing
    current = queries.in_force(use)
    new = Checklist(
        store_id=by.store_id,
        use=use,
        version=queries.newest_version(use) + 1,
        name_zh=current.name_zh,
        name_en=current.name_en,
    )
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("Somebody else has just begun a new version. Reload the page to see it.")) from error
    ChecklistItem.objects.bulk_create(
        ChecklistItem(store_id=new.store_id, checklist=new, **{field: getattr(item, field) for field in _COPIED})
        for item in queries.items(current)
    )
    return new


@transaction.atomic
def rename(checklist: Checklist, *, name_zh: str, name_en: str = "", by: Staff) -> Checklist:
    checklist = _lock_draft(checklist)
    checklist.name_zh, checklist.name_en = name_zh.strip(), name_en.strip()
    checklist.save(update_fields=["name_zh", "name_en"])
    return checklist


@transaction.atomic
def add_item(checklist: Checklist, *, item: ItemInput, by: Staff) -> ChecklistItem:
    """Put a new item at the end of its group, or at the end of the list when the group is new."""
    checklist = _lock_draft(checklist)
    _check(item)
    last = checklist.items.filter(group_zh=item.group_zh).aggregate(at=Max("position"))["at"]
    last = last if last is not None else checklist.items.aggregate(at=Max("position"))["at"] or 0
    _make_room(checklist, after=last)
    return ChecklistItem.objects.create(
        store_id=checklist.store_id, checklist=checklist, position=last + 1, **asdict(item)
    )


@transaction.atomic
def change_item(row: ChecklistItem, *, item: ItemInput, by: Staff) -> ChecklistItem:
    """Change what an item of a draft asks."""
    row = _lock_item(row)
    _check(item)
    for field, value in asdict(item).items():
        setattr(row, field, value)
    row.save()
    return row


@transaction.atomic
def move_item(row: ChecklistItem, *, up: bool, by: Staff) -> None:
    """Swap an item of a draft with its neighbour; at the end of the list nothing happens."""
    row = _lock_item(row)
    swap(row, ChecklistItem.objects.filter(checklist_id=row.checklist_id), up=up)


@transaction.atomic
def remove_item(row: ChecklistItem, *, by: Staff) -> None:
    """Take an item out of a draft; versions in force and their runs keep it."""
    _lock_item(row).delete()


@transaction.atomic
def publish(checklist: Checklist, *, by: Staff) -> Checklist:
    """Put a draft in force and retire the version it replaces, in one moment; runs already begun keep theirs.

    DomainError for a list without required items, Conflict if it is published already.
    """
    checklist = _lock_draft(checklist)
    if not checklist.items.filter(required=True).exists():
        raise DomainError(_("A checklist needs at least one required item."), code="empty")
    now = clock.now()
    Checklist.objects.filter(
        store_id=checklist.store_id, use=checklist.use, published_at__isnull=False, retired_at=None
    ).update(retired_at=now)
    checklist.published_at = now
    checklist.save(update_fields=["published_at"])
    evt = ChecklistPublished(use=checklist.use, version=checklist.version)
    record(evt, store_id=checklist.store_id, subject=checklist, by=by)
    return checklist


@transaction.atomic
def discard(checklist: Checklist, *, by: Staff) -> None:
    """Throw a draft away; the version in force stays."""
    _lock_draft(checklist).delete()


def _lock_draft(checklist: Checklist) -> Checklist:
    locked = Checklist.objects.select_for_update(of=("self",)).filter(pk=checklist.pk).first()
    if locked is None:
        raise Conflict(_("This draft was thrown away meanwhile."), code="gone")
    if locked.published_at:
        raise Conflict(
            _("This version is published and cannot be changed any more. Make a new version."), code="published"
        )
    return locked


def _lock_item(row: ChecklistItem) -> ChecklistItem:
    _lock_draft(row.checklist)
    locked = ChecklistItem.objects.filter(pk=row.pk).first()
    if locked is None:
        raise Conflict(_("This item was taken out meanwhile."), code="gone")
    return locked


def _check(item: ItemInput) -> None:
    if not item.name_zh.strip():
        raise DomainError(_("Enter the item's Chinese name."), code="name_missing")
    if item.low is not None and item.high is not None and item.low > item.high:
        raise DomainError(_("The lower limit is above the upper one."), code="range")
    for near, far, sign in ((item.watch_low, item.low, 1), (item.watch_high, item.high, -1)):
        if near is not None and far is not None and sign * (near - far) < 0:
            raise DomainError(_("Yellow begins between the limits of red."), code="watch_range")
    if item.kind != ItemKind.VALUE and (item.low is not None or item.high is not None or item.unit):
        raise DomainError(_("Only a measured value has a unit and limits."), code="not_measured")


def _make_room(checklist: Checklist, *, after: int) -> None:
    later = checklist.items.filter(position__gt=after)
    # Two steps: a single +1 would meet the next position before that one has moved.
    later.update(position=F("position") + ASIDE)
    checklist.items.filter(position__gt=ASIDE).update(position=F("position") - ASIDE + 1)
