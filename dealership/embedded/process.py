"""Starting, finding and stopping the processes of embedded servers."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from dealership.embedded.place import EmbeddedError, run_as

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(command: list[str], *, cwd: Path, die_with_parent: signal.Signals, **options) -> subprocess.Popen:
    """Start a process in a session of its own: a Ctrl-C in the terminal reaches only whoever started it, who stops
    things in the right order. If the starter is killed, Linux sends `die_with_parent`.
    """

    def before_exec():
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, int(die_with_parent))

    return subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=before_exec,
        **options,
    )


def spawn_server(command: list[str], *, cwd: Path, log: Path, die_with_parent: signal.Signals) -> subprocess.Popen:
    """Start an embedded server as the user who may run it, writing to `log`."""
    # Variables of libpq would change what postgres does.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    with log.open("ab") as output:
        return spawn(command, cwd=cwd, die_with_parent=die_with_parent, env=environment, stdout=output, **run_as())


def wait_until(
    ready: Callable[[], bool],
    process: subprocess.Popen,
    *,
    seconds: float,
    on_wait: Callable[[float], None] | None = None,
) -> bool:
    """Poll until `ready()`; False if the process ended first. Raises `EmbeddedError` after `seconds`.

    `on_wait` gets the seconds waited so far, about once a second.
    """
    started = told = time.monotonic()
    while not ready():
        if process.poll() is not None:
            return False
        now = time.monotonic()
        if now - started > seconds:
            raise EmbeddedError(f"{Path(process.args[0]).name} did not get ready within {seconds:.0f} s.")
        if on_wait and now - told >= 1:
            told = now
            on_wait(now - started)
        time.sleep(0.03)
    return True


def stop(process: subprocess.Popen | psutil.Process, steps: list[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn and wait so many seconds for the process to end."""
    for number, seconds in steps:
        try:
            process.send_signal(number)
            process.wait(seconds)
            return
        except (psutil.NoSuchProcess, ProcessLookupError):
            return
        except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
            continue


def find(name: str, *, cwd: Path) -> list[psutil.Process]:
    """Running processes of that program whose working folder is `cwd`: servers change into their data folder."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"].startswith(name) and process.cwd() == str(cwd):
                found.append(process)
        except psutil.Error:
            continue
    return found


def last_lines(log: Path, count: int = 5) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""
