"""What the desk's pages share: the day an address names, the grid of times that can be offered."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments import queries
from appointments.models import Appointment, Hold
from appointments.offers import DayAnswer, Wish
from core import clock
from stores.models import Staff, Store

DAYS_SHOWN = 8
LOOK_AHEAD = 14  # calendar days searched for so many open ones
FIRST_YEAR, LAST_YEAR = 2000, 2100


def slot_context(
    request,
    store: Store,
    wish: Wish,
    *,
    slots_url: str,
    day: date | None = None,
    first: int | None = None,
    held: Hold | None = None,
    besides: Appointment | None = None,
) -> dict:
    """What `appointments/_slots.html` shows: the next open days, each with how much is free or why nothing is, and one day's
    times.

    The day comes from the address or the form, else `day`, else the first one that has a time. `first` is the advisor whose
    column comes first; `held` the slot this very form keeps, which stays his to choose; `besides` the booking that is to be
    moved, which is not in its own way.
    """
    today = clock.local_day(store.tz)
    sent = request.POST if request.method == "POST" else request.GET
    asked, chosen = request.POST.get("show_day") or request.GET.get("day"), sent.get("slot", "")
    answers = _answers(store, wish, today, LOOK_AHEAD, besides)
    open_days = [answer for answer in answers if answer.code != "closed"][:DAYS_SHOWN]
    first_free = next((answer.day for answer in answers if answer.offers), today)
    shown = day_of(asked, None) or queries.day_of_key(store, chosen) or day_of(sent.get("shown"), None) or day
    shown = max(shown or first_free, today)
    answer = next((answer for answer in answers if answer.day == shown), None)
    answer = answer or _answers(store, wish, shown, 1, besides)[0]
    people = sorted(queries.advisors(), key=lambda person: person.pk != (first or wish.own_advisor_id))
    return {
        "strip": [_strip_entry(entry, entry.day == shown) for entry in open_days],
        "off_strip": shown not in [entry.day for entry in open_days],
        "answer": answer,
        "shown": shown,
        "people": people,
        "any_advisor": bool(people),
        "rows": _rows(store, answer, people, held) if people else [],
        "stands": (besides.start, besides.advisor_id) if besides and besides.displaced_at is None else None,
        "next_free": next((entry.day for entry in answers if entry.offers and entry.day > shown), None),
        "today": today,
        "own": wish.own_advisor_id,
        "chosen": chosen,
        "slots_url": slots_url,
    }


def _answers(store: Store, wish: Wish, first: date, days: int, besides: Appointment | None) -> list[DayAnswer]:
    return appointments.offers(store, wish, first=first, days=days, besides=besides)


def _strip_entry(answer: DayAnswer, shown: bool) -> dict:
    return {
        "day": answer.day,
        "free": len(answer.offers),
        "shown": shown,
        "refusal": answer.refusal,
        "short": _short(answer.code),
    }


def _short(code: str) -> str:
    """Why a day has nothing, in the two or three words that fit its button."""
    return {
        "": "",
        "closed": _("closed"),
        "past": _("over"),
        "too_far": _("too far"),
        "reception": _("full"),
        "parking": _("no parking"),
        "technician": _("no technician"),
        "bay": _("no bay left"),
        "waits": _("not in a day"),
        "wash": _("no wash"),
        "loan_car": _("no loan car"),
        "pickup": _("no pick-up"),
    }[code]


def _rows(store: Store, answer: DayAnswer, people: list[Staff], held: Hold | None) -> list[dict]:
    """The day's times that have not begun, with one cell for each advisor: (person, key of the slot or empty); none on a day
    without offers."""
    keys = {(offer.start, offer.advisor.pk): offer.key for offer in answer.offers}
    why = {offer.start: (offer.ready_at, " ".join(offer.reasons)) for offer in reversed(answer.offers)}
    if held and clock.local_day(store.tz, held.start) == answer.day:
        keys[held.start, held.advisor_id] = f"{held.advisor_id}@{queries.moment_key(held.start)}"
        ready = held.wish.get("ready_at")
        why.setdefault(held.start, (datetime.fromisoformat(ready) if ready else None, ""))
    if not keys:
        return []
    rows, now = [], clock.now()
    for start, _end in queries.times(store, answer.day):
        # What is past pushes what is free out of sight.
        if start <= now:
            continue
        ready, reasons = why.get(start, (None, ""))
        ready = ready.astimezone(store.tz) if ready else None
        rows.append(
            {
                "start": start,
                "cells": [(person, keys.get((start, person.pk), "")) for person in people],
                "ready": ready,
                "same_day": bool(ready and ready.date() == answer.day),
                "why": reasons,
            }
        )
    return rows


def day_of(text: str | None, default: date | None) -> date | None:
    """The day an address or a form names; `default` for nonsense, and for a day no calendar of ours reaches."""
    try:
        asked = parse_date(text or "")
    except ValueError:
        asked = None
    return asked if asked and FIRST_YEAR <= asked.year <= LAST_YEAR else default


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
