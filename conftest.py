"""Where the tests run: every process has a PostgreSQL and a Valkey of its own, empty but for what migrations make.

Read before any test module, so that settings find the addresses in the environment. What a test needs of the product
(a store, staff, a visit) is in `tests/conftest.py`.
"""

from __future__ import annotations

import os
import socket
from ipaddress import ip_address

import pytest

from tests import servers

pytest_plugins = ["tests.browser", "tests.fixtures"]

# Two tests at once must never meet: a process's servers carry its number.
SERVERS = servers.TestServers()
# Nothing a developer has set for running the product reaches a test.
for name in (
    "CACHE_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "PUBLIC_URL",
    "EMAIL_URL",
    "METRICS_TOKEN",
    "VAR_DIR",
):
    os.environ.pop(name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "dealership.settings",
    "DJANGO_ENV": "development",
    "DATABASE_URL": SERVERS.database_url,
    "REDIS_URL": SERVERS.redis_url,
    "MEDIA_ROOT": str(SERVERS.media),
    # Playwright runs an event loop in the test's thread; the ORM calls beside it are not asynchronous.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}

import django  # noqa: E402 - settings read the environment above
from django.conf import settings  # noqa: E402

if settings.configured:
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests set it themselves, with servers of their own.")
django.setup()
# The processes of pytest-xdist inherit the environment and must not load settings before they have servers of their own.
del os.environ["DJANGO_SETTINGS_MODULE"]
# Logins by the hundred; nobody guesses these passwords.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Look for a static file when it is asked for, not for all of them at each new test client.
settings.WHITENOISE_AUTOREFRESH = True
# Tests run reactions with `journal.testing.drain`; no commit wakes a worker.
settings.JOURNAL_POKE = False


def pytest_configure(config) -> None:
    # Not in the workers of pytest-xdist, which all want the same one.
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.template = servers.prepare_template()


def pytest_unconfigure(config) -> None:
    if thread := getattr(config, "template", None):
        thread.join()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """The database was migrated in a template cluster; this process runs a copy of it, with the tests' store opened once."""
    with SERVERS.postgres():
        from tests import fixtures  # with models, which need settings

        with django_db_blocker.unblock():
            fixtures.open_store()
        yield
        from django.db import connections

        connections.close_all()


@pytest.fixture(scope="session", autouse=True)
def redis_server():
    """Broker and cache of this process."""
    with SERVERS.valkey():
        yield


@pytest.fixture(autouse=True)
def clean_cache(redis_server):
    """No test finds what another one cached or queued."""
    yield
    SERVERS.flush_redis()


@pytest.fixture(scope="session", autouse=True)
def only_this_machine():
    """A test that talks to the outside fails, whether or not the outside would have answered."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise RuntimeError(f"A test tried to reach {address[0]}: tests talk to this machine only.")
        return connect(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = connect


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def pytest_sessionfinish():
    SERVERS.remove()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The full counts of kill, race and load tests take minutes each: only `make test-long` runs them."""
    if os.environ.get("TEST_LONG") == "1":
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("long")]
