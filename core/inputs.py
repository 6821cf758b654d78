"""Inputs larger than a text box, as form fields: a drawn signature, damage on a car, photos, a checklist.

Each renders its component of `templates/_components/` and reads back what that component posts, with JavaScript or without.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_PNG = 500_000  # bytes of a signature's picture; a full screen of strokes has about 60,000
MAX_STROKES = 400_000  # characters of the strokes' JSON
MAX_PHOTO = 15 * 1024 * 1024
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
DATA_URL = "data:image/png;base64,"
ROWS_WITHOUT_SCRIPT = range(1, 7)


class ComponentWidget(forms.Widget):
    """Renders a component instead of one of Django's own widget templates."""

    use_fieldset = True

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        context = self.get_context(name, value, attrs)
        attrs = context["widget"]["attrs"]
        component = {
            "name": name,
            "id": attrs.get("id", name),
            "required": self.is_required,
            "described_by": attrs.get("aria-describedby", ""),
            "invalid": attrs.get("aria-invalid", ""),
            **self.component(name, value),
        }
        return render_to_string(self.template_name, component)

    def component(self, name: str, value: Any) -> dict:
        raise NotImplementedError

    def use_required_attribute(self, initial) -> bool:
        return False


# --- Signature ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """What was signed: strokes as the pad recorded them and their picture, or the name typed instead (never neither)."""

    strokes: list = field(default_factory=list)
    png: bytes = b""
    typed: str = ""


class SignatureWidget(ComponentWidget):
    template_name = "_components/signature.html"

    def __init__(self, attrs=None, text=""):
        super().__init__(attrs)
        self.text = text

    def component(self, name, value):
        value = value if isinstance(value, dict) else {}
        return {"text": self.text, "strokes": value.get("strokes", ""), "typed_name": value.get("typed", "")}

    def value_from_datadict(self, data, files, name):
        return {part: data.get(f"{name}_{part}", "") for part in ("strokes", "png", "typed")}

    def value_omitted_from_data(self, data, files, name):
        return f"{name}_typed" not in data


class SignatureField(forms.Field):
    """Gives a `Signature`, or None where nothing was signed and it is not required. `text` says what is being signed."""

    widget = SignatureWidget
    default_error_messages = {
        "required": gettext_lazy("Please sign, or type the full name."),
        "invalid": gettext_lazy("The signature did not arrive whole. Please sign again."),
    }

    def __init__(self, *, text="", **kwargs):
        super().__init__(**kwargs)
        self.widget.text = text

    def to_python(self, value) -> Signature | None:
        value = value or {}
        typed = value.get("typed", "").strip()[:40]
        strokes, png = self._strokes(value.get("strokes", "")), self._png(value.get("png", ""))
        if strokes and png:
            return Signature(strokes=strokes, png=png, typed=typed)
        return Signature(typed=typed) if typed else None

    def _strokes(self, text: str) -> list:
        if not text:
            return []
        try:
            strokes = json.loads(text) if len(text) <= MAX_STROKES else None
        except ValueError:
            strokes = None
        if not isinstance(strokes, list):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return strokes

    def _png(self, text: str) -> bytes:
        if not text:
            return b""
        try:
            png = base64.b64decode(text.removeprefix(DATA_URL), validate=True)
        except (binascii.Error, ValueError):
            png = b""
        if not text.startswith(DATA_URL) or not png.startswith(PNG_HEAD) or len(png) > MAX_PNG:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return png


# --- Damage on the car ------------------------------------------------------------------------------------------------


class DamageWidget(ComponentWidget):
    template_name = "_components/damage.html"
    zones: Sequence = ()
    kinds: Sequence = ()
    photos = False

    def component(self, name, value):
        marks = value
        if isinstance(value, str):
            try:
                marks = json.loads(value) if value else []
            except ValueError:
                marks = []
        return {"zones": self.zones, "kinds": self.kinds, "marks": marks or [], "photos": self.photos}

    def value_from_datadict(self, data, files, name):
        if data.get(name):
            return data[name]
        rows = [
            {
                "zone": data.get(f"{name}-zone-{n}"),
                "kind": data.get(f"{name}-kind-{n}"),
                "note": data.get(f"{name}-note-{n}", ""),
            }
            for n in ROWS_WITHOUT_SCRIPT
        ]
        return json.dumps([row for row in rows if row["zone"]])


