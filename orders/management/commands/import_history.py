"""Bring repair-order history in from a CSV or XLSX file. Running it again makes nothing twice."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.actors import Actor
from core.errors import DomainError
from orders.choices import ImportState
from orders.domain import imports
from orders.importers import history
from orders.importers.reading import read_table
from orders.models import ImportRun
from stores.access import in_store
from stores.models import Store


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--store", required=True, help="code of the store")
        parser.add_argument(
            "--source", default="", help="name of the other system (default: the file's name); keeps its own mapping"
        )
        parser.add_argument(
            "--map", action="append", default=[], metavar="FIELD=COLUMN", help=f"one of {', '.join(history.FIELDS)}"
        )
        parser.add_argument("--currency", default="CNY", help="of the amounts in the file (default CNY)")
        parser.add_argument("--dry-run", action="store_true", help="try every row and keep nothing")

    def handle(self, *args, file, store, source, map, currency, dry_run, **options):
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
                    currency=currency,
                    by=Actor.system("import"),
                    dry_run=dry_run,
                    progress=lambda done: self.stderr.write(f"\r{done} / {len(table.rows)} rows", ending=""),
                )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stderr.write("")
        self._report(outcome, mapping, dry_run)

    @staticmethod
    def _mapping(columns, source, pairs) -> dict[str, str]:
        last = ImportRun.objects.filter(source=source, state=ImportState.DONE).order_by("-id").first()
        mapping = dict(last.mapping) if last else history.guess(columns)
        for pair in pairs:
            field, _, column = pair.partition("=")
            if field not in history.FIELDS:
                raise CommandError(f"{field!r} is not one of {', '.join(history.FIELDS)}.")
            mapping[field] = column
        return mapping

    def _report(self, outcome, mapping, dry_run) -> None:
        for field, column in mapping.items():
            self.stdout.write(f"  {field:<11} from {column}")
        for number, text in outcome.errors:
            self.stdout.write(f"  row {number}: {text}")
        for text in sorted({text for _n, text in outcome.warnings}):
            rows = sum(1 for _n, other in outcome.warnings if other == text)
            self.stdout.write(f"  {rows} rows: {text}")
        kept = "would come in" if dry_run else "brought in"
        self.stdout.write(
            f"{outcome.created} {kept}, {outcome.known} known already, {len(outcome.errors)} with errors."
        )
