"""Loading many rows through COPY, and setting constraints and indexes aside while millions go in.

Set aside means dropped and kept, word for word, in a table of their own until they are put back; so a load that is killed
half-way loses none of them: the next start puts them back first. Only an empty store is ever loaded this way.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from django.db import connection, models, transaction

KEEP = "demo_set_aside"
NULL = "\\N"


class Rows:
    """Rows of one table on their way to COPY. Columns not named get the model's default."""

    def __init__(self, model: type[models.Model], *columns: str):
        fields = {field.column: field for field in model._meta.concrete_fields}
        if unknown := set(columns) - set(fields):
            raise ValueError(f"{model.__name__} has no {unknown}")
        rest = [column for column in fields if column not in columns]
        self.table = model._meta.db_table
        self.columns = [*columns, *rest]
        self.rest = "".join("\t" + _constant(fields[column]) for column in rest)
        self.lines: list[str] = []

    def add(self, *values: str) -> None:
        """One row; the values are COPY texts already (see `text`), in the order of the named columns."""
        self.lines.append("\t".join(values) + self.rest)

    def flush(self, cursor) -> int:
        """Send what was added; returns how many rows."""
        sent = len(self.lines)
        if sent:
            names = ", ".join(f'"{column}"' for column in self.columns)
            cursor.copy_expert(f'COPY "{self.table}" ({names}) FROM STDIN', io.StringIO("\n".join(self.lines) + "\n"))
            self.lines.clear()
        return sent


def _constant(field: models.Field) -> str:
    if field.name == "id":
        raise ValueError(f"{field.model.__name__}: the rows name their ids")
    value = field.get_default()
    if isinstance(value, dict | list):
        return "{}" if not isinstance(field, models.JSONField) or isinstance(value, dict) else "[]"
    return text(value)


def text(value) -> str:
    """A value as COPY's text format reads it."""
    if value is None:
        return NULL
    if value is True or value is False:
        return "t" if value else "f"
    return str(value).replace("\\", "\\\\").replace("\t", " ").replace("\n", "\\n")


def reserve(model: type[models.Model], count: int) -> int:
    """Take `count` ids from a table's sequence; returns the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        (sequence,) = cursor.fetchone()
        cursor.execute("SELECT nextval(%s)", [sequence])
        (first,) = cursor.fetchone()
        cursor.execute("SELECT setval(%s, %s)", [sequence, first + count])
    return first


# Foreign keys of these tables and onto them, then unique and exclusion constraints, then plain indexes. Primary keys stay.
_DEFINITIONS = """
    SELECT 1, conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE contype = 'f' AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
    UNION ALL
    SELECT 2, conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE contype IN ('u', 'x') AND conrelid = ANY(%(tables)s::regclass[])
    UNION ALL
    SELECT 3, indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
     WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisprimary
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY 1, 2, 3
"""


@transaction.atomic
def set_aside(tables: Iterable[str]) -> int:
    """Drop constraints and indexes of the tables, keeping their definitions; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {KEEP} (kind int, owner text, name text, definition text)")
        cursor.execute(_DEFINITIONS, {"tables": list(tables)})
        found = cursor.fetchall()
        for kind, owner, name, definition in found:
            cursor.execute(f"INSERT INTO {KEEP} VALUES (%s, %s, %s, %s)", [kind, owner, name, definition])  # noqa: S608
            cursor.execute(f"DROP INDEX {name}" if kind == 3 else f'ALTER TABLE {owner} DROP CONSTRAINT "{name}"')
    return len(found)


def left_over() -> list[tuple[int, str, str, str]]:
    """What is set aside now, in the order in which it goes back: indexes, then unique keys, then foreign keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [KEEP])
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(f"SELECT kind, owner, name, definition FROM {KEEP} ORDER BY kind DESC, owner, name")  # noqa: S608
        return cursor.fetchall()


def put_back_one(kind: int, owner: str, name: str, definition: str) -> None:
    """Restore one definition, which checks every row that came in meanwhile, and forget that it was set aside."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(definition if kind == 3 else f'ALTER TABLE {owner} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute(f"DELETE FROM {KEEP} WHERE owner = %s AND name = %s", [owner, name])  # noqa: S608


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {KEEP}")
