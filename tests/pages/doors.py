"""Signing in and out."""

from __future__ import annotations

from tests.pages.rows import Page

PAGES = [
    Page("login", "", heading="登录", public=True, phone=True),
    Page("logout", "", post=True, status=302, public=True),
]
