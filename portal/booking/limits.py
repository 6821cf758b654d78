"""How often one address, one phone or one browser may ask for what: many phones share one address of a mobile network,
one person does not book six times a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from core import limits
from stores.access import in_store
from stores.models import Store

TOO_MANY = 429
HOUR, DAY = 3600, 24 * 3600


@dataclass(frozen=True)
class Limit:
    kind: str
    most: int
    seconds: int

    def over(self, who: str) -> bool:
        """Count one more of `who`; whether it is one too many."""
        return limits.exceeded(self.kind, who, limit=self.most, seconds=self.seconds)


LOOKS = Limit("book-look", 600, 600)
POSTS = Limit("book", 60, HOUR)
HOLDS = Limit("book-hold", 60, HOUR)
PER_PHONE = Limit("book-phone", 5, DAY)
# Codes cost money and disturb people.
CODES_ASKED = Limit("code-address", 20, HOUR)
CODES_OF_PHONE = Limit("code-phone", 5, DAY)
CODES_TRIED = Limit("code-try", 30, HOUR)


class TooMany(Exception):
    """Somebody asks too often; `limit` says of what."""

    def __init__(self, limit: Limit):
        self.limit = limit
        super().__init__(limit.kind)


def count(limit: Limit, who: str) -> None:
    """One more of `who`; TooMany where that is one too many."""
    if limit.over(who):
        raise TooMany(limit)


def public_page(view: Callable) -> Callable:
    """Open a store's page to anybody: `view(request, store, **keys)` runs in the store's scope and time zone. Looks are
    limited by address, nothing is kept on the way, and who asks too often gets a page that says so (429)."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str, **keys) -> HttpResponse:
        store = get_object_or_404(Store, code=code)
        with in_store(store), timezone.override(store.tz):
            try:
                if request.method != "POST":
                    count(LOOKS, address(request))
                response = view(request, store, **keys)
            except TooMany as refusal:
                response = render(request, "portal/book_limited.html", {"store": store}, status=TOO_MANY)
                response["Retry-After"] = str(refusal.limit.seconds)
            patch_cache_control(response, private=True, no_store=True)
            return response

    return guarded


def address(request: HttpRequest) -> str:
    return limits.client_ip(request)
