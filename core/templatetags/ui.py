"""What pages print often: money, plates, people, times, status. See /_gallery/ for each of them in every state.

The small ones that stand in every row of a board are tags written in Python (a template include costs fifty times as
much); `templates/_components/` wraps them for use by include and holds the larger ones.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations, looks
from core import money as money_words
from core.phones import mask_phone
from core.plates import format_plate, is_new_energy

register = template.Library()

NOTHING = "–"


# --- Icons --------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", cls: str = "") -> SafeString:
    """An icon of bootstrap-icons. Decorative unless `label` says what it means to someone who does not see it."""
    return _icon(name, str(label), cls)


@lru_cache(maxsize=2048)
def _icon(name: str, label: str, cls: str) -> SafeString:
    hidden = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" width="16" height="16" fill="currentColor" focusable="false" {}><use href="{}#{}"></use></svg>',
        f" {cls}" if cls else "",
        hidden,
        static("vendor/icons.svg"),
        name,
    )


# --- Money, phone, plate, person ------------------------------------------------------------------------------------


@register.filter(name="money")
def money_filter(value: Any) -> str:
    """1,234.50; a dash where the amount is not known."""
    return NOTHING if value in (None, "") else money_words.format_money(value)


@register.simple_tag(name="money")
def money_tag(value: Any, sign: str = "¥") -> SafeString:
    """An amount with its currency sign, in figures of equal width."""
    return _money(None if value == "" else value, sign)


@lru_cache(maxsize=4096)
def _money(value: Any, sign: str) -> SafeString:
    if value is None:
        return format_html('<span class="money muted">{}</span>', NOTHING)
    return format_html('<span class="money"><span class="money-sign">{}</span>{}</span>', sign, money_filter(value))


@register.filter
def capital(value: Any) -> str:
    """大写金额 of an amount, for printed documents."""
    return NOTHING if value in (None, "") else money_words.capital(Decimal(value))


@register.filter
def phone(value: str) -> str:
    """138****8000. Only pages whose role may see the number print the field itself."""
    return mask_phone(value) if value else NOTHING


@register.filter(name="plate")
def plate_filter(value: str) -> str:
    """沪A·12345 as plain text."""
    return format_plate(value) if value else NOTHING


@register.simple_tag(name="plate")
def plate_tag(value: str, size: str = "") -> SafeString:
    """A number plate that looks like one: blue, or green for new-energy vehicles (8 characters). `size`: "", "lg"."""
    return _plate(value or "", size, get_language())


# What stands in every row again and again is written once; the language is part of what it depends on.
@lru_cache(maxsize=4096)
def _plate(value: str, size: str, _language: str) -> SafeString:
    if not value:
        return format_html('<span class="muted">{}</span>', _("no plate"))
    nev = is_new_energy(value)
    return format_html(
        '<span class="plate{}{}"{}>{}</span>',
        " plate-nev" if nev else "",
        f" plate-{size}" if size else "",
        format_html(' title="{}"', _("New-energy vehicle")) if nev else "",
        plate_filter(value),
    )


@register.simple_tag
def person(who: Any, detail: str = "") -> SafeString:
    """A person: initial and name, with a quiet second word (role, phone). Takes staff, customer, actor or a text."""
    name = str(getattr(who, "name", "") or getattr(who, "label", "") or who or "").strip()
    return _person(name, str(detail), get_language())


@lru_cache(maxsize=4096)
def _person(name: str, detail: str, _language: str) -> SafeString:
    if not name:
        return format_html('<span class="person muted">{}</span>', _("nobody yet"))
    return format_html(
        '<span class="person"><span class="avatar" aria-hidden="true">{}</span><span class="person-name">{}</span>{}</span>',
        _initial(name),
        name,
        format_html('<span class="muted">{}</span>', detail) if detail else "",
    )


def _initial(name: str) -> str:
    # A Chinese name is told apart by its last character, not by one of five hundred surnames.
    return name[-1] if ord(name[-1]) > 0x2E7F else name[0].upper()


# --- Status ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def chip(value: Any, tone: str = "", icon: str = "", label: str = "") -> SafeString:
    """Status as text, icon and colour. `value` is a TextChoices member or a code.

    Colour and icon come from `core.looks` by the code; `tone` (ok, warn, bad, info, idle) and `icon` override them.
    """
    return _chip(str(value), tone, icon, str(label or getattr(value, "label", None) or value))


@lru_cache(maxsize=1024)
def _chip(code: str, tone: str, icon: str, label: str) -> SafeString:
    look = looks.look_of(code)
    return format_html(
        '<span class="chip chip-{}">{}{}</span>', tone or look.tone, _icon(icon or look.icon, "", ""), label
    )


@register.simple_tag
def chip_of(row: Any, field: str) -> SafeString:
    """The chip of a model's choice field: `{% chip_of visit "stage" %}`."""
    display = getattr(row, f"get_{field}_display")()
    return chip(getattr(row, field), label=display)


