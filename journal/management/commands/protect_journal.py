from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = (
        "Take UPDATE, DELETE and TRUNCATE on the journal from the role that the product runs as. Triggers refuse the first two anyway; "
        "TRUNCATE fires no row trigger and is left to the role that migrates. Not for a test database, whose tables are flushed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--role", help="the role of the product (the current one)")
        parser.add_argument(
            "--print", action="store_true", dest="only_print", help="print the statement instead of running it"
        )

    def handle(self, *, role, only_print, **options):
        with connection.cursor() as sql:
            if role is None:
                sql.execute("SELECT current_user")
                role = sql.fetchone()[0]
            statement = f"REVOKE UPDATE, DELETE, TRUNCATE ON journal_event FROM {connection.ops.quote_name(role)}"
            if not only_print:
                sql.execute(statement)
        self.stdout.write(statement)
