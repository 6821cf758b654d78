"""The customer's link: a reading token that can be revoked, and one-use tokens for each thing he may write.

Tokens are random; only their SHA-256 is stored, so that a copy of the database opens nobody's page.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from visits.models import Visit, VisitLink, WriteToken
from visits.tokens import token_hash

WRITE_TOKEN_LIFE = timedelta(minutes=30)


def make_link(visit: Visit) -> str:
    """A new reading token for the visit's page (43 URL-safe characters); older ones stay valid until revoked."""
    token = secrets.token_urlsafe(32)
    VisitLink.objects.create(
        store_id=visit.store_id,
        visit=visit,
        token_hash=token_hash(token),
        created_at=clock.now(),
    )
    return token


def link_address(visit: Visit) -> str:
    """A new link as the whole address a message carries."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/c/{make_link(visit)}/"


def revoke_links(visit: Visit) -> int:
    """Make every link of the visit useless; returns how many."""
    return visit.links.filter(revoked_at=None).update(revoked_at=clock.now())


def make_write_token(visit: Visit, *, action: str, subject_id: int, subject_version: str) -> str:
    """A one-use right to do `action` to one subject as it was shown; valid for 30 minutes."""
    token = secrets.token_urlsafe(32)
    WriteToken.objects.create(
        store_id=visit.store_id,
        visit=visit,
        token_hash=token_hash(token),
        action=action,
        subject_id=subject_id,
        subject_version=subject_version,
        expires_at=clock.now() + WRITE_TOKEN_LIFE,
    )
    return token


@transaction.atomic
def use_write_token(token: str, *, visit: Visit, action: str, subject_id: int, subject_version: str) -> None:
    """Use up a write token inside the caller's transaction: if what it allows fails, the token is unused again.

    DomainError when unknown or expired, Conflict when used or when what was shown has changed meanwhile.
    """
    row = (
        WriteToken.objects.select_for_update()
        .filter(
            token_hash=token_hash(token),
            visit=visit,
            action=action,
            subject_id=subject_id,
        )
        .first()
    )
    if row is None:
        raise DomainError(
            _("This page is no longer valid. Open your link again."),
            code="token_unknown",
        )
    if row.used_at:
        raise Conflict(_("You have answered already; thank you."), code="token_used")
    if row.expires_at <= clock.now():
        raise DomainError(
            _("This page was open too long. Open your link again; nothing was lost."),
            code="token_expired",
        )
    if row.subject_version != subject_version:
        raise Conflict(
            _("The offer has changed since you opened this page. Look at the new one."),
            code="changed",
        )
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
