"""Number plates of mainland China. Patterns: domain handbook 6.1. A plate changes owners and cars; the VIN is the car's key."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTER = "A-HJ-NP-Z"  # no I, no O
_PLATE = re.compile(
    rf"""
    [{PROVINCES}][{_LETTER}](?:
        [{_LETTER}0-9]{{5}}                     # seven characters: cars of every kind
      | [{_LETTER}0-9]{{4}}[学警挂试超领]       # learner, police, trailer, test, oversize, consulate
      | [A-HJK][{_LETTER}0-9]\d{{4}}            # small new-energy car, eight characters
      | \d{{5}}[A-HJK]                          # large new-energy vehicle
    )
    | 粤Z[{_LETTER}0-9]{{4}}[港澳]              # Hong Kong and Macau cars in Guangdong
    | 使\d{{6}} | \d{{6}}使                     # embassies
    """,
    re.VERBOSE | re.ASCII,
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DOTS_AND_BLANKS = re.compile(r"[\s·•・‧⋅∙.．\-－—_]")
FREE_LENGTH = 20


class PlateKind(models.TextChoices):
    """What is written on the plate. Only a standard one follows a pattern; the others are taken as they are."""

    STANDARD = "standard", gettext_lazy("Standard plate")
    TEMPORARY = "temporary", gettext_lazy("Temporary plate")
    MILITARY = "military", gettext_lazy("Military plate")
    ARMED_POLICE = "armed_police", gettext_lazy("Armed police plate")
    NONE = "none", gettext_lazy("Not registered yet")


def normalise_plate(text: str) -> str:
    """One spelling per plate: upper case, half width, without blanks and dots ("粤b·12345" -> "粤B12345")."""
    return _DOTS_AND_BLANKS.sub("", str(text).translate(_FULL_WIDTH)).upper()


def is_plate(text: str) -> bool:
    """Whether the text, once normalised, is a standard plate."""
    return bool(_PLATE.fullmatch(normalise_plate(text)))


def validate_plate(text: str, kind: str = PlateKind.STANDARD) -> None:
    """Raise ValidationError with what is wrong. A plate of another kind is free text of 1 to 20 characters; without a plate it is empty."""
    plate = normalise_plate(text)
    if kind == PlateKind.NONE:
        if plate:
            raise ValidationError(_("A car that is not registered yet has no plate."), code="plate")
    elif kind != PlateKind.STANDARD:
        if not 1 <= len(plate) <= FREE_LENGTH:
            raise ValidationError(_("Enter the plate as it is written, at most 20 characters."), code="plate")
    elif not _PLATE.fullmatch(plate):
        raise ValidationError(_why_not(plate), code="plate", params={"plate": plate[:FREE_LENGTH]})


def _why_not(plate: str) -> str:
    # The two letters that look like digits are by far the most frequent slip.
    if re.search("[IO]", plate[1:]):
        return _("“%(plate)s” is not a plate: the letters I and O are never used, write 1 or 0.")
    if plate and plate[0] not in PROVINCES + "使" and not plate[0].isdigit():
        return _("“%(plate)s” is not a plate: it begins with the province, for example 京A12345.")
    return _("“%(plate)s” is not a plate. Examples: 京A12345, 粤BD12345 (new energy), 京A1234警.")


def format_plate(plate: str) -> str:
    """As it is written on the car: "粤B·12345"; other texts unchanged."""
    return f"{plate[:2]}·{plate[2:]}" if _PLATE.fullmatch(plate) and plate[0] in PROVINCES else plate


def is_new_energy(plate: str) -> bool:
    """Whether a normalised standard plate has the eight characters of new-energy cars."""
    return len(plate) == 8 and bool(_PLATE.fullmatch(plate))
