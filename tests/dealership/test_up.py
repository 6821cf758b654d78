"""`manage.py up` brings everything up, keeps it up, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from dealership.embedded.place import Place
from dealership.embedded.postgres import Postgres
from dealership.up import ports
from tests.servers import FOLDER, copy_template

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


class Up:
    """A running `manage.py up`, with what it printed so far."""

    def __init__(self, var: Path, port: int, **environment: str):
        self.port = port
        unset = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MEDIA_ROOT"}
        inherited = {name: value for name, value in os.environ.items() if name not in unset}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--demo-visits", "0"],
            cwd=ROOT,
            env={**inherited, "VAR_DIR": str(var), "PORT": str(port), "LANG": "C.UTF-8", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
        self.process.stdout.close()

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, pattern: str) -> None:
        deadline = time.monotonic() + SECONDS
        while not re.search(pattern, self.output):
            assert self.process.poll() is None and time.monotonic() < deadline, self.output
            time.sleep(0.1)

    def end(self) -> tuple[int, str]:
        code = self.process.wait(SECONDS)
        self.reader.join()
        return code, self.output

    def started(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(port: int, path: str) -> int:
    connection = HTTPConnection("localhost", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.fixture
def var(tmp_path):
    """A `var/` with a migrated database: these tests are about processes, not about migrations."""
    # Not `run-…`: another test process removes such folders unless they are claimed.
    folder = FOLDER / f"up-{os.getpid()}-{tmp_path.name}"
    with Place(folder / "embedded") as place:
        copy_template(Postgres(place))
    yield folder
    with Place(folder / "embedded", throw_away=True):
        pass
    Place(folder).remove()


@pytest.fixture
def up(var):
    running = Up(var, free_port())
    yield running
    if running.process.poll() is None:
        running.process.terminate()
    running.end()


@pytest.mark.timeout(240)
def test_up_serves_mends_refuses_a_second_and_stops_everything(up, var):
    up.wait_for(r"Ready\.")
    assert status(up.port, "/readyz") == 200

    # A second one in the same folder says where the first one is.
    code, output = Up(var, free_port()).end()
    assert (code, output) == (
        1,
        f"CommandError: Already running in this folder: process {up.process.pid}, http://localhost:{up.port}.",
    )

    # A command in another window finds the same database.
    shown = subprocess.run(
        [sys.executable, "manage.py", "showmigrations", "journal"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(var)},
        capture_output=True,
        text=True,
    )
    assert (shown.returncode, "[X] 0001_initial" in shown.stdout) == (0, True)

    # A worker and a database that die come back.
    worker = next(child for child in up.started() if "worker" in child.cmdline() and "celery" in child.cmdline())
    worker.kill()
    up.wait_for(r"worker ended \(signal SIGKILL\); starting it again")
    postgres = next(child for child in up.started() if child.name() == "postgres")
    postgres.kill()
    up.wait_for(r"Postgres ended; starting it again")
    deadline = time.monotonic() + SECONDS
    while status(up.port, "/readyz") != 200:
        assert time.monotonic() < deadline, up.output

    everything = up.started()
    up.process.send_signal(signal.SIGTERM)
    code, output = up.end()

    assert (code, output.splitlines()[-1]) == (0, "Everything is stopped.")
    assert still_running(everything) == []
    assert ports.taken_by("127.0.0.1", up.port) is None
    assert not (var / "embedded.json").exists()


def test_a_taken_port_is_named_with_a_way_out(var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code, output = Up(var, port).end()

    assert code == 1
    expected = rf"CommandError: Port {port} is taken by .+\. Choose another: PORT=\d+ make up"
    assert re.fullmatch(expected, output), output


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "eighty"}, "CommandError: PORT is 'eighty'; it must be a number from 1 to 65535."),
        (
            {"HOST": "0.0.0.0"},
            "CommandError: HOST=0.0.0.0 lets other machines in: set SECRET_KEY and ALLOWED_HOSTS first.",
        ),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence(tmp_path, environment, sentence):
    code, output = Up(tmp_path, free_port(), **environment).end()

    assert (code, output) == (1, sentence)


def still_running(children: list[psutil.Process]) -> list[psutil.Process]:
    """Those that live; one that has ended and waits for init to take note of it does not."""
    _gone, alive = psutil.wait_procs(children, timeout=5)
    return [child for child in alive if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.timeout(120)
def test_ctrl_c_on_the_way_up_stops_what_runs_already(var):
    up = Up(var, free_port())
    up.wait_for(r"Tables")

    everything = up.started()
    up.process.send_signal(signal.SIGINT)
    code, output = up.end()

    assert (code, output.splitlines()[-1]) == (0, "Everything is stopped.")
    assert still_running(everything) == []