@register.simple_tag
def tone_of(value: Any) -> str:
    """ok, warn, bad, info or idle for a status code."""
    return looks.look_of(str(value)).tone


@register.simple_tag
def promise(
    due: datetime | None,
    state: str = "",
    met_at: datetime | None = None,
    risk_minutes: int = 30,
    label: str = "",
) -> SafeString:
    """A promised time with its countdown.

    `state` is fine, at_risk, late, kept or broken; left out, it follows from `due`, `met_at` and the clock (at risk means
    less than `risk_minutes` to go). Text and state of a running promise are kept current in the browser.
    """
    met_at = met_at or None  # a template gives "" for what is not there
    if not due:
        return format_html('<span class="promise promise-none">{}</span>', label or _("no time promised"))
    now = timezone.now()
    state = state or durations.promise_state(due, met_at=met_at, now=now, risk_minutes=risk_minutes)
    look = looks.PROMISE[state]
    running = state in ("fine", "at_risk", "late")
    short, full = durations.short_and_full(due, now=now)
    # Written as one string: a promise stands in every row, and everything in it but `label` and the words is our own.
    return SafeString(
        f'<span class="promise chip-{look.tone}" data-state="{state}"'
        + (f' data-countdown data-risk="{int(risk_minutes)}"' if running else "")
        + f">{_icon(look.icon, '', '')}"
        + (f'<span class="promise-label">{escape(label)}</span>' if label else "")
        + f'<time datetime="{due.isoformat()}" title="{full}">{short}</time>'
        + f'<span class="promise-left">{escape(_promise_text(state, due, met_at, now))}</span></span>'
    )


def _promise_text(state: str, due: datetime, met_at: datetime | None, now: datetime) -> str:
    if state == "kept":
        return _("kept")
    if state == "broken":
        return _("broken, %(time)s late") % {"time": durations.span(met_at - due)} if met_at else _("broken")
    return durations.until(due, now=now)


# --- Times ----------------------------------------------------------------------------------------------------------


@register.filter
def localtime_short(value: datetime | date | None) -> str:
    """16:30 today, 11-21 16:30 this year, else with the year; in the store's zone."""
    if value is None or value == "":
        return NOTHING
    return durations.short_time(value) if isinstance(value, datetime) else durations.short_day(value)


@register.filter
def until(value: datetime | None) -> str:
    """in 12 min / 8 min late."""
    return durations.until(value) if value else NOTHING


@register.filter
def ago(value: datetime | None) -> str:
    """12 min ago."""
    return durations.ago(value) if value else NOTHING


@register.filter
def span(value: Any) -> str:
    """2 h 5 min, of a timedelta or a number of minutes."""
    return NOTHING if value is None or value == "" else durations.span(value)


@register.simple_tag
def when(value: datetime | None) -> SafeString:
    """A moment as <time>: short to read, complete on hover and for machines."""
    if not value:
        return format_html('<span class="muted">{}</span>', NOTHING)
    short, full = durations.short_and_full(value)
    return SafeString(f'<time class="when" datetime="{value.isoformat()}" title="{full}">{short}</time>')


