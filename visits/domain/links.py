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
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from core.stages import IN_STORE
from messaging import domain as messaging
from messaging.models import Message
from visits.domain.journey import lock
from visits.models import Visit, VisitLink, WriteToken
from visits.tokens import token_hash

WRITE_TOKEN_LIFE = timedelta(minutes=30)
# A button pressed twice is one wish.
LINK_GAP = timedelta(minutes=1)


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


@transaction.atomic
def send_link(visit: Visit, *, by: Actor | HasActor, withdraw: bool = False) -> Message:
    """Write to the customer where he follows his visit. `withdraw` makes every earlier link useless first: one that went
    to the wrong person. DomainError where he cannot be written to, Conflict where it was sent a moment ago."""
    visit = lock(visit)
    if not messaging.address_of(visit.customer)[1]:
        raise DomainError(
            _("No phone, WeChat or e-mail of the customer is on file; enter one first."), code="no_address"
        )
    moment_ago = clock.now() - LINK_GAP
    if visit.links.filter(created_at__gt=moment_ago, revoked_at=None).exists():
        raise Conflict(_("A link went to the customer a moment ago."), code="sent_already")
    if withdraw:
        revoke_links(visit)
    first = not visit.links.exists() and visit.stage in IN_STORE
    address = link_address(visit)
    return messaging.send(
        store=visit.store,
        template="visit_link" if first else "link_again",
        customer=visit.customer,
        params={
            "plate": visit.vehicle.plate,
            "link": address,
            "at": None if visit.ready_at else visit.promised_at,
            "advisor": visit.advisor.name if visit.advisor else "",
        },
        dedupe_key=f"visits.link:{visit.links.order_by('-pk').values_list('pk', flat=True)[0]}",
        visit_id=visit.pk,
        by=by,
    )


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
