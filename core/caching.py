"""The cache all processes share, and content that is kept in it per state.

The cache is Django's Redis cache without a new client object for each call: a redis-py client is safe to share between
threads, and making one costs as much as the call itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache as once

from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


def kept(request: HttpRequest, key: str, template: str, context: Callable[[], dict], *, seconds: int) -> SafeString:
    """A template's output, rendered once per `key` and language instead of once per reader, and kept so long.

    `key` names everything the content is made of, its store included. Every reader's own form token is put in afterwards.
    """
    # A state names times, and not every cache takes their blanks.
    key = f"{key}:{get_language()}".replace(" ", "_")
    html = cache.get(key)
    if html is None:
        html = render_to_string(template, context() | {"csrf_token": _token_place()})
        cache.set(key, html, seconds)
    return mark_safe(html.replace(_token_place(), get_token(request)))  # noqa: S308 - our own template's output and Django's token


@once
def _token_place() -> str:
    """Stands where a reader's token goes; nobody outside can write it into a text of his own."""
    return salted_hmac("core.caching.kept", "place of the form token").hexdigest()


class SharedClient(RedisCacheClient):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._clients = {}

    def get_client(self, key=None, *, write=False):
        index = self._get_connection_pool_index(write)
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]


class SharedCache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = SharedClient
