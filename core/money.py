"""Money is a Decimal with two places, rounded half up; one currency per store, in figures and in Chinese capitals (大写金额)."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CENT = Decimal("0.01")
LIMIT = Decimal("999999999999.99")

_AMOUNT = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．。，－＋￥", "0123456789..,-+¥")


def money(value: Decimal | int | str) -> Decimal:
    """Round half up to two places.

    TypeError for a float, which has lost its cents already; ValueError for what is no number or has more than 12 digits before the point.
    """
    if isinstance(value, float):
        raise TypeError("money is never a float")
    try:
        amount = Decimal(value).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        raise ValueError(f"not an amount of money: {value!r}") from None
    if not amount.is_finite() or abs(amount) > LIMIT:
        raise ValueError(f"not an amount of money: {value!r}")
    return amount + 0  # -0.00 becomes 0.00


def parse_money(text: str | Decimal | int) -> Decimal:
    """The amount a person typed ("1,234.5", "￥80", "１２"), with two places.

    Raises ValidationError with a sentence for the person: not a number, more than two decimals, too large.
    """
    cleaned = str(text).strip().translate(_FULL_WIDTH).removesuffix("元").removeprefix("¥").replace(" ", "")
    if not _AMOUNT.fullmatch(cleaned):
        raise ValidationError(
            _("“%(text)s” is not an amount of money."), code="invalid", params={"text": str(text)[:40]}
        )
    amount = Decimal(cleaned.replace(",", ""))
    if abs(amount) > LIMIT:
        raise ValidationError(_("The amount is too large."), code="too_large")
    if amount != money(amount):
        raise ValidationError(
            _("An amount has at most two decimals (yuan, jiao, fen): %(text)s."),
            code="decimals",
            params={"text": str(text)[:40]},
        )
    return money(amount)


def format_money(value: Decimal | int | str) -> str:
    """ "1,234.50": comma between thousands whatever the language (Django's zh-hans format has no separator)."""
    return f"{money(value):,.2f}"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def capital(value: Decimal | int | str) -> str:
    """The amount in Chinese capitals (大写金额), "壹仟贰佰叁拾肆元伍角整".

    Rules of 会计基础工作规范 §52: an amount that ends with yuan or jiao is closed by 整, one with fen is not; zeros between digits are read as
    one 零. Where the rules leave a choice (yuan digit zero, jiao not) no 零 is written. Negative amounts begin with 负.
    """
    amount = money(value)
    yuan, cents = divmod(int(abs(amount) * 100), 100)
    jiao, fen = divmod(cents, 10)
    words = f"{_capital_integer(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    if fen:
        words += f"{_DIGITS[fen]}分"
    sign = "负" if amount < 0 else ""
    return sign + (words or "零元") + ("" if fen else "整")


def _capital_integer(number: int) -> str:
    """A positive integer below 10 to the 12th, in groups of four digits (万, 亿)."""
    words = ""
    for power in reversed(range(len(_GROUPS))):
        group = number // 10_000**power % 10_000
        if not group:
            continue
        # After higher digits, a group that begins with zeros, or follows a group of zeros, is joined by one 零.
        gap = words and (group < 1000 or number // 10_000 ** (power + 1) % 10_000 == 0)
        words += ("零" if gap else "") + _capital_group(group) + _GROUPS[power]
    return words


def _capital_group(group: int) -> str:
    words = ""
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit:
            gap = words and group // 10 ** (place + 1) % 10 == 0
            words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
    return words
