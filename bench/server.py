"""The application server of a run: granian as `make up` starts it, with the bench's addresses added."""

from __future__ import annotations

import signal
import socket
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from bench.client import UnexpectedAnswer, get, measure
from dealership.embedded import process

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 40


@contextmanager
def running(environment: dict[str, str], *, workers: int, threads: int, log: Path):
    """Granian on a free port of this machine, up and warm for the block; yields the port."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning"]
    with log.open("w") as output:
        child = process.spawn(
            [*command, "bench.wsgi:application"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            die_with_parent=signal.SIGTERM,
        )
        try:
            _wait(child, port, log)
            yield port
        finally:
            process.stop(child, [(signal.SIGTERM, 10), (signal.SIGKILL, 5)])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(child, port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            measure(port, [get("/bench/bare")], connections=1, seconds=1)
            return
        except (OSError, UnexpectedAnswer) as error:
            if child.poll() is not None or time.monotonic() > until:
                sys.exit(f"The server did not start ({error}); the end of {log}:\n{process.last_lines(log, 15)}")
            time.sleep(0.1)
