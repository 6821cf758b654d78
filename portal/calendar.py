"""A booking as an entry for the customer's own calendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime

LONGEST = 75  # octets of a line, RFC 5545 3.1


def entry(
    *,
    uid: str,
    sequence: int,
    start: datetime,
    end: datetime,
    summary: str,
    description: str,
    location: str,
    cancelled: bool,
    at: datetime,
) -> str:
    """The text of an .ics file with one event and reminders a day and an hour before. The same `uid` with a higher
    `sequence` replaces the entry in calendars that have it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//4S//booking//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(start)}",
        f"DTEND:{_utc(end)}",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(description)}",
        f"LOCATION:{_text(location)}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
    ]
    for before in () if cancelled else ("P1D", "PT1H"):
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(summary)}", f"TRIGGER:-{before}", "END:VALARM"]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "")):
        words = words.replace(plain, escaped)
    return words


def _folded(line: str) -> str:
    """Long lines go on after a line break and a blank; no character is cut in two."""
    rows, row, room = [], "", LONGEST
    for character in line:
        size = len(character.encode())
        if size > room:
            rows.append(row)
            row, room = "", LONGEST - 1
        row, room = row + character, room - size
    return "\r\n ".join([*rows, row])
