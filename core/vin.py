"""Vehicle identification number (GB 16735, ISO 3779): the key of a car. Tables: domain handbook 6.2.

Only length and characters are enforced. Many imported cars do not follow the check digit, so a wrong one is a warning that the person
at the desk confirms by typing the number again.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}", re.ASCII)
_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
CHECK_POSITION = 8
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def normalise_vin(text: str) -> str:
    """Upper case, half width, without blanks and dashes."""
    return re.sub(r"[\s\-]", "", str(text).translate(_FULL_WIDTH)).upper()


def is_vin(vin: str) -> bool:
    """Whether a normalised text has the length and the characters of a VIN."""
    return bool(_VIN.fullmatch(vin))


def check_digit(vin: str) -> str:
    """The character that belongs at position 9 of a VIN ("0" to "9" or "X"), computed from the other sixteen."""
    total = sum(weight * _VALUES[char] for weight, char in zip(_WEIGHTS, vin, strict=True))
    return "0123456789X"[total % 11]


def check_digit_ok(vin: str) -> bool:
    """Whether position 9 fits the rest; False for what is not a VIN at all. A wrong digit is a reason to ask again, not to refuse."""
    vin = normalise_vin(vin)
    return is_vin(vin) and check_digit(vin) == vin[CHECK_POSITION]


def validate_vin(text: str) -> None:
    """Raise ValidationError for a wrong length or a character that no VIN has; says nothing about the check digit."""
    vin = normalise_vin(text)
    if len(vin) != 17:
        raise ValidationError(
            _("A VIN has 17 characters, this one has %(length)d: %(vin)s."),
            code="vin_length",
            params={"length": len(vin), "vin": vin[:30]},
        )
    wrong = sorted({char for char in vin if char not in _VALUES})
    if wrong:
        raise ValidationError(
            _("A VIN has no %(chars)s: only digits and letters without I, O and Q."),
            code="vin_chars",
            params={"chars": ", ".join(wrong)},
        )
