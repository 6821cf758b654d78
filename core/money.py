"""Money is a Decimal with two places, rounded half up; one currency per store, in figures and in Chinese capitals (大写金额)."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CENT = Decimal("0.01")
LIMIT = Decimal("999999999999.99")

_AMOUNT = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋￥", "0123456789.,-+¥")


def money(value: Decimal | int | str) -> Decimal:
    """Round half up to two places. Refuses floats, which have lost the cents already, and amounts beyond 12 digits before the point."""
    if isinstance(value, float):
        raise TypeError("money is never a float")
    try:
        amount = Decimal(value).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        raise ValueError(f"not an amount of money: {value!r}") from None
    if abs(amount) > LIMIT:
        raise ValueError(f"amount too large: {value!r}")
    return amount + 0  # -0.00 becomes 0.00


def parse_money(text: str | Decimal | int) -> Decimal:
    """The amount a person typed ("1,234.5", "￥80", "１２"), with two places.

    Raises ValidationError with a sentence for the person: not a number, more than two decimals, too large.
    """
    cleaned = str(text).strip().translate(_FULL_WIDTH).removesuffix("元").removeprefix("¥").replace(" ", "")
    if not _AMOUNT.fullmatch(cleaned):
        raise ValidationError(_("“%(text)s” is not an amount of money."), code="invalid", params={"text": str(text)[:40]})
    amount = Decimal(cleaned.replace(",", ""))
    if abs(amount) > LIMIT:
        raise ValidationError(_("The amount is too large."), code="too_large")
    if amount != money(amount):
        raise ValidationError(
            _("An amount has at most two decimals (yuan, jiao, fen): %(text)s."), code="decimals", params={"text": str(text)[:40]}
        )
    return money(amount)


def format_money(value: Decimal | int | str) -> str:
    """ "1,234.50": comma between thousands whatever the language (Django's zh-hans format has no separator)."""
    return f"{money(value):,.2f}"
