"""A throw-away PostgreSQL and Valkey for one test process, quick to have.

Making a cluster and running every migration takes many seconds. So it is done once for each state of the migrations,
into a template cluster under `var/test/`; each process starts on a copy of its files.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.conf import settings

from dealership.embedded import process
from dealership.embedded.place import Place, as_root, exclusively, remove_abandoned, remove_orphans
from dealership.embedded.postgres import THROW_AWAY, Postgres
from dealership.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "test"
TEMPLATES_KEPT = 4


class TestServers:
    """The servers of this process; their addresses are known before they run."""

    __test__ = False

    def __init__(self):
        self.place = Place(FOLDER / f"run-{os.getpid()}", throw_away=True)
        self._postgres = Postgres(self.place, THROW_AWAY)
        self._valkey = Valkey(self.place)
        self._claimed = False

    @property
    def database_url(self) -> str:
        return self._postgres.url()

    @property
    def redis_url(self) -> str:
        return self._valkey.url()

    @property
    def media(self) -> Path:
        return self.place.folder / "media"

    @contextmanager
    def postgres(self):
        """Run the database on a copy of the template."""
        self._claim()
        copy_template(self._postgres)
        self._postgres.start()
        try:
            yield
        finally:
            process.stop(self._postgres.process, [(signal.SIGQUIT, 20), (signal.SIGKILL, 5)])

    @contextmanager
    def valkey(self):
        self._claim()
        self._valkey.start()
        self._client = redis.Redis(unix_socket_path=str(self._valkey.socket))
        try:
            yield
        finally:
            self._client.close()
            self._valkey.stop()

    def flush_redis(self) -> None:
        self._client.flushall()

    def remove(self) -> None:
        if self._claimed:
            self.place.release()

    def _claim(self) -> None:
        if not self._claimed:
            self.place.claim()
            self._claimed = True
            remove_abandoned(FOLDER, "run-*")
            if as_root():
                remove_orphans("run-*")
                remove_orphans("template-*")


def copy_template(server: Postgres) -> None:
    """Give a server that has no data yet a migrated database."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with exclusively(FOLDER / "template.lock"):
        subprocess.run(["cp", "-a", _template(), server.data], check=True)


def prepare_template() -> threading.Thread:
    """Begin to make the template while the tests are still being collected; whoever needs it waits for the lock."""

    def make() -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        # Whatever goes wrong goes wrong once more where it can be told.
        with contextlib.suppress(Exception, pytest.exit.Exception), exclusively(FOLDER / "template.lock"):
            _template()

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    return thread


def _template() -> Path:
    """Data folder of a stopped cluster with every migration applied, made if there is none for the present state."""
    folder = FOLDER / f"template-{_state()}"
    place = Place(folder)
    done = folder / "done"
    if not done.exists():
        place.remove()
        with place:
            _migrate_into(place)
        done.touch()
    os.utime(folder)
    others = sorted(FOLDER.glob("template-*/"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[TEMPLATES_KEPT:]:
        Place(old).remove()
    return Postgres(place).data


def _migrate_into(place: Place) -> None:
    server = Postgres(place, THROW_AWAY).start()
    try:
        result = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": server.url()},
            capture_output=True,
            text=True,
        )
    finally:
        server.stop()
    if result.returncode:
        place.remove()
        pytest.exit(f"The migrations do not run:\n{result.stdout}{result.stderr}", returncode=3)


def _state() -> str:
    """Digest of everything a migrated database depends on."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    sources = [
        ROOT / "requirements.lock",
        ROOT / "core" / "constraints.py",
        ROOT / "core" / "fields.py",
        Path(__file__),
    ]
    # Migrating also pins the cursors of reactions.
    for source in sorted([*sources, *ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/reactions.py")]):
        digest.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
