"""The promises themselves: written as a draft, published as a version, replaced by the next one, or withdrawn."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from commitments import queries
from commitments.choices import AMOUNT, PERCENT, TIMED, Code, RemedyKind
from commitments.events import CommitmentPublished, CommitmentWithdrawn
from commitments.models import TIME, Commitment
from core import clock
from core.errors import Conflict, DomainError
from journal.domain import record
from stores.models import Staff

# Nobody remembers a promise of more than a month.
LONGEST = 31 * 24 * 3600


@transaction.atomic
def write(
    code: Code | str,
    *,
    by: Staff,
    text_zh: str,
    text_en: str = "",
    target_seconds: int | None = None,
    remedy: RemedyKind | str = "",
    remedy_value: Decimal | None = None,
    public: bool = True,
) -> Commitment:
    """Write the draft of a promise's next version, or change the one there is; customers see nothing of it yet.

    `text_*` contains {time} where the promise names its time. DomainError for what cannot be promised.
    """
    code = Code(code)
    draft = queries.draft_of(code) or Commitment(
        store_id=by.store_id, code=code, version=queries.newest_version(code) + 1
    )
    draft.text_zh, draft.text_en = text_zh.strip(), text_en.strip()
    draft.target_seconds, draft.public = target_seconds, public
    draft.remedy, draft.remedy_value = remedy, remedy_value if remedy in (*PERCENT, *AMOUNT) else None
    _check(draft)
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:
        raise Conflict(_("Somebody else has just begun a new version. Reload the page to see it.")) from error
    return draft


def _check(draft: Commitment) -> None:
    if not draft.text_zh:
        raise DomainError(_("Write what is promised, in Chinese."), code="text_missing")
    texts = [text for text in (draft.text_zh, draft.text_en) if text]
    if draft.code in TIMED:
        if not draft.target_seconds or not 60 <= draft.target_seconds <= LONGEST:
            raise DomainError(_("Promise a time between a minute and a month."), code="target")
        if any(TIME not in text for text in texts):
            raise DomainError(
                _("Write %(time)s in each text where the time stands, so that words and clock never differ.")
                % {"time": TIME},
                code="time_missing",
            )
    elif draft.target_seconds is not None or any(TIME in text for text in texts):
        raise DomainError(_("This promise names no time of its own."), code="no_target")
    if draft.remedy in PERCENT and not (draft.remedy_value and 0 < draft.remedy_value <= 100):
        raise DomainError(_("Say how many percent, up to 100."), code="value_missing")
    if draft.remedy in AMOUNT and not (draft.remedy_value and draft.remedy_value > 0):
        raise DomainError(_("Say how much the voucher is worth."), code="value_missing")


@transaction.atomic
def publish(draft: Commitment, *, by: Staff) -> Commitment:
    """Put a draft in force and retire the version it replaces, in one moment. What began before is measured by the version
    of its own day. Conflict if somebody was first."""
    draft = _lock_draft(draft)
    now = clock.now()
    Commitment.objects.filter(code=draft.code, published_at__isnull=False, retired_at=None).update(retired_at=now)
    draft.published_at = now
    draft.save(update_fields=["published_at"])
    record(
        CommitmentPublished(str(draft.code), draft.version, draft.target_seconds),
        store_id=draft.store_id,
        subject=draft,
        by=by,
        at=now,
    )
    return draft


@transaction.atomic
def discard(draft: Commitment, *, by: Staff) -> None:
    """Throw a draft away; the version in force stays."""
    _lock_draft(draft).delete()


@transaction.atomic
def withdraw(commitment: Commitment, *, by: Staff) -> Commitment:
    """Promise this no longer, from now on; what is running is still measured. Conflict if it is not in force."""
    row = Commitment.objects.select_for_update(of=("self",), no_key=True).filter(pk=commitment.pk).first()
    if row is None or not row.in_force:
        raise Conflict(_("This promise is no longer in force."), code="over")
    row.retired_at = clock.now()
    row.save(update_fields=["retired_at"])
    record(
        CommitmentWithdrawn(str(row.code), row.version),
        store_id=row.store_id,
        subject=row,
        by=by,
        at=row.retired_at,
    )
    return row


def _lock_draft(draft: Commitment) -> Commitment:
    locked = Commitment.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if locked is None:
        raise Conflict(_("This draft was thrown away meanwhile."), code="gone")
    if locked.published_at:
        raise Conflict(
            _("This version is published and cannot be changed any more. Make a new version."), code="published"
        )
    return locked
