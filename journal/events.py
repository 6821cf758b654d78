"""What an event is: a frozen dataclass of keys, figures and codes, registered under its name.

    @event("repairs.job_paused")
    class JobPaused:
        sentence = _("Work on job {job_id} paused: {reason}")
        labels = {"reason": PauseReason}

        job_id: int
        reason: str

The journal outlives the people in it, so an event never carries a name, a phone number or anyone's words: those stay in their own tables.
The decorator refuses field types and field names that would carry them, and `to_data` refuses texts that are not codes.
"""

import dataclasses
import re
import types
import typing
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.translation import gettext

_events: dict[str, type] = {}

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
# A code, a number we issued, a percentage: no blanks, nothing but ASCII, so no sentence and no Chinese name fits through.
_CODE = re.compile(r"[A-Za-z0-9_.:/+-]{0,64}")
_SCALARS = (bool, int, str, Decimal, datetime, date)
_MANY = {list: list, tuple: list, dict: dict}
_PERSONAL = frozenset(
    (
        "name",
        "phone",
        "mobile",
        "email",
        "mail",
        "address",
        "plate",
        "vin",
        "text",
        "words",
        "comment",
        "note",
        "notes",
        "remark",
        "message",
        "body",
        "content",
        "description",
        "label",
        "password",
        "token",
        "openid",
        "ip",
    )
)


def event(name: str):
    """Class decorator: makes the class a frozen dataclass and the one event called `name` ("app.what_happened")."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"an event is called app.what_happened, not {name!r}")

    def register(cls):
        if not dataclasses.is_dataclass(cls):
            cls = dataclasses.dataclass(frozen=True)(cls)
        known = _events.get(name)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"two events are called {name}: {known} and {cls}")
        cls.event_name = name
        cls.event_types = _checked_types(cls)
        _events[name] = cls
        return cls

    return register


def event_class(name: str) -> type | None:
    """The dataclass registered under a name; None for an event that an older or newer version of the product wrote."""
    return _events.get(name)


def registered() -> dict[str, type]:
    return dict(_events)


def _checked_types(cls) -> dict[str, tuple[type, type | None]]:
    """{field: (type, what holds many of them: list, dict or None)}; TypeError for anything that could carry a person's data."""
    hints = typing.get_type_hints(cls)
    checked = {}
    for field in dataclasses.fields(cls):
        if field.name.rsplit("_", 1)[-1] in _PERSONAL:
            raise TypeError(f"{cls.__qualname__}.{field.name}: the journal carries ids and codes, not people's data")
        checked[field.name] = _scalar_of(hints[field.name], f"{cls.__qualname__}.{field.name}")
    return checked


def _scalar_of(hint, where: str) -> tuple[type, type | None]:
    """(int, None) for `int` and `int | None`, (int, list) for `list[int]`, (int, dict) for `dict[str, int]` (keys are codes)."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = [part for part in typing.get_args(hint) if part is not type(None)]
        hint = inner[0] if len(inner) == 1 else hint
    many = _MANY.get(typing.get_origin(hint))
    if many and not (many is dict and typing.get_args(hint)[0] is not str):
        hint = typing.get_args(hint)[-1 if many is dict else 0]
    if isinstance(hint, type) and issubclass(hint, _SCALARS):
        return hint, many
    raise TypeError(
        f"{where}: an event holds int, str codes, Decimal, date, datetime, bool, or a list or a dict by code of those; not {hint!r}"
    )


def to_data(evt) -> dict:
    """The JSON object that is stored for an event: Decimal as text, times as ISO 8601 with offset."""
    return {name: _out(getattr(evt, name), name, evt) for name in type(evt).event_types}


def _out(value, name, evt):
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        if not _CODE.fullmatch(value):
            raise ValueError(f"{evt.event_name}.{name}: {value!r} is not a code; the journal carries no free text")
        return str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{evt.event_name}.{name}: a time without a zone")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_out(item, name, evt) for item in value]
    if isinstance(value, dict):
        return {_out(key, name, evt): _out(item, name, evt) for key, item in value.items()}
    raise TypeError(f"{evt.event_name}.{name}: cannot journal {type(value).__name__}")


def from_data(name: str, data: dict):
    """The dataclass of a stored event, or None if the name is unknown.

    Keys that the class no longer has are left out, fields that an older row does not have become their default, else None: history stays
    readable whatever the classes became.
    """
    cls = event_class(name)
    if cls is None:
        return None
    evt = object.__new__(cls)
    for field in dataclasses.fields(cls):
        if field.name in data:
            value = _in(data[field.name], *cls.event_types[field.name])
        else:
            value = _default(field)
        object.__setattr__(evt, field.name, value)
    return evt


def _default(field):
    if field.default is not dataclasses.MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else None


def _in(value, kind: type, many: type | None):
    if value is None:
        return None
    if many is list:
        return [_in(item, kind, None) for item in value]
    if many is dict:
        return {key: _in(item, kind, None) for key, item in value.items()}
    if issubclass(kind, Decimal):
        return Decimal(value)
    if issubclass(kind, datetime):
        return datetime.fromisoformat(value)
    if issubclass(kind, date):
        return date.fromisoformat(value)
    return value


def sentence(name: str, data: dict) -> str:
    """What happened, as a sentence in the reader's language; the bare name where the event is unknown or has no sentence.

    Codes appear as the label of the class's `labels` (field -> TextChoices), amounts with thousands separators, times in the current zone.
    """
    evt = from_data(name, data)
    template = getattr(type(evt), "sentence", "")
    if not template:
        return name
    labels = getattr(type(evt), "labels", {})
    shown = {field: _shown(getattr(evt, field), labels.get(field)) for field in evt.event_types}
    return str(template).format(**shown)


def _shown(value, choices) -> str:
    if value is None or value == "":
        return gettext("unknown")
    if isinstance(value, list | tuple):
        return gettext(", ").join(_shown(item, choices) for item in value)
    if isinstance(value, dict):
        return gettext(", ").join(f"{_shown(key, choices)} {_shown(item, None)}" for key, item in value.items())
    if choices is not None:
        return str(dict(choices.choices).get(value, value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    return str(value)
