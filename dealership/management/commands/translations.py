"""`manage.py translations`: keep the Chinese of the product complete."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dealership.translations import catalogue, sources


class Command(BaseCommand):
    help = (
        "Collect the messages of all Python files and templates, keep locale/zh_Hans/LC_MESSAGES/django.po sorted "
        "and compile django.mo. Needs no gettext programs. Several people may run it at once."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--merge", metavar="FILE", help='add translations from a JSON object {"msgid": "译文"}')
        one.add_argument("--missing", action="store_true", help="print the untranslated messages as JSON")
        one.add_argument("--check", action="store_true", help="fail, naming everything that is missing or wrong")
        one.add_argument("--prune", action="store_true", help="drop translations that nothing uses any more")
        parser.add_argument("--replace", action="store_true", help="with --merge: overwrite existing translations")

    def handle(self, *, merge, missing, check, prune, replace, **options):
        # A wrong file is said at once, before everything is read.
        texts = _read_texts(merge) if merge else {}
        found = sources.extract(settings.BASE_DIR, settings.PRODUCT_APPS)
        self.catalogue = catalogue.Catalogue(settings.LOCALE_PATHS[0] / "zh_Hans" / "LC_MESSAGES")
        if missing:
            untranslated = catalogue.missing(self.catalogue.read(), found)
            self.stdout.write(json.dumps(dict.fromkeys(untranslated, ""), ensure_ascii=False, indent=1))
        elif check:
            self._check(found)
        else:
            self._change(found, texts=texts, replace=replace, prune=prune)

    def _check(self, found: sources.Found) -> None:
        found_problems = catalogue.problems(self.catalogue, found)
        for problem in found_problems:
            self.stderr.write(problem)
        if found_problems:
            raise CommandError(f"{len(found_problems)} problems in the translation")
        self.stdout.write(f"{len(found.messages)} messages, all translated")

    def _change(self, found: sources.Found, *, texts: dict[str, str], replace: bool, prune: bool) -> None:
        with self.catalogue.changing() as po:
            notes = catalogue.merge(po, found, texts, replace=replace)
            dropped = catalogue.prune(po, found) if prune else 0
        for note in notes:
            self.stderr.write(note)
        left = len(catalogue.missing(self.catalogue.read(), found))
        self.stdout.write(f"{len(found.messages)} messages, {left} without a translation, {dropped} dropped")


def _read_texts(name: str) -> dict[str, str]:
    try:
        texts = json.loads(Path(name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CommandError(f"There is no file {name}.") from None
    except ValueError as error:
        raise CommandError(f"{name} is not JSON: {error}") from None
    if not isinstance(texts, dict) or not all(isinstance(text, str) and text for text in texts.values()):
        raise CommandError(f'{name} must hold one object of texts: {{"msgid": "译文"}}.')
    return texts
