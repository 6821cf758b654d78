"""One-time codes: who holds a phone may say that he is its owner. Six digits, ten minutes, five tries, once."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from core.phones import normalise_phone
from customers.models import PhoneCode
from stores.models import Store

CODE_LIFE = timedelta(minutes=10)
MAX_TRIES = 5
KEPT = timedelta(days=1)


@transaction.atomic
def issue_code(store: Store, *, phone: str) -> tuple[PhoneCode, str]:
    """A new code for a number: (row, the six digits to be sent). `phone` may be empty: then the code fits nobody and is
    not sent, but the row behaves alike. Earlier codes of the number end; old rows are thrown away."""
    phone, now = normalise_phone(phone), clock.now()
    PhoneCode.objects.filter(store=store, expires_at__lt=now - KEPT).delete()
    if phone:
        PhoneCode.objects.filter(store=store, phone=phone, used_at=None, expires_at__gt=now).update(tries=MAX_TRIES)
    token, code = uuid4(), f"{secrets.randbelow(10**6):06d}"
    row = PhoneCode.objects.create(
        store=store,
        token=token,
        phone=phone,
        code_hash=_hash(token, code),
        created_at=now,
        expires_at=now + CODE_LIFE,
    )
    return row, code


def check_code(store: Store, *, token: UUID, code: str) -> str:
    """The phone a right code proves, using the code up.

    DomainError `wrong_code` for a wrong one (counted, also when the caller rolls nothing back), Conflict `code_over` for
    one that has expired, was used, or was tried too often: the same sentence for all three.
    """
    with transaction.atomic():
        row = PhoneCode.objects.select_for_update().filter(store=store, token=token).first()
        if row is None or row.used_at or row.expires_at <= clock.now() or row.tries >= MAX_TRIES:
            raise Conflict(_("This code is no longer valid. Ask for a new one."), code="code_over")
        # Compared also where the row is nobody's, so that the answer takes as long.
        right = hmac.compare_digest(row.code_hash, _hash(token, code.strip())) and bool(row.phone)
        if right:
            row.used_at = clock.now()
        else:
            row.tries += 1
        row.save(update_fields=["used_at", "tries"])
    # Outside the transaction: a refused try stays counted.
    if not right:
        raise DomainError(_("The code is not right. Look at the newest message once more."), code="wrong_code")
    return row.phone


def _hash(token: UUID, code: str) -> str:
    # Keyed with the server's secret: six digits alone are guessed from a copy of the table in a moment.
    return salted_hmac("customers.phone_code", f"{token}:{code}", algorithm="sha256").hexdigest()
