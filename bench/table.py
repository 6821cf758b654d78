"""The table of a run: each figure with its baseline of the same run, its aim, and whether it was reached."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

HEAD = ("What", "Measured", "p95, one connection", "Baseline in the same run", "Measured : baseline", "Aim", "Reached")


@dataclass(frozen=True)
class Row:
    """One line of the table, as texts; `reached` is None where there is no aim."""

    what: str
    measured: str
    baseline: str = "–"
    ratio: str = "–"
    p95: str = "–"
    aim: str = "–"
    reached: bool | None = None

    def cells(self) -> tuple[str, ...]:
        reached = "–" if self.reached is None else "yes" if self.reached else "NO"
        return self.what, self.measured, self.p95, self.baseline, self.ratio, self.aim, reached


def rate(value: float) -> str:
    """Per second, with as many digits as mean something."""
    return f"{value:,.0f}/s" if value >= 100 else f"{value:.1f}/s"


def one_in(value: float, baseline: float) -> str:
    return f"1/{baseline / value:.1f}" if value < baseline else f"{value / baseline:.1f}×"


def facts(*, visits: int, workers: int, threads: int) -> list[str]:
    """The machine and the versions the figures hold for."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("Django", "djangorestframework", "granian", "psycopg2-binary")
    )
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {_commit()}",
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, load at the start {load} (1, 5, 15 minutes)",
        f"Python {platform.python_version()}, PostgreSQL {_postgres()}, {packages}",
        f"granian with {workers} workers of {threads} threads; load generator, server and database on the same machine",
        f"{visits:,} visits loaded",
    ]


def _commit() -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return found.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _postgres() -> str:
    from dealership.embedded.postgres import programs

    found = subprocess.run([programs() / "bin" / "postgres", "--version"], capture_output=True, text=True)
    return found.stdout.split()[-1]


def show(known: list[str], rows: list[Row], notes: list[str]) -> None:
    console = Console()
    # In a file or a pipe nothing has to fit a window.
    if not console.is_terminal:
        console = Console(width=200)
    table = Table(*HEAD, show_lines=True)
    for row in rows:
        table.add_row(*row.cells(), style="bold red" if row.reached is False else None)
    for line in known:
        console.print(line, highlight=False)
    console.print(table)
    for note in notes:
        console.print(note, highlight=False)


def markdown(known: list[str], rows: list[Row], notes: list[str]) -> str:
    """The same as a section of docs/bench.md."""
    lines = [*(f"- {line}" for line in known), "", _line(HEAD), _line(["---"] * len(HEAD))]
    lines += [_line(row.cells()) for row in rows]
    return "\n".join([*lines, "", *(f"- {note}" for note in notes)]).rstrip() + "\n"


def _line(cells) -> str:
    return "| " + " | ".join(cells) + " |"
