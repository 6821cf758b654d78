"""The customer's link to his case: a reading token that can be revoked, and one-use tokens for what he may write.

As for visits: tokens are random, only their SHA-256 is stored.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Case, CaseLink, CaseToken
from core import clock
from core.errors import Conflict, DomainError
from visits.tokens import token_hash

TOKEN_LIFE = timedelta(minutes=30)


def make_link(case: Case) -> str:
    """A new reading token for the case's page (43 URL-safe characters); older ones stay valid until revoked."""
    token = secrets.token_urlsafe(32)
    CaseLink.objects.create(store_id=case.store_id, case=case, token_hash=token_hash(token), created_at=clock.now())
    return token


def link_address(case: Case) -> str:
    """A new link as the whole address a message carries."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/c/case/{make_link(case)}/"


def revoke_links(case: Case) -> int:
    """Make every link of the case useless; returns how many."""
    return case.links.filter(revoked_at=None).update(revoked_at=clock.now())


def make_token(case: Case, *, action: str, version: str) -> str:
    """A one-use right to do `action` on the case as it was shown (`version`); valid for 30 minutes."""
    token = secrets.token_urlsafe(32)
    CaseToken.objects.create(
        store_id=case.store_id,
        case=case,
        token_hash=token_hash(token),
        action=action,
        subject_version=version,
        expires_at=clock.now() + TOKEN_LIFE,
    )
    return token


@transaction.atomic
def use_token(token: str, *, case: Case, action: str, version: str) -> None:
    """Use up a token inside the caller's transaction: if what it allows fails, the token is unused again.

    DomainError when unknown or expired, Conflict when used or when what was shown has changed meanwhile.
    """
    row = CaseToken.objects.select_for_update().filter(token_hash=token_hash(token), case=case, action=action).first()
    if row is None:
        raise DomainError(_("This page is no longer valid. Open your link again."), code="token_unknown")
    if row.used_at:
        raise Conflict(_("You have answered already; thank you."), code="token_used")
    if row.expires_at <= clock.now():
        raise DomainError(
            _("This page was open too long. Open your link again; nothing was lost."), code="token_expired"
        )
    if row.subject_version != version:
        raise Conflict(_("The offer has changed since you opened this page. Look at the new one."), code="changed")
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
