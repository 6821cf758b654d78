"""Where an embedded server keeps its data, and as whom it runs.

PostgreSQL refuses to run as root. As an ordinary user everything lies in the folder it was given. As root the servers
run as the service user `aftersale`, and their data, sockets and a copy of their binaries lie below that user's home:
so they can be reached whatever the modes of the project's parent folders are, and no mode of a folder is ever changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

SERVICE_USER = "aftersale"
SERVICE_HOME = Path("/var/lib/aftersale")
# A unix socket's path has room for 107 bytes; PostgreSQL adds `/.s.PGSQL.5432.lock` to the folder's.
SOCKET_FOLDER_BYTES = 107 - len("/.s.PGSQL.5432.lock")


class EmbeddedError(Exception):
    """An embedded server cannot do its work; the message says what to do, in one sentence."""


class InUse(EmbeddedError):
    """Another process owns this folder's servers."""


@dataclass
class Place:
    """A folder and whoever owns it. Use as a context manager or call `claim()` and `release()`."""

    folder: Path
    # Throw-away places are removed when released, and by a later run when their process was killed.
    throw_away: bool = False
    _lock: IO | None = field(default=None, repr=False)

    def __post_init__(self):
        self.folder = self.folder.resolve()

    @property
    def home(self) -> Path:
        """Holds data, logs and sockets; belongs to whom the servers run as."""
        if not as_root():
            return self.folder
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]
        return SERVICE_HOME / "places" / f"{self.folder.name}-{digest}"

    @property
    def sockets(self) -> Path:
        """Folder of the unix sockets, with a path short enough for one."""
        inside = self.home / "run"
        if len(os.fsencode(inside)) <= SOCKET_FOLDER_BYTES:
            return inside
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"aftersale-{os.getuid()}-{digest}"

    def claim(self) -> Place:
        """Make the folder this process's own until it ends, however it ends. Raises `InUse`."""
        if not self.throw_away:
            return self._take()
        # Whoever sweeps holds each lock for a moment, and deletes: not between our making the folder and locking it.
        with _sweeping(self.folder.parent):
            return self._take()

    def _take(self) -> Place:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise InUse(f"Another process is using the embedded servers in {self.folder}.") from None
        self._lock = lock
        if as_root():
            ensure_service_home()
            make_folder(self.home)
            (self.folder / "location").write_text(f"{self.home}\n")
            (self.home / "folder").write_text(f"{self.folder}\n")
        make_folder(self.sockets)
        return self

    def release(self) -> None:
        if self.throw_away:
            self.remove()
        elif self.sockets.parent != self.home:
            shutil.rmtree(self.sockets, ignore_errors=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def remove(self) -> None:
        """Delete everything this place holds."""
        for folder in (self.sockets, self.home, self.folder):
            shutil.rmtree(folder, ignore_errors=True)

    def __enter__(self) -> Place:
        return self.claim()

    def __exit__(self, *exc_info) -> None:
        self.release()


def as_root() -> bool:
    return os.geteuid() == 0


def run_as() -> dict:
    """Arguments of `subprocess` that make the child the service user, if we are root."""
    if not as_root():
        return {}
    entry = pwd.getpwnam(SERVICE_USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def make_folder(path: Path) -> Path:
    """A folder only its server can enter, and its parents."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if as_root():
        entry = pwd.getpwnam(SERVICE_USER)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return path


def ensure_service_home() -> None:
    """The service user and its home exist. Only ever called as root."""
    try:
        pwd.getpwnam(SERVICE_USER)
    except KeyError:
        _add_service_user()
    SERVICE_HOME.mkdir(mode=0o755, exist_ok=True)
    entry = pwd.getpwnam(SERVICE_USER)
    os.chown(SERVICE_HOME, entry.pw_uid, entry.pw_gid)
    (SERVICE_HOME / "places").mkdir(mode=0o755, exist_ok=True)


def _add_service_user() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:" + os.environ.get("PATH", ""))
    if not useradd:
        raise EmbeddedError(
            "PostgreSQL does not run as root and this machine has no `useradd` to make a user for it: "
            "run as an ordinary user, or set DATABASE_URL and REDIS_URL."
        )
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    result = subprocess.run([*command, "--home-dir", SERVICE_HOME, SERVICE_USER], capture_output=True, text=True)
    # 9: another process was first.
    if result.returncode not in (0, 9):
        raise EmbeddedError(f"The user {SERVICE_USER} for PostgreSQL could not be made: {result.stderr.strip()}")


def binaries(site: Path, parts: list[str], name: str) -> Path:
    """Where the server's user can read a wheel's programs: `site` itself, or as root a folder with copies of `parts`.

    Programs find their libraries by relative paths, so the parts keep their places to each other.
    """
    if not as_root():
        return site
    ensure_service_home()
    target = SERVICE_HOME / name
    with exclusively(SERVICE_HOME / "binaries.lock"):
        if not target.exists():
            temporary = SERVICE_HOME / f"{name}.new"
            shutil.rmtree(temporary, ignore_errors=True)
            for part in parts:
                if (site / part).exists():
                    shutil.copytree(site / part, temporary / part, symlinks=True, ignore=_NOT_TO_RUN)
            # The wheel may have been unpacked under a strict umask.
            subprocess.run(["chmod", "-R", "a+rX", temporary], check=True)
            temporary.rename(target)
    return target


_NOT_TO_RUN = shutil.ignore_patterns("include", "__pycache__")


@contextmanager
def exclusively(path: Path):
    """Hold a file's lock, waiting for whoever has it."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def remove_abandoned(parent: Path, pattern: str) -> None:
    """Remove throw-away places whose process was killed before it could."""
    with _sweeping(parent):
        for folder in parent.glob(pattern):
            place = Place(folder, throw_away=True)
            try:
                place._take()
            except InUse:
                continue
            place.release()


@contextmanager
def _sweeping(parent: Path):
    parent.mkdir(parents=True, exist_ok=True)
    with exclusively(parent / "sweep.lock"):
        yield


def remove_orphans(pattern: str) -> None:
    """Remove homes of such places in project folders that have been deleted since. Only root's homes lie apart."""
    for note in (SERVICE_HOME / "places").glob(f"{pattern}/folder"):
        try:
            gone = not Path(note.read_text().strip()).exists()
        except FileNotFoundError:
            continue
        if gone:
            shutil.rmtree(note.parent, ignore_errors=True)
