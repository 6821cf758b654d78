"""Keys and the answers kept for them. Import as `from api import domain as api`."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from api.choices import Scope
from api.events import KeyIssued, KeyWithdrawn
from api.models import ApiKey, IdempotencyRecord, KeyGrant
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from journal.domain import entry, record_many
from stores.models import Staff, Store

PERMISSION = "api.keys"
# A key reads dms_<prefix>_<secret>: secret scanners find it by its beginning, people by its prefix.
BRAND, PREFIX_LENGTH = "dms", 10
ANSWERS_HOLD = timedelta(hours=24)
# How exact "last used" is: a write at each request would cost more than the figure is worth.
USE_NOTED_EVERY = timedelta(minutes=1)


def digest(secret: str) -> str:
    """SHA-256 of a key. It has 256 random bits, so a slow hash would protect nothing more."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_key(
    *,
    name: str,
    stores: Collection[Store],
    scopes: Collection[str],
    by: Collection[Staff],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its one and only readable copy. `by` are the manager's rows in the stores he works in.

    NotAllowed for a store in which he holds no right to keys; DomainError without name, store or scope, or with an end
    that is past.
    """
    name = " ".join(name.split())
    if not name or not stores or not scopes:
        raise DomainError(_("A key needs the name of the system, a store and a right."), code="incomplete")
    if unknown := set(scopes) - set(Scope.values):
        raise DomainError(_("There is no such right: %(codes)s.") % {"codes": ", ".join(sorted(unknown))})
    now, managers = clock.now(), {person.store_id: person for person in by if person.may(PERMISSION)}
    if any(store.pk not in managers for store in stores):
        raise NotAllowed(_("You may not issue keys for this store."))
    if expires_at and expires_at <= now:
        raise DomainError(_("This date is past; choose a later one."), code="past")
    # Lower-case hex: without the underscore that divides the parts.
    prefix = secrets.token_hex(PREFIX_LENGTH // 2)
    secret = f"{BRAND}_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name[:80],
        prefix=prefix,
        secret_sha256=digest(secret),
        scopes=[code for code in Scope.values if code in scopes],
        created_at=now,
        created_by=managers[next(iter(stores)).pk].user,
        expires_at=expires_at,
    )
    KeyGrant._base_manager.bulk_create(KeyGrant(key=key, store=store) for store in stores)
    record_many(
        entry(KeyIssued(key.pk, prefix), store_id=store.pk, subject=key, by=managers[store.pk]) for store in stores
    )
    return key, secret


@transaction.atomic
def withdraw_key(key: ApiKey, *, by: Collection[Staff]) -> ApiKey:
    """The key no longer works for the stores in which the manager (`by`: his rows) may decide; without any store left it
    is dead. Holds from the next request on. Conflict if it is withdrawn already, NotAllowed if none of its stores is his.
    """
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at:
        raise Conflict(_("This key is withdrawn already."))
    managers = {person.store_id: person for person in by if person.may(PERMISSION)}
    grants = list(KeyGrant._base_manager.filter(key=key))
    mine = [grant for grant in grants if grant.store_id in managers]
    if not mine:
        raise NotAllowed(_("This key works for stores in which you decide nothing."))
    if len(mine) == len(grants):
        # Which stores it worked for stays on file.
        key.revoked_at, key.revoked_by = clock.now(), managers[mine[0].store_id].user
        key.save(update_fields=["revoked_at", "revoked_by"])
    else:
        KeyGrant._base_manager.filter(pk__in=[grant.pk for grant in mine]).delete()
    record_many(
        entry(KeyWithdrawn(key.pk, key.prefix), store_id=row.store_id, subject=key, by=managers[row.store_id])
        for row in mine
    )
    return key


def note_use(key: ApiKey) -> None:
    """Remember when the key was last used, to the minute."""
    now = clock.now()
    if key.last_used_at is None or now - key.last_used_at >= USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


# --- Answers -------------------------------------------------------------------------------------------------------


def answer_to(key: ApiKey, *, token: str, request_sha256: str) -> IdempotencyRecord | None:
    """What this write was answered before; None if it is new, and then it is the caller's until his transaction ends.

    Conflict "in_flight" while the same key is being carried out elsewhere, DomainError "idempotency_key_reused" when it
    came with another request.
    """
    with connection.cursor() as cursor:
        # Held to the end of the transaction: the answer is there, or nothing was done, before anybody else gets it.
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"api:{key.pk}:{token}"])
        (mine,) = cursor.fetchone()
    if not mine:
        raise Conflict(_("This request is being carried out at this moment; ask again in a second."), code="in_flight")
    made = IdempotencyRecord.objects.filter(key=key, token=token).first()
    if made and made.request_sha256 != request_sha256:
        raise DomainError(
            _("This Idempotency-Key belongs to another request; use a new one for each write."),
            code="idempotency_key_reused",
        )
    return made


def keep_answer(key: ApiKey, *, token: str, request_sha256: str, status: int, body: str, location: str = "") -> None:
    """Keep what a write was answered, inside the transaction of the write."""
    IdempotencyRecord.objects.create(
        key=key,
        token=token,
        request_sha256=request_sha256,
        status=status,
        body=body,
        location=location,
        at=clock.now(),
    )


def forget_answers(*, now: datetime | None = None) -> int:
    """Forget answers that are older than a day; returns how many. They hold customers' data."""
    old = (now or clock.now()) - ANSWERS_HOLD
    return IdempotencyRecord.objects.filter(at__lt=old).delete()[0]
