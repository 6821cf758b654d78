"""Pages that neither lose nor double a row while others write: each begins after the last id of the one before."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import urlencode

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

SALT = "api.cursor"


def page(rows: QuerySet, *, asked: dict, path: str, sent: dict[str, str]) -> tuple[list, str | None]:
    """(rows of the page, address of the next one or None) by ascending id.

    `asked` is what the query means, `sent` its parameters as they came. One query, which reads one row more than is
    shown instead of counting.
    """
    limit, wanted = asked["limit"], _fingerprint(path, sent)
    if cursor := asked.get("cursor"):
        rows = rows.filter(pk__gt=_after(cursor, wanted))
    found = list(rows.order_by("pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    found = found[:limit]
    begins = signing.dumps([found[-1].pk, wanted], salt=SALT)
    return found, f"{path}?{urlencode({**sent, 'cursor': begins})}"


def _after(cursor: str, wanted: str) -> int:
    """The id after which the page begins; a cursor is signed, so nothing but our own gets to the database."""
    try:
        after, made_for = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        made_for = after = None
    if made_for != wanted:
        sentence = _("This cursor does not belong to this list with these filters; begin again without it.")
        raise serializers.ValidationError({"?cursor": [serializers.ErrorDetail(sentence, "cursor")]})
    return after


def _fingerprint(path: str, sent: dict[str, str]) -> str:
    filters = {name: value for name, value in sorted(sent.items()) if name not in ("cursor", "limit")}
    return hashlib.sha256(json.dumps([path, filters]).encode()).hexdigest()[:16]
