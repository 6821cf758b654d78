"""What `up` shows: a line per step, with its time, and what is going on in it meanwhile."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table


@dataclass
class Step:
    """A step under way; `result` is what its line says in the end."""

    title: str
    status: Status | None
    result: str = "ready"
    _told: str = field(default="", repr=False)

    def tell(self, text: str) -> None:
        """What is going on just now; shown on a terminal only, and gone when the step is done."""
        if self.status is not None and text and text != self._told:
            self._told = text
            self.status.update(f"{self.title}: {escape(text[:100])}")


class Steps:
    def __init__(self, console: Console | None = None):
        self.console = console or Console(highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        self.console.print(escape(text))

    @contextmanager
    def step(self, title: str):
        """One step of the way up: its line appears when it begins, its result and time when it ends."""
        started = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(title) as status:
                step = Step(title, status)
                yield step
        else:
            self.say(f"… {title}")
            step = Step(title, None)
            yield step
        self.console.print(f"[green]✓[/green] {title}: {escape(step.result)} ({time.monotonic() - started:.1f} s)")

    def table(self, title: str, columns: list[str], rows: list[tuple[str, ...]]) -> None:
        table = Table(*columns, title=title, title_justify="left", title_style="bold")
        for row in rows:
            table.add_row(*(escape(str(cell)) for cell in row))
        self.console.print(table)
