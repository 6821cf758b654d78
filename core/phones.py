"""Phone numbers in China: mobile, fixed line with area code, 400 numbers. Rules: domain handbook 6.3."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_FIXED = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?", re.ASCII)
_400 = re.compile(r"400-?\d{3}-?\d{4}", re.ASCII)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－＋（）　", "0123456789-+() ")


def normalise_phone(text: str) -> str:
    """One spelling per number: digits only, +86 taken away; a fixed line keeps the dash before its extension ("02112345678-801").

    What is not a phone number comes back merely tidied; `validate_phone` is the judge.
    """
    tidy = re.sub(r"[\s().·]", "", str(text).translate(_FULL_WIDTH))
    tidy = re.sub(r"^(\+|00)86-?", "", tidy)
    if re.fullmatch(r"86-?1[3-9]\d[\d-]{8,}", tidy):
        tidy = tidy[2:]
    parts = [part for part in tidy.split("-") if part]
    if _FIXED.fullmatch(tidy) and len(parts) > 1 and len("".join(parts[:-1])) >= 10:
        return "".join(parts[:-1]) + "-" + parts[-1]
    return "".join(parts)


def is_mobile(phone: str) -> bool:
    """Whether a normalised number can take an SMS."""
    return bool(_MOBILE.fullmatch(phone))


def is_phone(phone: str) -> bool:
    return any(pattern.fullmatch(phone) for pattern in (_MOBILE, _FIXED, _400))


def validate_phone(text: str) -> None:
    """Raise ValidationError unless the text, once normalised, is a phone number of one of the three kinds."""
    if not is_phone(normalise_phone(text)):
        raise ValidationError(
            _("“%(text)s” is not a phone number. Examples: 13812348000, 021-62345678, 400-820-1234."),
            code="phone",
            params={"text": str(text)[:30]},
        )


def mask_phone(phone: str) -> str:
    """ "138****8000": enough to recognise, not enough to call. A number too short to be cut is hidden whole, an empty one stays empty."""
    number, dash, _extension = phone.partition("-")
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}{dash and '-*'}"
