"""A text written out: the right sentences, in the customer's language, with a greeting and the store's signature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from string import Formatter

from core import clock
from core.money import format_money
from customers.choices import CustomerKind, Gender
from customers.models import Customer
from messaging.texts.afterwards import AFTERWARDS
from messaging.texts.booking import BOOKING
from messaging.texts.rescue import RESCUE
from messaging.texts.visit import VISIT
from messaging.texts.wording import EN, ZH, Template
from stores.models import Store

TEMPLATES: dict[str, Template] = {**BOOKING, **VISIT, **RESCUE, **AFTERWARDS}

# Parameters that are not plain text. Everything else is put in as it is.
_KINDS = {
    "at": "time",
    "day": "day",
    "closes": "clock",
    "clock": "clock",
    "until": "time",
    "total": "money",
    "ready_about": "time",
}
# Chosen texts are cut to this, so that a message stays a message.
_LONGEST = 300
# A new car has none yet.
_NO_PLATE = {ZH: "（未上牌）", EN: "(no plate yet)"}
# A sentence that ends with an address.
_LINK = re.compile(r"https?://[!-~]+$")
_WEEKDAYS = "一二三四五六日"


def template(code: str) -> Template:
    """The template of a code; LookupError for one that does not exist (a programming error, found by the tests)."""
    try:
        return TEMPLATES[code]
    except KeyError:
        raise LookupError(f"no such message template: {code!r}") from None


def language_of(customer: Customer | None) -> str:
    """The language a customer is written in: one of the two we have."""
    return EN if customer is not None and customer.language.lower().startswith("en") else ZH


def render(
    code: str, *, store: Store, customer: Customer | None, params: Mapping[str, object], language: str
) -> tuple[str, str]:
    """(subject, body) of a message. ValueError if the first sentence lacks a parameter."""
    chosen = template(code)
    words = {
        "store": _store_name(store, language),
        "store_phone": store.phone,
        "store_address": store.address,
        **{name: _shown(name, value, store, language) for name, value in params.items()},
    }
    if "plate" in words and not words["plate"]:
        words["plate"] = _NO_PLATE[language]
    lead, *others = chosen.sentences[language]
    if missing := _lacking(lead, words):
        raise ValueError(f"message {code!r} needs {sorted(missing)}")
    said = [lead.format(**words), *(sentence.format(**words) for sentence in others if not _lacking(sentence, words))]
    body = f"{_sign(words['store'], language)}{_greeting(customer, language)}{_joined(said, language)}"
    return chosen.subject[language], body


def _joined(said: list[str], language: str) -> str:
    """One sentence after the other; a link ends with a blank, else a phone takes what follows for a part of it."""
    if language != ZH:
        return " ".join(said)
    return "".join(f"{sentence} " if _LINK.search(sentence) else sentence for sentence in said).rstrip()


def stored(params: Mapping[str, object]) -> dict[str, object]:
    """Parameters as JSON: times as ISO 8601 with offset, amounts as text."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else str(value) if isinstance(value, Decimal) else value
        for name, value in params.items()
    }


def _lacking(sentence: str, words: Mapping[str, str]) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name and not words.get(name)}


def _shown(name: str, value: object, store: Store, language: str) -> str:
    if value is None or value == "":
        return ""
    kind = _KINDS.get(name)
    if kind == "money":
        return format_money(value if isinstance(value, Decimal) else str(value).replace(",", ""))
    if kind and isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
        value = datetime.fromisoformat(value)
    if kind and isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(store.tz)
    if kind == "time" and isinstance(value, datetime):
        return f"{_day(value, language)} {value:%H:%M}"
    if kind == "day" and hasattr(value, "weekday"):
        return _day(value, language, year=value.year != clock.local_day(store.tz).year)
    if kind == "clock" and hasattr(value, "strftime"):
        return f"{value:%H:%M}"
    return " ".join(str(value).split())[:_LONGEST]


def _day(value, language: str, *, year: bool = False) -> str:
    """With its year where it is of another one: “since 24 August” would be read as this one's."""
    if language == ZH:
        begins = f"{value.year}年" if year else ""
        return f"{begins}{value.month}月{value.day}日（周{_WEEKDAYS[value.weekday()]}）"
    return f"{value:%a} {value.day} {value:%b}" + (f" {value.year}" if year else "")


def _store_name(store: Store, language: str) -> str:
    return (store.name_en or store.name_zh) if language == EN else store.name_zh


def _sign(name: str, language: str) -> str:
    # The signature that Chinese operators demand in front of an SMS.
    return f"【{name}】" if language == ZH else f"[{name}] "


def _greeting(customer: Customer | None, language: str) -> str:
    if customer is None:
        return ""
    person = customer.kind == CustomerKind.PERSON
    if language == ZH:
        title = {Gender.MALE: "先生", Gender.FEMALE: "女士"}.get(customer.gender, "") if person else ""
        return f"{customer.name}{title}，您好！"
    title = {Gender.MALE: "Mr ", Gender.FEMALE: "Ms "}.get(customer.gender, "") if person else ""
    return f"Dear {title}{customer.name}, "
