"""`python -m dealership.check` (`make check`): everything that can be known without running the product.

Each step is a command anybody can run by itself; they run side by side, a line each, and the output of a step is shown
only if it failed.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "-W", "ignore", "manage.py"]

# What a production machine sets, with values nobody uses: the check is about the settings, no server is asked.
PRODUCTION = {
    "DJANGO_ENV": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "aftersale.example",
    "DATABASE_URL": "postgres://aftersale@database.example/aftersale",
    "REDIS_URL": "redis://broker.example/0",
    "CACHE_URL": "redis://cache.example/0",
}


@dataclass(frozen=True)
class Step:
    title: str
    command: list
    # What to do when it fails.
    remedy: str
    environment: dict[str, str] = field(default_factory=dict)


def steps() -> list[Step]:
    templates = [str(path) for path in sorted(ROOT.glob("templates/**/*.html"))]
    return [
        Step("missing migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], "manage.py makemigrations"),
        Step("order of apps and rooms", [BIN / "lint-imports", "--no-logo"], "contracts: [tool.importlinter]"),
        Step(
            "production settings",
            [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
            "see dealership/settings.py",
            PRODUCTION,
        ),
        Step("description of the API", [*MANAGE, "describe_api", "--check"], "manage.py describe_api"),
        Step("translation", [*MANAGE, "translations", "--check"], "manage.py translations --merge FILE.json"),
        Step(
            "lint and banned imports",
            [BIN / "ruff", "check", "--output-format", "concise", "."],
            ".venv/bin/ruff check --fix .",
        ),
        Step(
            "format", [BIN / "ruff", "format", "--check", "--output-format", "concise", "."], ".venv/bin/ruff format ."
        ),
        Step("templates", [BIN / "djade", "--check", *templates], ".venv/bin/djade templates/**/*.html"),
    ]


def run(step: Step) -> tuple[Step, subprocess.CompletedProcess, float]:
    started = time.monotonic()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "dealership.settings", **step.environment}
    result = subprocess.run(
        step.command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return step, result, time.monotonic() - started


def main() -> int:
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for step, result, seconds in pool.map(run, steps()):
            good = result.returncode == 0
            print(f"{'✓' if good else '✗'} {step.title} ({seconds:.1f} s)", flush=True)
            if not good:
                failed += 1
                print(f"{result.stdout.rstrip()}\n  → {step.remedy}", flush=True)
    print(f"{failed} checks failed" if failed else "All checks passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
