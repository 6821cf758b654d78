"""The processes the supervisor keeps alive."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dealership.embedded import process

BACKOFF_SECONDS = (1, 2, 4, 8, 15, 30)
# Up that long, and an end is a new misfortune rather than the old one.
HEALTHY_SECONDS = 60
STOP_SECONDS = 15


@dataclass
class Child:
    """One process: started, watched, started again when it ends by itself."""

    name: str
    command: list[str]
    cwd: Path
    environment: dict[str, str]
    say: Callable[[str], None]
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    failures: int = 0
    start_again_at: float = field(default=0.0, repr=False)

    def start(self) -> None:
        self.process = process.spawn(
            self.command,
            cwd=self.cwd,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",
            die_with_parent=signal.SIGTERM,
        )
        self.started_at = time.monotonic()
        threading.Thread(target=self._relay, args=[self.process], daemon=True).start()

    def watch(self) -> None:
        """Called a few times a second: notice an end, and start again after a pause that grows."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_again_at:
                self.start()
            return
        if self.process.poll() is None:
            return
        self.failures = 0 if now - self.started_at > HEALTHY_SECONDS else self.failures
        pause = BACKOFF_SECONDS[min(self.failures, len(BACKOFF_SECONDS) - 1)]
        self.failures += 1
        self.say(f"{self.name} ended ({_how(self.process.returncode)}); starting it again in {pause} s")
        # Whatever it had started itself goes with it.
        self._signal_group(signal.SIGKILL)
        self.process, self.start_again_at = None, now + pause

    def ask_to_stop(self) -> None:
        # What it says about being stopped is no news.
        self.say = _nothing
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def ensure_stopped(self) -> None:
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self._signal_group(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _signal_group(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    def _relay(self, running: subprocess.Popen) -> None:
        for line in running.stdout:
            self.say(f"{self.name} | {line.rstrip()}")


def _nothing(text: str) -> None:
    return


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
