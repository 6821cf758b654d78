"""How often one stranger may ask: counters in the cache, for pages that need no login."""

from __future__ import annotations

import hashlib
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The address the request came from; "" where there is none (a socket file). Behind a proxy that sets trusted
    headers, the last one it saw: earlier entries of X-Forwarded-For are the client's own claims."""
    claims = [request.META.get("REMOTE_ADDR", "")]
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        claims.insert(0, request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1])
    for claim in claims:
        try:
            return str(ip_address(claim.strip()))
        except ValueError:
            continue
    return ""


def exceeded(kind: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one more attempt of `who` and say whether there were more than `limit` within `seconds` of the first.

    `who` (an address, a phone number) is hashed before it becomes a key. A cache that forgets lets people in: better
    than a page that turns everybody away.
    """
    key = f"limit:{kind}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    if cache.add(key, 1, timeout=seconds):
        return limit < 1
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ran out between the two calls
        cache.add(key, 1, timeout=seconds)
        return limit < 1