# --- Tables, numbers, lists ------------------------------------------------------------------------------------------


@register.filter
def number(value: Any) -> str:
    """12,345 or 12,345.6: thousands separators in every language."""
    if value is None or value == "":
        return NOTHING
    return f"{value:,}"


@register.simple_tag
def limits(low: Any, high: Any) -> str:
    """The range of a reading: "3–5", "≥ 3", "≤ 5"; empty without any limit. Texts and decimals."""
    low, high = (None if edge in (None, "") else plain(Decimal(str(edge))) for edge in (low, high))
    if low is not None and high is not None:
        return f"{low}–{high}"
    return f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else ""


@register.filter
def plain(value: Any) -> str:
    """1.5 of 1.50 and 10 of 10.00: a quantity without the zeros its column keeps."""
    return NOTHING if value is None or value == "" else f"{Decimal(value).normalize():f}"


@register.filter
def whole(value: Any) -> str:
    """1,235 of 1234.50: an amount told as an estimate, without cents."""
    return NOTHING if value is None or value == "" else f"{Decimal(value):,.0f}"


@register.filter
def percent(value: Any, places: int = 1) -> str:
    """0.934 as 93.4 %."""
    return NOTHING if value is None or value == "" else f"{float(value) * 100:.{int(places)}f}%"


@register.simple_tag(takes_context=True)
def sort_link(context, key: str, label: str) -> SafeString:
    """Head of a column that sorts by `?sort=key`, and the other way round when it already does; filters stay."""
    query = context["request"].GET.copy()
    current = query.get("sort", context.get("sort", ""))
    query.pop("page", None)
    query["sort"] = f"-{key}" if current == key else key
    mark = {key: "arrow-up", f"-{key}": "arrow-down"}.get(current, "")
    return format_html(
        '<a class="sort{}" href="?{}">{}{}</a>',
        " active" if mark else "",
        query.urlencode(),
        label,
        _icon(mark or "chevron-expand", "", ""),
    )


@register.simple_tag(takes_context=True)
def sort_state(context, key: str) -> str:
    """Value of aria-sort for the column of `sort_link`."""
    current = context["request"].GET.get("sort", context.get("sort", ""))
    return {key: "ascending", f"-{key}": "descending"}.get(current, "none")


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """mapping[key], or nothing."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def choice_map(choices: Any) -> dict[str, Any]:
    """Labels by code, of a TextChoices' `choices`."""
    return dict(choices or ())


@register.filter
def compact_json(value: Any) -> str:
    """JSON for a data attribute or a hidden field; escaped like any other text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


@register.simple_tag
def sheet_copies(copies: list[str] | None = None) -> list[str]:
    """Labels of a printed sheet's copies; the customer's and the store's unless the view says otherwise."""
    return copies or [_("Customer's copy"), _("Store's copy")]


@register.simple_tag
def ui_text() -> dict[str, str]:
    """Words that scripts need, in the reader's language; printed once by the base page as JSON."""
    return {
        **durations.words(),
        "kept": _("kept"),
        "lost": _("The connection was lost. What you typed is still here; try again in a moment."),
        "failed": _(
            "That did not work. What you typed is still here; try again, and tell your service manager if it goes on."
        ),
        "signed_out": _("You are signed out. Sign in in another tab, then try again here; what you typed is kept."),
        "not_allowed": _("You may not do that. Ask a colleague with the right to do it."),
        "gone": _("This is no longer there. Reload the page."),
        "busy": _("Working …"),
        "close": _("Close"),
        "remove": _("Remove"),
        "confirm": _("Yes, do it"),
        "cancel": _("Cancel"),
        "sure": _("Are you sure?"),
        "no_results": _("Nothing found"),
        "photo_too_large": _("%(name)s is larger than 15 MB and was left out."),
        "marks_none": _("No damage marked"),
        "stale": _("Not current: the connection is gone since %(time)s."),
    }
