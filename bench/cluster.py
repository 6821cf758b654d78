"""The bench's own PostgreSQL and Valkey, and databases that are copied for each run.

Loading 200,000 visits takes minutes, so a loaded cluster is kept under var/bench for as long as the code that filled it
stays the same. A run works on copies of its databases: `empty` (migrated) and `loaded` (history, and cars in the store).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from dealership.embedded.place import Place
from dealership.embedded.postgres import THROW_AWAY, TRYING, Postgres
from dealership.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
KEPT = 2
EMPTY, LOADED, RUN, DEMO = "empty", "loaded", "run", "demo"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Servers:
    """A running pair of servers: where their databases are."""

    postgres: Postgres
    valkey: Valkey

    def url(self, database: str) -> str:
        return self.postgres.url(database)

    def environment(self, database: str) -> dict[str, str]:
        """Environment of a process of the product that works on `database`."""
        own = {
            "DATABASE_URL": self.url(database),
            "REDIS_URL": self.valkey.url(),
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DJANGO_ENV": "development",
            "LOG_LEVEL": "ERROR",
        }
        return {**os.environ, **own}

    def copy(self, source: str, target: str) -> None:
        """Make `target` anew as a copy of `source`."""
        self._execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        self._execute(f"CREATE DATABASE {target} TEMPLATE {source} STRATEGY FILE_COPY")

    def drop(self, *databases: str) -> None:
        for database in databases:
            self._execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def create(self, database: str) -> None:
        self.drop(database)
        self._execute(f"CREATE DATABASE {database}")

    def manage(self, *arguments: str, database: str) -> None:
        """Run a management command; its output appears only when it fails."""
        self._python("manage.py", *arguments, database=database)

    def fill(self, database: str, open_visits: int) -> None:
        self._python("-m", "bench.fill", str(open_visits), database=database)

    def _python(self, *arguments: str, database: str) -> None:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(database),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"`{' '.join(arguments)}` failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")

    def _execute(self, statement: str) -> None:
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


@contextmanager
def running(*, visits: int, open_visits: int, say: Say, reuse: bool = False):
    """Servers with `empty` and `loaded` in place, up for the block; yields `Servers`. What a run copied is dropped."""
    folder = FOLDER / f"cluster-{state(visits, open_visits)}"
    if reuse and (loaded := sorted(FOLDER.glob("cluster-*/done"), key=lambda path: path.parent.stat().st_mtime)):
        folder = loaded[-1].parent
    done = folder / "done"
    if not done.exists():
        # A load that was killed is begun anew.
        Place(folder).remove()
    with Place(folder) as place:
        if not done.exists():
            # Filled without waiting for the disk, then measured with the settings that `make up` has.
            with _up(place, THROW_AWAY) as servers:
                _load(servers, visits, open_visits, say)
            os.sync()
            done.touch()
        os.utime(folder)
        _forget_old(folder)
        with _up(place, TRYING) as servers:
            try:
                yield servers
            finally:
                servers.drop(RUN, DEMO)


@contextmanager
def _up(place: Place, options: dict[str, str]):
    postgres, valkey = Postgres(place, options), Valkey(place)
    try:
        yield Servers(postgres.start(), valkey.start())
    finally:
        valkey.stop()
        postgres.stop()


def _load(servers: Servers, visits: int, open_visits: int, say: Say) -> None:
    say("… migrations")
    servers.create(EMPTY)
    servers.manage("migrate", "--skip-checks", "--verbosity=0", database=EMPTY)
    say(f"… loading {visits:,} visits (kept for the next run)")
    servers.copy(EMPTY, LOADED)
    servers.manage("demo", "--visits", str(visits), database=LOADED)
    say(f"… {open_visits} cars in the store")
    servers.fill(LOADED, open_visits)


def state(visits: int, open_visits: int) -> str:
    """Digest of all that a loaded cluster depends on."""
    digest = hashlib.sha256(f"{visits} {open_visits}".encode())
    sources = [*ROOT.glob("dealership/demo/*.py"), *ROOT.glob("*/migrations/*.py"), Path(__file__).parent / "fill.py"]
    for source in sorted(sources):
        digest.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _forget_old(mine: Path) -> None:
    others = sorted(FOLDER.glob("cluster-*/"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[KEPT:]:
        if old != mine:
            Place(old).claim().remove()
