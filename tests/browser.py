"""Tests in a real browser: the system's Chromium, driven by Playwright.

Without Chromium these tests are skipped, with a last line nobody overlooks; in CI that is a failure.
"""

from __future__ import annotations

import os
import shutil
import sys

import pytest

BROWSER_FIXTURES = {"page", "context", "browser", "new_context", "phone_page", "desktop_page"}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
NO_CHROMIUM = "no Chromium on this machine"
_skipped = pytest.StashKey[int]()


def chromium() -> str | None:
    """Path of the system's Chromium, or of the one named by CHROMIUM."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = name and shutil.which(name)
        if found:
            return found
    return None


def needs_browser(item: pytest.Item) -> bool:
    return bool(BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    browser_items = [item for item in items if needs_browser(item)]
    for item in browser_items:
        item.add_marker("browser")
    if not browser_items or chromium():
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError("CI=true but there is no Chromium: .ci/run installs it (apt-get install chromium).")
    for item in browser_items:
        item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    # Counted from the reports: under pytest-xdist this process collects nothing itself.
    reports = terminalreporter.getreports("skipped")
    config.stash[_skipped] = sum(NO_CHROMIUM in str(report.longrepr) for report in reports)


def pytest_unconfigure(config: pytest.Config) -> None:
    count = config.stash.get(_skipped, 0)
    if count:
        sys.stdout.write(
            f"\n!!! {count} BROWSER TESTS DID NOT RUN: install Chromium (Debian: apt-get install chromium) "
            "or name it in CHROMIUM. !!!\n"
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Chromium that asks nobody outside, and that also starts as root."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": DESKTOP,
        # Fixed dates and pictures in a page do not move between two looks.
        "reduced_motion": "reduce",
    }


@pytest.fixture
def desktop_page(page):
    """A page as wide as an advisor's screen (1440 px)."""
    return page


@pytest.fixture
def phone_page(browser, browser_context_args: dict):
    """A page as wide as a customer's phone (390 px), touched with a finger."""
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    context = browser.new_context(**{**browser_context_args, **phone})
    yield context.new_page()
    context.close()
