"""The one .po file, and what is wrong with it.

The file has no dates and no line numbers and is sorted, so that two people's additions merge without a conflict in
most cases and every line of a diff is a message.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import contextmanager
from pathlib import Path

import polib

from dealership.translations.sources import Found, Message

METADATA = {
    "Project-Id-Version": "aftersale",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdrif]|\{\w*\}")
# gettext's own separator of context and message in a key.
CONTEXT_MARK = "\x04"


class Catalogue:
    """`django.po` and `django.mo` in a folder. Change it only inside `changing()`."""

    def __init__(self, folder: Path):
        self.po_path = folder / "django.po"
        self.mo_path = folder / "django.mo"
        self.lock_path = folder / ".lock"

    def read(self) -> polib.POFile:
        if not self.po_path.exists():
            return polib.POFile()
        return polib.pofile(str(self.po_path), encoding="utf-8")

    @contextmanager
    def changing(self):
        """The .po file for changing, held against everybody else; written and compiled at the end of the block."""
        self.po_path.parent.mkdir(parents=True, exist_ok=True)
        with self.lock_path.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            po = self.read()
            yield po
            self._write(po)

    def _write(self, po: polib.POFile) -> None:
        tidy = polib.POFile(wrapwidth=0)
        tidy.metadata = METADATA
        for entry in sorted(po, key=lambda entry: (entry.msgid, entry.msgctxt or "")):
            entry.occurrences = []
            tidy.append(entry)
        _replace(self.po_path, f"{tidy}\n".encode())
        _replace(self.mo_path, tidy.to_binary())


def merge(po: polib.POFile, found: Found, texts: dict[str, str], *, replace: bool = False) -> list[str]:
    """Add translations, keyed by msgid (or context, `\\x04`, msgid). Returns sentences about keys that need a look.

    An existing translation stays unless `replace`. Translations of messages the sources do not have yet are kept too:
    somebody may be about to write them; `check` reports those that stay without a use.
    """
    notes = []
    known = {message.key: message for message in found.messages}
    entries = {_key(entry): entry for entry in po}
    for name, text in texts.items():
        context, _, msgid = name.rpartition(CONTEXT_MARK)
        message = known.get((context, msgid), Message(msgid, context=context))
        if (context, msgid) not in known:
            notes.append(f"not in the sources (yet): {msgid!r}")
        entry = entries.get((context, msgid))
        if entry is None:
            entry = polib.POEntry(msgid=msgid, msgctxt=context or None)
            po.append(entry)
            entries[context, msgid] = entry
        elif not replace and _text(entry) and _text(entry) != text:
            notes.append(f"kept {_text(entry)!r} for {msgid!r}; --replace takes {text!r}")
            continue
        _set(entry, message, text)
    _fit_plurals(entries, known)
    return notes


def _set(entry: polib.POEntry, message: Message, text: str) -> None:
    if message.plural:
        entry.msgid_plural, entry.msgstr_plural, entry.msgstr = message.plural, {0: text}, ""
    else:
        entry.msgid_plural, entry.msgstr_plural, entry.msgstr = "", {}, text
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]


def _fit_plurals(entries: dict, known: dict) -> None:
    """A message that got or lost its plural since it was translated keeps its translation."""
    for key, message in known.items():
        entry = entries.get(key)
        if entry is not None and entry.msgid_plural != message.plural:
            _set(entry, message, _text(entry))


def prune(po: polib.POFile, found: Found) -> int:
    """Drop translations the sources do not use; returns how many."""
    known = {message.key for message in found.messages}
    unused = [entry for entry in po if _key(entry) not in known]
    for entry in unused:
        po.remove(entry)
    return len(unused)


def missing(po: polib.POFile, found: Found) -> dict[str, str]:
    """Messages without a translation, as keys of `merge`, each with a place it stands in."""
    translated = {_key(entry) for entry in po if _text(entry) and not entry.fuzzy}
    return {
        f"{message.context}{CONTEXT_MARK}{message.msgid}" if message.context else message.msgid: place
        for message, place in sorted(found.messages.items())
        if message.key not in translated
    }


def problems(catalogue: Catalogue, found: Found) -> list[str]:
    """Everything that keeps the translation from being complete and right, a sentence each."""
    po = catalogue.read()
    known = {message.key: message for message in found.messages}
    result = list(found.mistakes)
    result += [f"{place}: no translation of {msgid!r}" for msgid, place in missing(po, found).items()]
    for entry in po:
        message = known.get(_key(entry))
        if message is None:
            result.append(f"unused translation of {entry.msgid!r}; drop it with `manage.py translations --prune`")
            continue
        if entry.fuzzy:
            result.append(f"fuzzy translation of {entry.msgid!r}")
        wanted, got = _placeholders(message.plural or message.msgid), _placeholders(_text(entry))
        if _text(entry) and wanted != got:
            result.append(f"placeholders of {entry.msgid!r} are {wanted}, its translation has {got}")
    if not catalogue.mo_path.exists() or catalogue.mo_path.read_bytes() != po.to_binary():
        result.append("django.mo is older than django.po; run `manage.py translations`")
    return result


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _text(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def _placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


def _replace(path: Path, content: bytes) -> None:
    """Write a whole file at once: a process that reads it meanwhile sees the old one."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)
