"""`python -m bench` (`make bench`): measure the product, print one table, end everything that was started."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from bench import cluster

PARTS = ("pages", "create", "reactions", "booking", "csi", "demo", "outreach")
THREADS = 4
DOCUMENT = cluster.ROOT / "docs" / "bench.md"
MARK = "<!-- what follows is written by `make bench ARGS=--write` -->\n"


def main() -> int:
    asked = _arguments()
    # Being asked to end is like Ctrl-C: what was started is stopped first.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run(asked)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--visits", type=int, default=200_000, help="visits loaded (default 200,000; kept for the next run)"
    )
    parser.add_argument("--open", type=int, default=300, help="cars in the store (default 300)")
    parser.add_argument(
        "--answers", type=int, default=1_000_000, help="answers of customers for csi (default 1,000,000)"
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="seconds for each row and its baseline (at most 10)")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="measure only these")
    parser.add_argument(
        "--reuse", action="store_true", help="take the newest loaded cluster even if the code changed since"
    )
    parser.add_argument("--cars", type=int, default=1_000_000, help="cars of the due run (default 1,000,000)")
    parser.add_argument("--full", action="store_true", help="also load 1,000,000 visits (up to ten minutes)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/bench.md")
    asked = parser.parse_args()
    if not 1000 <= asked.answers <= 2_000_000:
        parser.error("--answers takes 1,000 to 2,000,000")
    if not 1000 <= asked.visits <= 5_000_000 or not 0 < asked.seconds <= 10 or not 0 <= asked.open <= 400:
        parser.error("--visits takes 1,000 to 5,000,000, --seconds up to 10, --open up to 400")
    return asked


def _run(asked: argparse.Namespace) -> int:
    workers = min(2, os.cpu_count() or 1)
    with cluster.running(visits=asked.visits, open_visits=asked.open, say=_say, reuse=asked.reuse) as servers:
        rows, notes = [], []
        # Settings are read when Django starts, so their addresses come first and what needs Django is imported after them.
        servers.copy(cluster.LOADED, cluster.RUN)
        os.environ.update(servers.environment(cluster.RUN))
        from bench import measuring, table

        known = table.facts(visits=asked.visits, workers=workers, threads=THREADS)
        for row in measuring.rows(servers, asked, workers=workers, threads=THREADS, say=_say):
            rows.append(row)
        table.show(known, rows, notes)
        if asked.write:
            _write(table.markdown(known, rows, notes))
    return 0


def _write(section: str) -> None:
    before = DOCUMENT.read_text().partition(MARK)[0]
    DOCUMENT.write_text(f"{before}{MARK}\n{section}")
    _say(f"written to {DOCUMENT.relative_to(Path.cwd())}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
