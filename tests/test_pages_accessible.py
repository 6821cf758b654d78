"""Every page for people, opened in a real browser by its role: nothing that keeps somebody out, nothing that scrolls
sideways on a phone, nothing that goes wrong in the console."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore

from stores.models import Staff, Store
from tests import accessibility
from tests.browser import PHONE
from tests.pages import PAGES, Page
from tests.visits_at_stage import Maker

READABLE = [row for row in PAGES if row.readable]
DESK = {"width": 1280, "height": 900}
ROLES = sorted({row.role for row in READABLE})


def cookie(person: Staff, url: str) -> dict:
    session = SessionStore()
    session[SESSION_KEY] = str(person.user_id)
    session[BACKEND_SESSION_KEY] = "stores.access.StaffBackend"
    session[HASH_SESSION_KEY] = person.user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}


class Reader:
    """One window that looks at pages and keeps what it did not like."""

    def __init__(self, context, server: str, store: Store):
        self.context, self.server, self.store = context, server, store
        self.page = context.new_page()
        self.found: dict[str, list] = {}
        self.said: list[str] = []
        self.page.on("console", lambda line: self.said.append(line.text) if line.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def look_at(self, row: Page) -> None:
        # People of its own for each page: nobody works on two cars at a time.
        make = Maker(self.store)
        target = row.make(make)
        if row.role:
            who = target.who or make.person(row.role)
            self.context.add_cookies([cookie(who, self.server)])
        self.said.clear()
        # As wide as what it is looked at with.
        self.page.set_viewport_size(PHONE if row.phone else DESK)
        answer = self.page.goto(self.server + row.url(target))
        found = [f"status {answer.status}"] if answer.status != 200 else []
        found += accessibility.serious(self.page) + self.said
        if row.phone and (over := accessibility.sideways(self.page)):
            found.append(f"scrolls {over} px sideways")
        if found:
            self.found[row.name] = found


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "customer")
def test_pages_keep_nobody_out(role, live_server, store, browser, browser_context_args):
    context = browser.new_context(**{**browser_context_args, "viewport": DESK})
    reader = Reader(context, live_server.url, store)

    for row in READABLE:
        if row.role == role:
            reader.look_at(row)
    context.close()

    assert reader.found == {}
