"""`manage.py grant_role`: make the database role the product runs as, which can write rows and nothing more."""

import os

import environ
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2.extensions import encrypt_password

# Whoever owns the tables may empty them; this role may not, and the journal only grows under it.
JOURNAL = "journal_event"


class Command(BaseCommand):
    help = (
        "Run by the owner of the tables after each migration: creates the role named in APP_DATABASE_URL (or sets its password anew) "
        "and grants it rows of every table, but of the journal only reading and adding. Safe to repeat."
    )

    def handle(self, **options):
        url = os.environ.get("APP_DATABASE_URL", "")
        if not url:
            raise CommandError("Set APP_DATABASE_URL: the address of the database as the product will use it.")
        wanted = environ.Env.db_url_config(url)
        role, password = wanted["USER"], wanted["PASSWORD"]
        if not role or not password:
            raise CommandError("APP_DATABASE_URL must name a user and a password.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_database()")
            owner, database = cursor.fetchone()
            if role == owner:
                raise CommandError(f"{role} owns the tables; the product needs a role of its own.")
            _make(cursor, role, password)
            _grant(cursor, role, database)
        self.stdout.write(f"{role}: may write rows of every table; of {JOURNAL} it may read and add.")


def _make(cursor, role: str, password: str) -> None:
    name = connection.ops.quote_name(role)
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if not cursor.fetchone():
        cursor.execute(f"CREATE ROLE {name}")
    # Hashed here, so that the password itself stands in no statement and no log of the server.
    hashed = encrypt_password(password, role, scope=connection.connection, algorithm="scram-sha-256")
    cursor.execute(f"ALTER ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %s", [hashed])
    # Lets /metrics see how old other people's transactions are, and nothing of their content.
    cursor.execute(f"GRANT pg_read_all_stats TO {name}")


def _grant(cursor, role: str, database: str) -> None:
    name, database = connection.ops.quote_name(role), connection.ops.quote_name(database)
    cursor.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {name}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
    cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {JOURNAL} FROM {name}")
