"""Complaints from a file: which column means what, and what a row says.

A row is known by store, source and its own number there; where the file has none, by a digest of day, car and words. What the
file does not say stays unknown.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import CategoryCode
from core.errors import DomainError
from core.plates import is_plate, normalise_plate

# Our fields, in the order of the mapping form, with the column names they are known by elsewhere.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "key": (gettext_lazy("Number in the other system"), ("id", "number", "投诉编号", "编号", "单号", "投诉单号")),
    "on": (gettext_lazy("Date"), ("filed_on", "date", "opened_at", "投诉日期", "日期", "投诉时间", "受理日期")),
    "words": (
        gettext_lazy("Customer's words"),
        ("summary", "words", "问题描述", "投诉内容", "投诉简述", "客户原话", "内容"),
    ),
    "codes": (
        gettext_lazy("Problem codes or category"),
        ("problem_codes", "codes", "category", "问题代码", "典型问题", "投诉类别", "类别"),
    ),
    "plate": (gettext_lazy("Plate"), ("plate", "车牌", "车牌号", "车牌号码")),
    "brand": (gettext_lazy("Brand"), ("brand", "品牌", "投诉品牌")),
    "series": (gettext_lazy("Series"), ("series", "车系", "投诉车系")),
    "model": (gettext_lazy("Model"), ("model", "车型", "投诉车型")),
    "status": (gettext_lazy("State in the other system"), ("status", "state", "状态", "投诉状态", "处理状态")),
}
NEEDED = ("on", "words")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
CODE = re.compile(r"[A-Za-z]\d{0,5}")
# The letters that public complaint platforms put in front of their problem codes: A to H are faults of the car by system, the
# others are service. In a row with several codes service goes first: that is what a dealer can mend himself.
SERVICE_LETTERS = {
    "I": CategoryCode.ATTITUDE,
    "J": CategoryCode.REPAIR_QUALITY,
    "K": CategoryCode.REPAIR_PRICE,
    "L": CategoryCode.PROMISE_BROKEN,
    "M": CategoryCode.SALES,
    "N": CategoryCode.PARTS,
    "O": CategoryCode.TRANSPARENCY,
    "Q": CategoryCode.RULES,
}
PRODUCT_LETTERS = frozenset("ABCDEFGH")


@dataclass(frozen=True)
class Row:
    """A row as we understand it; "" means that the file does not say."""

    key: str
    on: date
    words: str
    category: str
    codes: str
    plate: str
    car: str
    status: str

    @property
    def category_label(self) -> str:
        return str(CategoryCode(self.category).label) if self.category else ""


def guess(columns: list[str]) -> dict[str, str]:
    """A first mapping by the columns' names: {our field: column}."""
    by_name = {column.strip().lower().replace(" ", "_"): column for column in columns}
    return {
        field: next(by_name[name] for name in names if name in by_name)
        for field, (_label, names) in FIELDS.items()
        if any(name in by_name for name in names)
    }


def check_mapping(mapping: dict[str, str], columns: list[str]) -> dict[str, str]:
    """The mapping without what it leaves out. DomainError when a needed field is missing or a column is not in the file."""
    mapping = {field: column for field, column in mapping.items() if column}
    if unknown := [column for column in mapping.values() if column not in columns]:
        raise DomainError(_("The file has no column “%(column)s”.") % {"column": unknown[0]}, code="mapping")
    if not all(mapping.get(field) for field in NEEDED):
        raise DomainError(_("Say which column holds the date, and which the customer's words."), code="mapping")
    return mapping


def parse(cells: dict[str, str], mapping: dict[str, str]) -> Row:
    """What a row of the file says. DomainError with the first thing that is wrong with it."""

    def text(field: str) -> str:
        return cells.get(mapping.get(field, ""), "").strip()

    words = text("words")
    if not words:
        raise DomainError(_("The row has no words of the customer."), code="words_missing")
    if len(words) > 4000:
        raise DomainError(_("The customer's words are longer than 4,000 characters."), code="words")
    plate = normalise_plate(text("plate"))
    if plate and not is_plate(plate):
        raise DomainError(_("“%(plate)s” is not a number plate.") % {"plate": plate[:20]}, code="plate")
    key = text("key")
    if len(key) > 60:
        raise DomainError(_("The number “%(key)s” is longer than 60 characters.") % {"key": key[:20]}, code="key")
    on = _date(text("on"))
    car = " ".join(filter(None, (text("brand"), text("series"), text("model"))))[:160]
    codes = " ".join(text("codes").split())
    return Row(
        key=key or _digest(on, car, plate, words),
        on=on,
        words=words,
        category=category_of(codes),
        codes=codes[:200],
        plate=plate,
        car=car,
        status=text("status")[:60],
    )


def category_of(codes: str) -> str:
    """Our category for a platform's codes, our own code, or our own label; "" for what we do not know."""
    known = {str(word): code for code in CategoryCode for word in (code.value, code.label)}
    if codes in known:
        return known[codes].value
    letters = [code[0].upper() for code in codes.split() if CODE.fullmatch(code)]
    for letter in letters:
        if letter in SERVICE_LETTERS:
            return SERVICE_LETTERS[letter].value
    return CategoryCode.PRODUCT.value if PRODUCT_LETTERS.intersection(letters) else ""


def _digest(*parts) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]


def _date(text: str) -> date:
    found = DATE.match(text)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise DomainError(_("“%(text)s” is not a date (2024-01-31).") % {"text": text[:20]}, code="date")
    if day > datetime.now(UTC).date():
        raise DomainError(_("The date %(day)s lies in the future.") % {"day": day}, code="date")
    return day


def warnings(row: Row) -> list[str]:
    """What is odd about a row and comes in all the same."""
    return [] if row.category else [_("category unknown")]
