"""A list of a home: its kind names the row's template, its key the anchor."""

from __future__ import annotations


def section(kind: str, key: str, title: str, rows, empty: str = "") -> dict:
    """A list; `empty` is said while it has no rows."""
    return {"kind": kind, "key": key, "title": title, "rows": list(rows), "empty": empty}


def if_any(kind: str, key: str, title: str, rows) -> list[dict]:
    """The list, or nothing while it has no rows."""
    found = section(kind, key, title, rows)
    return [found] if found["rows"] else []


def cars(key: str, title: str, visits: list, empty: str, tone: str = "") -> dict:
    """A list of cars; its tone shows only while there is one."""
    return {**section("visits", key, title, visits, empty), "tone": tone if visits else ""}
