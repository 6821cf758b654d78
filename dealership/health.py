"""Probes for whoever keeps the product running."""

from __future__ import annotations

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The process can do its work: 200 with the database and Redis reached, 503 naming what is not."""
    state = {"database": _works(_ask_database), "redis": _works(_ask_redis)}
    ready = all(value == "ok" for value in state.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", **state}, status=200 if ready else 503)


def _works(ask) -> str:
    try:
        ask()
    except Exception as error:  # noqa: BLE001 - a probe reports every kind of failure and raises none
        return type(error).__name__
    return "ok"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_redis() -> None:
    cache.get("readyz")
