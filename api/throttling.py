"""How much one key may ask in a minute. Counted in the cache by its own atomic addition, so two servers count together."""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)
WINDOW = 60
READING = {"GET", "HEAD"}


class KeyThrottle(BaseThrottle):
    """Minutes of the clock, reading and writing apart; the limits are `settings.API_PER_MINUTE`.

    A cache that cannot be asked lets callers in: better than an interface that turns everybody away.
    """

    def allow_request(self, request, view) -> bool:
        kind = "read" if request.method in READING else "write"
        now = int(time.time())
        limit, self.left = settings.API_PER_MINUTE[kind], WINDOW - now % WINDOW
        name = f"api:{request.user.pk}:{kind}:{now // WINDOW}"
        try:
            cache.add(name, 0, timeout=2 * WINDOW)
            used = cache.incr(name)
        except (RedisError, ValueError):
            logger.warning("the API's limits are not counted: the cache does not answer")
            return True
        view.allowance = {
            "X-RateLimit-Limit": limit,
            "X-RateLimit-Remaining": max(limit - used, 0),
            "X-RateLimit-Reset": now + self.left,
        }
        return used <= limit

    def wait(self) -> float:
        return self.left
