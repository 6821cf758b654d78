"""Board, visit page and search as a manager's browser asks for them, beside a bare Django view on the same server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle
from random import Random
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.client import Figures, get, measure
from bench.table import Row, one_in, rate
from core import clock
from core.stages import IN_STORE
from customers.models import Vehicle
from stores.access import in_store
from stores.models import Store, User
from visits.models import Visit

CONNECTIONS = 16
ROUNDS = 2
SHARE, P95_MS = 30, 50
UNSEEN = 10_000
WARM = 32
# What every request carries, or what makes it anew for each.
Headers = dict[str, str] | Callable[[], dict[str, str]]
BACKEND = "stores.access.StaffBackend"


def rows(port: int, *, seconds: float) -> list[Row]:
    """One row per page: rate at 16 connections between two measurements of the bare view, p95 at one connection."""
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session('manager')}"}
    store = Store.objects.get()
    with in_store(store):
        pages = {
            f"Board, {_on_board()} open visits": ["/board/"],
            "Board's moving part (answers of 200, none of 304)": ["/board/lanes/"],
            f"Dispatch board of today, {_on_board()} open visits": ["repairs:board"],
            f"Dispatch board by bay, every day of a week ({_on_board()} open visits)": _board_days(),
            "Dispatch board's moving part (answers of 200, none of 304)": ["repairs:board_live"],
            "Visit page, looked at again (half in the store, half of the history)": _visits(),
            "Visit page, never opened before (history)": _unseen_visits(),
            "Search (plate and phone tail, VIN end, name, pinyin)": _searches(),
        }
    return [page_row(what, port, [_named(path) for path in paths], cookie, seconds) for what, paths in pages.items()]


def session(username: str) -> str:
    """Key of a session of that person, as logging in makes it."""
    user = User.objects.get(username=username)
    made = SessionStore()
    made[SESSION_KEY], made[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    made.create()
    return made.session_key


def _named(path: str) -> str:
    from django.urls import reverse

    known = {"/board/": reverse("desk:board"), "/board/lanes/": reverse("desk:board_lanes")}
    return reverse(path) if path.startswith("repairs:") else known.get(path, path)


def _on_board() -> int:
    return Visit.objects.filter(ended_at=None, stage__in=IN_STORE).count()


def _board_days() -> list[str]:
    """The floor of each of seven days: what one controller after another looks at."""
    from django.urls import reverse

    today = clock.now().date()
    days = [today + timedelta(days=number) for number in range(7)]
    return [f"{reverse('repairs:board')}?day={day:%Y-%m-%d}&lanes=bay" for day in days]


def _visits() -> list[str]:
    from django.urls import reverse

    open_now = list(
        Visit.objects.filter(ended_at=None, stage__in=IN_STORE).order_by("?").values_list("pk", flat=True)[:100]
    )
    newest = Visit.objects.order_by("-pk").values_list("pk", flat=True)[0]
    oldest = Visit.objects.order_by("pk").values_list("pk", flat=True)[0]
    random = Random(3)
    guesses = [random.randint(oldest, newest) for _n in range(len(open_now) * 2)]
    closed = list(
        Visit.objects.filter(pk__in=guesses).exclude(ended_at=None).values_list("pk", flat=True)[: len(open_now)]
    )
    mixed = [pk for pair in zip(open_now, closed, strict=False) for pk in pair]
    return [reverse("desk:visit", args=[pk]) for pk in mixed]


def _unseen_visits() -> list[str]:
    """Enough that none comes twice in a run: what nobody has opened is nowhere kept."""
    from django.urls import reverse

    keys = Visit.objects.exclude(ended_at=None).order_by("pk").values_list("pk", flat=True)[:UNSEEN]
    return [reverse("desk:visit", args=[pk]) for pk in keys]


def _searches() -> list[str]:
    from django.urls import reverse

    oldest, newest = (Vehicle.objects.order_by(key).values_list("pk", flat=True)[0] for key in ("pk", "-pk"))
    random = Random(4)
    guesses = [random.randint(oldest, newest) for _n in range(200)]
    texts = []
    for car in Vehicle.objects.filter(pk__in=guesses).exclude(owner=None).select_related("owner"):
        owner = car.owner
        texts += [car.plate[-4:], owner.phone[-4:], car.vin[-6:], owner.name, owner.name_pinyin]
    return [f"{reverse('desk:search')}?q={quote(text)}" for text in texts]


def page_row(what: str, port: int, paths: list[str], cookie: Headers, seconds: float) -> Row:
    """One page (any of `paths`) at 16 connections between two measurements of the bare view, and alone."""
    bare, page = Figures(), Figures()
    fresh = cycle(paths)
    requests = (get(path, headers=_given(cookie)) for path in fresh)
    bare_requests = cycle([get("/bench/bare")])
    # Each thread's first answer connects to the database and reads templates: not measured. Pages that are measured again
    # and again have been looked at before.
    first = (paths * WARM)[: max(WARM, len(paths))] if len(paths) < UNSEEN else [next(fresh) for _n in range(WARM)]
    measure(port, [get(path, headers=_given(cookie)) for path in first], connections=CONNECTIONS, seconds=20)
    for _round in range(ROUNDS):
        bare += _measure(port, bare_requests, CONNECTIONS, seconds / 4)
        page += _measure(port, requests, CONNECTIONS, seconds / 2)
        bare += _measure(port, bare_requests, CONNECTIONS, seconds / 4)
    alone = _measure(port, requests, 1, seconds / 2)
    bare_alone = _measure(port, bare_requests, 1, seconds / 4)
    p95 = alone.percentile(95)
    return Row(
        what=f"{what}; {statements(paths[-7:], cookie)} statements",
        measured=rate(page.rate),
        p95=f"{p95:.1f} ms (bare view {bare_alone.percentile(95):.1f} ms)",
        baseline=f"bare Django JSON view {rate(bare.rate)}",
        ratio=one_in(page.rate, bare.rate),
        aim=f"1/{SHARE}, p95 under {P95_MS} ms",
        reached=page.rate * SHARE >= bare.rate and p95 < P95_MS,
    )


def _given(headers: Headers) -> dict[str, str]:
    return headers() if callable(headers) else headers


def _measure(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Figures:
    return measure(port, requests, connections=connections, seconds=seconds)


def statements(paths: list[str], cookie: Headers) -> str:
    """SQL statements of a page, least to most over its first addresses, with a warm cache."""
    client = Client(headers={"host": "localhost", **{name.lower(): value for name, value in _given(cookie).items()}})
    counts = []
    for path in [paths[0], *paths[:6]]:
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} was answered {answer.status_code}")
        counts.append(len(seen))
    least, most = min(counts[1:]), max(counts[1:])
    return str(most) if least == most else f"{least}–{most}"
