"""The embedded servers survive what happens on a developer's machine."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest

from dealership.embedded import addresses, process, servers
from dealership.embedded.place import InUse, Place, remove_abandoned
from dealership.embedded.postgres import DATABASE, THROW_AWAY, Postgres
from dealership.embedded.valkey import Valkey
from tests.servers import FOLDER

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path):
    # Below var/, whose parents a server of another user can pass; tmp_path's cannot be passed as root.
    with Place(FOLDER / f"run-{os.getpid()}-{tmp_path.name}", throw_away=True) as claimed:
        yield claimed


@pytest.fixture
def postgres(place):
    # With the options of `up`: the throw-away ones may forget the last second.
    server = Postgres(place)
    yield server.start()
    server.stop()


def ask(server: Postgres, sql: str):
    with closing(psycopg2.connect(server.url())) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None


def test_what_was_committed_survives_kill_9(postgres):
    ask(postgres, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    postgres.process.kill()
    postgres.process.wait()

    postgres.start()

    assert ask(postgres, "SELECT count(*) FROM kept") == [(1000,)]


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(postgres):
    postgres.process.kill()
    postgres.process.wait()
    pid_file = postgres.data / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    postgres.start()

    assert ask(postgres, "SELECT 1") == [(1,)]
    assert psutil.pid_exists(os.getpid())


def test_a_server_left_running_is_ended_before_a_new_one_starts(postgres):
    left = postgres.process

    again = Postgres(postgres.place, THROW_AWAY).start()

    assert (left.wait(10), ask(again, "SELECT 1")) == (0, [(1,)])
    again.stop()


def test_a_cluster_half_made_is_made_again(place):
    server = Postgres(place, THROW_AWAY)
    (place.home / "postgres.new" / "base").mkdir(parents=True)

    server.start()

    assert ask(server, f"SELECT datname FROM pg_database WHERE datname = '{DATABASE}'") == [(DATABASE,)]
    server.stop()


def test_two_clusters_run_side_by_side(postgres, tmp_path):
    with Place(FOLDER / f"run-{os.getpid()}-other", throw_away=True) as other:
        second = Postgres(other, THROW_AWAY).start()
        ask(postgres, "CREATE TABLE here ()")

        assert ask(second, "SELECT count(*) FROM pg_class WHERE relname = 'here'") == [(0,)]
        second.stop()


def test_a_folder_has_one_owner(place):
    with pytest.raises(InUse):
        Place(place.folder).claim()


def test_sweeping_takes_no_place_from_under_its_owner(tmp_path):
    """A worker that sweeps holds the lock of every place for a moment; another one that just begins must not meet it."""
    places = [Place(tmp_path / f"run-{number}", throw_away=True) for number in range(60)]

    def begin():
        for place in places:
            place.claim()

    def sweep():
        while not done.is_set():
            remove_abandoned(tmp_path, "run-*")

    done = threading.Event()
    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        begin()
        assert [place.folder.name for place in places if not place.folder.exists()] == []
    finally:
        done.set()
        sweeper.join()
        for place in places:
            place.release()


def test_a_throw_away_place_leaves_nothing(tmp_path):
    with Place(FOLDER / f"run-{os.getpid()}-gone", throw_away=True) as gone:
        Valkey(gone).start().stop()

    assert [path.exists() for path in (gone.folder, gone.home, gone.sockets)] == [False, False, False]


def test_a_long_path_gets_a_short_socket(tmp_path):
    deep = Place(tmp_path / ("long-" * 12) / ("name-" * 12))

    assert len(os.fsencode(deep.sockets / ".s.PGSQL.5432.lock")) <= 107


def test_no_folder_on_the_way_changes_its_mode(place):
    before = modes(place.folder)

    Postgres(place, THROW_AWAY).start().stop()

    assert modes(place.folder) == before


def modes(folder: Path) -> dict[Path, int]:
    return {parent: parent.stat().st_mode for parent in folder.parents}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent was killed")
def test_killing_the_starter_ends_the_servers(tmp_path):
    folder = FOLDER / f"run-{os.getpid()}-killed"
    code = (
        "import pathlib, sys, time\n"
        "from dealership.embedded import servers\n"
        f"with servers.running(pathlib.Path({str(folder)!r})):\n"
        "    print('up', flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert starter.stdout.readline() == "up\n"
    data = Postgres(Place(folder)).data
    assert len(process.find("postgres", cwd=data)) >= 1

    starter.send_signal(signal.SIGKILL)
    starter.wait()
    starter.stdout.close()

    deadline = time.monotonic() + 20
    while process.find("postgres", cwd=data) or process.find("valkey", cwd=data.parent / "valkey"):
        assert time.monotonic() < deadline, "still running"
        time.sleep(0.1)
    with Place(folder, throw_away=True):
        pass


def test_both_servers_stop_with_the_block(place):
    place.release()
    with servers.running(place.folder) as running:
        with closing(psycopg2.connect(running.database)) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW timezone")
            assert cursor.fetchall() == [("Etc/UTC",)]

    assert process.find("postgres", cwd=Postgres(place).data) == []
    place.claim()


@pytest.mark.parametrize(
    ("url", "celery", "cache"),
    [
        ("redis://host:6379/0", "redis://host:6379/0", "redis://host:6379/1"),
        ("rediss://:secret@host", "rediss://:secret@host", "rediss://:secret@host/1"),
        ("unix:///a/b.sock?db=0", "redis+socket:///a/b.sock?virtual_host=0", "unix:///a/b.sock?db=1"),
    ],
)
def test_addresses_are_spelled_for_each_reader(url, celery, cache):
    assert (addresses.for_celery(url), addresses.with_redis_db(url, 1)) == (celery, cache)