class DamageField(forms.Field):
    """Gives a list of dicts: zone and kind (codes), x and y (Decimal percent of the drawing, or None), note (text).

    With `photos` also photo: the token (UUID) under which the page's script sends a picture of the mark, or None.
    """

    widget = DamageWidget
    default_error_messages = {
        "required": gettext_lazy("Mark the damage on the drawing."),
        "invalid": gettext_lazy("The marks on the car could not be read. Please mark them again."),
        "too_many": gettext_lazy("At most %(max)s marks."),
    }
    max_marks = 60

    def __init__(self, *, zones: Sequence, kinds: Sequence, photos: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.photos = self.widget.photos = photos
        self.widget.zones, self.widget.kinds = zones, kinds
        self.zone_codes, self.kind_codes = dict(zones), dict(kinds)

    def to_python(self, value) -> list[dict]:
        if not value:
            return []
        try:
            marks = json.loads(value) if isinstance(value, str) else value
            marks = [self._mark(mark) for mark in marks]
        except (ValueError, TypeError, AttributeError, InvalidOperation):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if len(marks) > self.max_marks:
            raise ValidationError(self.error_messages["too_many"], code="too_many", params={"max": self.max_marks})
        return marks

    def _mark(self, mark: dict) -> dict:
        zone, kind = mark.get("zone"), mark.get("kind")
        if zone not in self.zone_codes or kind not in self.kind_codes:
            raise ValueError("unknown zone or kind")
        cleaned = {
            "zone": zone,
            "kind": kind,
            "x": _percent(mark.get("x")),
            "y": _percent(mark.get("y")),
            "note": str(mark.get("note") or "").strip()[:120],
        }
        return cleaned | {"photo": UUID(mark["photo"]) if mark.get("photo") else None} if self.photos else cleaned


def _percent(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    number = round(Decimal(str(value)), 2)
    if not 0 <= number <= 100:
        raise ValueError("outside the drawing")
    return number


# --- Photos -----------------------------------------------------------------------------------------------------------


class PhotosWidget(ComponentWidget):
    template_name = "_components/photo_input.html"
    needs_multipart_form = True
    use_fieldset = False

    def component(self, name, value):
        # The surrounding form prints label and help. A browser forgets chosen files when the page comes back with errors.
        again = len(value) if isinstance(value, list) else 0
        return {"label": "", "multiple": True, "help": "", "again": again}

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class PhotosField(forms.FileField):
    """Gives a list of uploaded files, each at most 15 MB. Whether they are pictures is found out where they are stored."""

    widget = PhotosWidget
    default_error_messages = {
        "too_large": gettext_lazy("%(name)s is larger than 15 MB."),
        "too_many": gettext_lazy("At most %(max)s photos at a time."),
    }

    def __init__(self, *, max_photos: int = 12, **kwargs):
        super().__init__(**kwargs)
        self.max_photos = max_photos

    def bound_data(self, data, initial):
        return data

    def clean(self, data, initial=None) -> list[UploadedFile]:
        files = [data] if isinstance(data, UploadedFile) else list(data or [])
        if not files and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > self.max_photos:
            raise ValidationError(self.error_messages["too_many"], code="too_many", params={"max": self.max_photos})
        for file in files:
            if file.size > MAX_PHOTO:
                raise ValidationError(self.error_messages["too_large"], code="too_large", params={"name": file.name})
        return [forms.FileField.clean(self, file) for file in files]


# --- Checklist --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What was found at one item of a checklist; `state` is ok, fail, na or empty where nothing was chosen."""

    state: str = ""
    value: Decimal | None = None
    note: str = ""
    photos: tuple[UploadedFile, ...] = ()


class ChecklistWidget(ComponentWidget):
    template_name = "_components/checklist.html"
    needs_multipart_form = True
    items: Sequence[dict] = ()
    problems: dict[str, str] = {}

    def component(self, name, value):
        answers = value or {}
        rows = [
            {**entry, "key": key, "error": self.problems.get(key, ""), **_shown(answers.get(key))}
            for key, entry in ((str(entry["key"]), entry) for entry in self.items)
        ]
        return {"items": rows, "prefix": name, "readonly": False}

    def value_from_datadict(self, data, files, name):
        found = {}
        for key in (str(entry["key"]) for entry in self.items):
            base = f"{name}-{key}"
            photos = files.getlist(f"{base}-photo") if hasattr(files, "getlist") else []
            found[key] = {part: data.get(f"{base}-{part}", "").strip() for part in ("state", "value", "note")}
            found[key]["photos"] = tuple(photos)
        return found


def _shown(answer: dict | Answer | None) -> dict:
    if answer is None:
        return {}
    if isinstance(answer, Answer):
        return {"state": answer.state, "value": answer.value, "note": answer.note}
    shown = {part: answer.get(part, "") for part in ("state", "value", "note")}
    return {**shown, "photos_again": len(answer.get("photos", ()))}


class ChecklistField(forms.Field):
    """Gives `{key: Answer}` for every item.

    `items` are dicts as the component wants them: key, name, kind (check, value, text), unit, low, high, required, group,
    photo. A value outside low..high must not be called in order; what is not in order needs a note.
    """

    widget = ChecklistWidget

    def __init__(self, *, items: Sequence[dict], **kwargs):
        kwargs.setdefault("label", "")
        super().__init__(**kwargs)
        self.items = list(items)
        self.widget.items = self.items

    def clean(self, value) -> dict[str, Answer]:
        answers, problems = {}, {}
        for entry in self.items:
            key = str(entry["key"])
            try:
                answers[key] = self._answer(entry, (value or {}).get(key, {}))
            except ValidationError as error:
                problems[key] = error.messages[0]
        self.widget.problems = problems
        if problems:
            names = {str(entry["key"]): entry["name"] for entry in self.items}
            raise ValidationError([f"{names[key]}: {text}" for key, text in problems.items()])
        return answers

    def _answer(self, entry: dict, raw: dict) -> Answer:
        state, note = raw.get("state", ""), raw.get("note", "")[:200]
        if state not in ("", "ok", "fail", "na"):
            raise ValidationError(_("Choose one of the answers."))
        value = _measured(raw.get("value", ""))
        if entry.get("kind") == "text":
            if entry.get("required") and not note:
                raise ValidationError(_("Please fill this in."))
            return Answer(state="ok" if note else "na", note=note)
        self._check(entry, state, value, note)
        return Answer(state=state, value=value, note=note, photos=raw.get("photos", ()))

    def _check(self, entry: dict, state: str, value: Decimal | None, note: str) -> None:
        if not state and (entry.get("required") or value is not None):
            raise ValidationError(_("Say whether it is in order."))
        if entry.get("kind") == "value" and state in ("ok", "fail") and value is None:
            raise ValidationError(_("Enter the measured value."))
        if state == "ok" and value is not None and not _within(value, entry.get("low"), entry.get("high")):
            raise ValidationError(_("The value is outside the range, so it is not in order."))
        if state == "fail" and not note:
            raise ValidationError(_("Say what is not in order."))


def _measured(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(text.replace("。", "."))
    except InvalidOperation:
        raise ValidationError(_("“%(text)s” is not a number.") % {"text": text[:20]}) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 8:
        raise ValidationError(_("“%(text)s” is not a number.") % {"text": text[:20]})
    return number


def _within(value: Decimal, low: Any, high: Any) -> bool:
    return (low in (None, "") or value >= Decimal(low)) and (high in (None, "") or value <= Decimal(high))
