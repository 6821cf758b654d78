"""Bring complaints of another system in as closed history, from a CSV or XLSX file. Running it again makes nothing twice."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from complaints.domain import imports
from complaints.importers import history
from core.actors import Actor
from core.errors import DomainError
from orders.importers.reading import read_table
from stores.access import in_store
from stores.models import Store

ERRORS_SHOWN = 50


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--store", required=True, help="code of the store")
        parser.add_argument(
            "--source", default="", help="name of the other system (default: the file's name); rows are known by it"
        )
        parser.add_argument(
            "--map", action="append", default=[], metavar="FIELD=COLUMN", help=f"one of {', '.join(history.FIELDS)}"
        )
        parser.add_argument("--dry-run", action="store_true", help="try every row and keep nothing")

    def handle(self, *args, file, store, source, map, dry_run, **options):
        row = Store.objects.filter(code=store).first()
        if row is None:
            raise CommandError(f"There is no store with the code {store!r}.")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        source = source or file.stem[:40]
        try:
            with in_store(row):
                table = read_table(file.read_bytes())
                mapping = self._mapping(table.columns, source, map)
                outcome = imports.import_table(
                    table,
                    store=row,
                    mapping=mapping,
                    source=source,
                    by=Actor.system("import"),
                    dry_run=dry_run,
                )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self._report(outcome, mapping, dry_run)

    @staticmethod
    def _mapping(columns, source, pairs) -> dict[str, str]:
        mapping = imports.last_mapping(source) or history.guess(columns)
        for pair in pairs:
            name, _, column = pair.partition("=")
            if name not in history.FIELDS:
                raise CommandError(f"{name!r} is not one of {', '.join(history.FIELDS)}.")
            mapping[name] = column
        return mapping

    def _report(self, outcome, mapping, dry_run) -> None:
        for name, column in mapping.items():
            self.stdout.write(f"  {name:<7} from {column}")
        for number, text in outcome.errors[:ERRORS_SHOWN]:
            self.stdout.write(f"  row {number}: {text}")
        if len(outcome.errors) > ERRORS_SHOWN:
            self.stdout.write(f"  … and {len(outcome.errors) - ERRORS_SHOWN} more rows with errors")
        for text in sorted({text for _n, text in outcome.warnings}):
            rows = sum(1 for _n, other in outcome.warnings if other == text)
            self.stdout.write(f"  {rows} rows: {text}")
        kept = "would come in" if dry_run else "brought in"
        self.stdout.write(
            f"{outcome.created} {kept}, {outcome.known} known already, {len(outcome.errors)} with errors."
        )
