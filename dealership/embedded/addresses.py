"""Addresses of the embedded servers, for settings: imports nothing but the standard library.

Whoever starts the embedded servers of a folder writes their addresses to `embedded.json` there; every process that has
no DATABASE_URL or REDIS_URL of its own reads them, so a command in another window talks to the running product.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

FILE = "embedded.json"


@dataclass(frozen=True)
class Addresses:
    database: str
    redis: str


# Refused at once, by name: nothing listens there, and an error message shows where the address should come from.
NOT_RUNNING = Addresses(
    database="postgres:///aftersale?host=/nonexistent/embedded-database-is-not-running",
    redis="unix:///nonexistent/embedded-redis-is-not-running.sock",
)


def read(folder: Path) -> Addresses:
    """Addresses last written to `folder`, or `NOT_RUNNING`."""
    try:
        return Addresses(**json.loads((folder / FILE).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return NOT_RUNNING


def write(folder: Path, addresses: Addresses) -> None:
    temporary = folder / f"{FILE}.new"
    temporary.write_text(json.dumps(asdict(addresses), indent=2))
    temporary.replace(folder / FILE)


def forget(folder: Path) -> None:
    (folder / FILE).unlink(missing_ok=True)


def with_redis_db(url: str, number: int) -> str:
    """The same Redis server, another of its numbered databases."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        query = {**dict(parse_qsl(parts.query)), "db": str(number)}
        return f"unix://{parts.path}?{urlencode(query)}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def for_celery(url: str) -> str:
    """Celery has its own spelling of a Redis on a unix socket."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{parts.path}?virtual_host={dict(parse_qsl(parts.query)).get('db', '0')}"
