"""`manage.py describe_api`: the API's description as a file, for whoever programs against it."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from api.views.docs import document, text

FILE = settings.BASE_DIR / "docs" / "openapi.yaml"


class Command(BaseCommand):
    help = "Writes the API's description to docs/openapi.yaml."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is not up to date")

    def handle(self, *args, check: bool, **options):
        validate_schema(document())
        if GENERATOR_STATS:
            GENERATOR_STATS.emit_summary()
            raise CommandError("An endpoint does not describe itself; see above.")
        if not check:
            FILE.write_text(text())
            self.stdout.write(f"docs/openapi.yaml: {len(text().splitlines())} lines")
        elif not FILE.exists() or FILE.read_text() != text():
            raise CommandError("docs/openapi.yaml is not what the API is now: manage.py describe_api")
