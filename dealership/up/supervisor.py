"""Brings everything up step by step, keeps it up, and takes all of it down again."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg2

from dealership import demo
from dealership.embedded import addresses, process
from dealership.embedded.addresses import Addresses
from dealership.embedded.place import EmbeddedError, Place
from dealership.embedded.postgres import Postgres
from dealership.embedded.valkey import Valkey
from dealership.up import ports
from dealership.up.children import Child
from dealership.up.console import Steps

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - only compared with
READY_SECONDS = 60


class CannotStart(Exception):
    """The product cannot be brought up; the message is one sentence for whoever tried."""


class StopRequest(BaseException):
    """Ctrl-C or TERM. Not an `Exception`: nothing on the way may swallow it."""


@dataclass(frozen=True)
class Plan:
    """What to bring up, from the environment."""

    root: Path
    var: Path
    host: str
    port: int
    web_workers: int
    web_threads: int
    # Visits of the demo store made in an empty database; 0 leaves it empty.
    demo_visits: int

    @property
    def url(self) -> str:
        host = "localhost" if self.host in LOOPBACK | EVERYWHERE else self.host
        return f"http://{host}:{self.port}"


class Supervisor:
    def __init__(self, plan: Plan, steps: Steps):
        self.plan = plan
        self.steps = steps
        self.children: list[Child] = []
        self.servers: list[Postgres | Valkey] = []
        self.environment = dict(os.environ)

    def run(self, on_ready) -> None:
        """Bring everything up, call `on_ready(demo_store=…)`, and stay until asked to stop. Raises `CannotStart`."""
        with _signals(), ExitStack() as stack:
            try:
                stack.enter_context(self._only_one())
                self._check_port()
                stack.callback(self.steps.say, "Everything is stopped.")
                self._start_servers(stack)
                self._migrate()
                self._load_demo()
                self._start_children(stack)
                on_ready(demo_store=self._has_store(code=demo.STORE_CODE))
                self._keep_up()
            except EmbeddedError as error:
                raise CannotStart(str(error)) from None
            except StopRequest:
                # A second Ctrl-C would leave servers behind: what is being stopped has its own time limits.
                _ignore_signals()
                self.steps.say("Stopping …")

    # --- before anything is started

    @contextmanager
    def _only_one(self):
        """Held by the operating system for as long as this process lives, however it ends."""
        self.plan.var.mkdir(exist_ok=True)
        path = self.plan.var / "up.lock"
        try:
            lock = path.open("a+")
        except PermissionError:
            raise CannotStart(f"{path} belongs to another user, who started this before; remove var/ first.") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise CannotStart(f"Already running in this folder: {lock.read().strip()}.") from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()}, {self.plan.url}\n")
            lock.flush()
            yield

    def _check_port(self) -> None:
        owner = ports.taken_by(self.plan.host, self.plan.port)
        if owner:
            free = ports.first_free(self.plan.host, self.plan.port)
            raise CannotStart(f"Port {self.plan.port} is taken by {owner}. Choose another: PORT={free} make up")
        if self.plan.host not in LOOPBACK and not os.environ.get("SECRET_KEY"):
            raise CannotStart(f"HOST={self.plan.host} lets other machines in: set SECRET_KEY and ALLOWED_HOSTS first.")

    # --- the steps

    def _start_servers(self, stack: ExitStack) -> None:
        """Embedded servers, each only where the environment names no other."""
        database, redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
        if not (database and redis):
            place = stack.enter_context(Place(self.plan.var / "embedded"))
        if not database:
            with self.steps.step("PostgreSQL 18 (embedded)") as step:
                postgres = Postgres(place)
                stack.callback(postgres.stop)
                postgres.start(lambda seconds: step.tell(f"recovering from the last run, {seconds:.0f} s"))
            self.servers.append(postgres)
            database = postgres.url()
        if not redis:
            with self.steps.step("Valkey 9 (embedded broker and cache)"):
                valkey = Valkey(place)
                stack.callback(valkey.stop)
                valkey.start()
            self.servers.append(valkey)
            redis = valkey.url()
        if self.servers:
            # For commands in another window.
            stack.callback(addresses.forget, self.plan.var)
            addresses.write(self.plan.var, Addresses(database=database, redis=redis))
        self.environment |= {"DATABASE_URL": database, "REDIS_URL": redis}
        self.environment |= {"PUBLIC_URL": os.environ.get("PUBLIC_URL") or self.plan.url}

    def _migrate(self) -> None:
        with self.steps.step("Tables") as step:
            applied = 0

            def follow(line: str) -> None:
                nonlocal applied
                if line.startswith("Applying "):
                    applied += 1
                    step.tell(line.removeprefix("Applying ").split("...")[0])

            self._manage("migrate", "--no-input", "--skip-checks", follow=follow)
            step.result = f"{applied} migrations applied" if applied else "up to date"

    def _load_demo(self) -> None:
        if not self.plan.demo_visits:
            return
        with self.steps.step("Demo store") as step:
            if self._has_store():
                step.result = "the database has a store already"
            else:
                self._manage("demo", "--visits", str(self.plan.demo_visits), follow=step.tell)
                step.result = f"made, with {self.plan.demo_visits} visits"

    def _has_store(self, code: str | None = None) -> bool:
        """Whether the database has a store, or the store with that code."""
        connection = psycopg2.connect(self.environment["DATABASE_URL"])
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT EXISTS (SELECT FROM stores_store WHERE %s IS NULL OR code = %s)", [code, code])
                return cursor.fetchone()[0]
        finally:
            connection.close()

    def _manage(self, *arguments: str, follow: Callable[[str], None]) -> None:
        """Run a management command, handing on each line. Raises `CannotStart` with the end of its output."""
        command = [sys.executable, "manage.py", *arguments]
        environment = self.environment | {"PYTHONUNBUFFERED": "1"}
        child = process.spawn(
            command,
            cwd=self.plan.root,
            die_with_parent=signal.SIGTERM,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        seen = []
        try:
            for line in child.stdout:
                seen.append(line)
                follow(line.strip())
            if child.wait():
                raise CannotStart(f"`manage.py {' '.join(arguments)}` failed:\n{''.join(seen[-20:]).rstrip()}")
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
            child.stdout.close()

    def _start_children(self, stack: ExitStack) -> None:
        stack.callback(self._stop_children)
        with self.steps.step("Web, worker and beat") as step:
            for name, command in self._commands().items():
                child = Child(name, command, self.plan.root, self._child_environment(), self.steps.say)
                self.children.append(child)
                child.start()
            deadline = time.monotonic() + READY_SECONDS
            while not self._answers():
                if time.monotonic() > deadline:
                    raise CannotStart(f"{self.plan.url} did not answer within {READY_SECONDS} s; see the lines above.")
                for child in self.children:
                    child.watch()
                step.tell("waiting for the first answer")
                time.sleep(0.1)

    def _commands(self) -> dict[str, list[str]]:
        # As root everything here runs as root; said once here rather than by Celery in six lines at each start.
        python = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges", "-m"]
        granian = ["granian", "--interface", "wsgi", "--host", self.plan.host, "--port", str(self.plan.port)]
        granian += ["--workers", str(self.plan.web_workers), "--blocking-threads", str(self.plan.web_threads)]
        granian += ["--respawn-failed-workers", "--no-ws", "--log-level", "warning", "dealership.wsgi:application"]
        celery = ["celery", "-A", "dealership", "-q"]
        worker = [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "2"]
        worker += ["--without-gossip", "--without-mingle"]
        schedule = self.plan.var / "celerybeat-schedule"
        beat = [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(schedule), "--pidfile", ""]
        return {"web": python + granian, "worker": python + worker, "beat": python + beat}

    def _child_environment(self) -> dict[str, str]:
        # TERM lets the worker finish or hand back what it has in hand.
        gentle = {"REMAP_SIGTERM": "SIGQUIT", "CELERY_SOFT_SHUTDOWN_SECONDS": "5"}
        return self.environment | gentle | {"PYTHONUNBUFFERED": "1"}

    def _answers(self) -> bool:
        host = "localhost" if self.plan.host in LOOPBACK | EVERYWHERE else self.plan.host
        connection = HTTPConnection(host, self.plan.port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    # --- up, and down again

    def _keep_up(self) -> None:
        while True:
            for server in self.servers:
                if not server.running():
                    self.steps.say(f"{type(server).__name__} ended; starting it again")
                    server.start()
            for child in self.children:
                child.watch()
            time.sleep(0.3)

    def _stop_children(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.ensure_stopped()


@contextmanager
def _signals():
    """Ctrl-C, TERM and a closed terminal raise `StopRequest` in the main thread."""

    def stop(number, frame):
        raise StopRequest

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
