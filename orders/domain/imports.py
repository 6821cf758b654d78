"""Carrying a file of history through: preview, run in batches, progress and errors kept with the run."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from orders.choices import ImportState
from orders.importers import history
from orders.importers.reading import Table, read_table
from orders.models import ImportRun
from stores.models import Staff, Store

BATCH = 200
ERRORS_KEPT = 500
IMPORT_LOCK = 7261  # first key of our advisory locks


@dataclass
class Outcome:
    """What a run (or a dry run) found: rows brought in, rows there already, [row number, sentence] for the others."""

    created: int = 0
    known: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)


class _Undo(Exception):
    """Takes a dry run back."""


def import_table(
    table: Table,
    *,
    store: Store,
    mapping: dict,
    source: str,
    currency: str,
    by: Actor | HasActor,
    dry_run: bool = False,
    progress=None,
) -> Outcome:
    """Bring a table's rows in, a transaction per batch; a row with an error harms no other. With `dry_run` everything is tried and
    nothing is kept. `progress(done)` is called after each batch."""
    mapping = history.check_mapping(mapping, table.columns)
    outcome = Outcome()
    for start in range(0, len(table.rows), BATCH):
        batch = table.rows[start : start + BATCH]
        try:
            with transaction.atomic():
                for number, cells in batch:
                    _one(number, cells, outcome, store=store, mapping=mapping, source=source, currency=currency, by=by)
                if dry_run:
                    raise _Undo
        except _Undo:
            pass
        if progress:
            progress(start + len(batch))
    return outcome


def _one(number: int, cells: dict, outcome: Outcome, *, store, mapping, source, currency, by) -> None:
    try:
        row = history.parse(cells, mapping)
        with transaction.atomic():
            visit = history.put_in(store, row, source=source, currency=currency, by=by)
    except DomainError as error:
        outcome.errors.append((number, str(error)))
        return
    outcome.warnings.extend((number, warning) for warning in history.warnings(row))
    if visit is None:
        outcome.known += 1
    else:
        outcome.created += 1


@transaction.atomic
def begin_import(*, store: Store, data: bytes, filename: str, source: str, by: Staff) -> ImportRun:
    """Take a file in for preview. The mapping is the source's last one where it fits, else a guess by the columns' names."""
    table = read_table(data)
    if not source.strip():
        raise DomainError(_("Name the system the file comes from."), code="source")
    last = ImportRun.objects.filter(source=source.strip(), state=ImportState.DONE).order_by("-id").first()
    fits = last and all(column in table.columns for column in last.mapping.values())
    run = ImportRun(
        store=store,
        source=source.strip()[:40],
        filename=filename[:120],
        mapping=last.mapping if fits else history.guess(table.columns),
        currency=last.currency if last else "CNY",
        total=len(table.rows),
        by=by,
        created_at=clock.now(),
    )
    run.file.save(f"{store.pk}/{clock.now():%Y%m%d%H%M%S%f}", ContentFile(data), save=False)
    run.save()
    return run


@transaction.atomic
def start_import(run: ImportRun, *, mapping: dict, currency: str, by: Staff) -> ImportRun:
    """Approve the mapping; the task then does the work. Conflict if it runs or ran already."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != ImportState.PREVIEW:
        raise Conflict(_("This file is being imported or was imported already."))
    with run.file.open() as file:
        table = read_table(file.read())
    run.mapping, run.currency, run.state = history.check_mapping(mapping, table.columns), currency, ImportState.RUNNING
    run.save(update_fields=["mapping", "currency", "state"])
    return run


def carry_out_once(pk: int) -> bool:
    """Carry out a started run unless another worker is at it; False then. The lock lives as long as the worker's connection, so a
    worker that dies lets go of the run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [IMPORT_LOCK, pk])
        if not cursor.fetchone()[0]:
            return False
        try:
            carry_out(ImportRun.objects.select_related("store", "by").get(pk=pk))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [IMPORT_LOCK, pk])
    return True


def carry_out(run: ImportRun) -> ImportRun:
    """Import a run's file. A run that died is carried out again from the start: what came in is known and not doubled."""
    if run.state != ImportState.RUNNING:
        return run
    by = run.by or Actor.system("import")

    def progress(done: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(done=min(done, run.total))

    with run.file.open() as file:
        table = read_table(file.read())
    try:
        outcome = import_table(
            table,
            store=run.store,
            mapping=run.mapping,
            source=run.source,
            currency=run.currency,
            by=by,
            progress=progress,
        )
    except DomainError as error:
        outcome, run.state = Outcome(errors=[(0, str(error))]), ImportState.FAILED
    else:
        run.state = ImportState.DONE
    run.done, run.created, run.known = run.total, outcome.created, outcome.known
    run.errors, run.finished_at = outcome.errors[:ERRORS_KEPT], clock.now()
    run.save(update_fields=["state", "done", "created", "known", "errors", "finished_at"])
    return run


def preview(run: ImportRun, *, mapping: dict | None = None, rows: int = 20) -> dict:
    """The first rows as they would come in, and how many of all rows have errors. Writes nothing."""
    with run.file.open() as file:
        table = read_table(file.read())
    mapping = run.mapping if mapping is None else mapping
    shown, errors = [], []
    for number, cells in table.rows:
        row, error = None, ""
        try:
            row = history.parse(cells, mapping)
        except DomainError as refused:
            error = str(refused)
            errors.append((number, error))
        if len(shown) < rows:
            shown.append(
                {"number": number, "row": row, "error": error, "warnings": history.warnings(row) if row else []}
            )
    return {"columns": table.columns, "rows": shown, "errors": errors[:ERRORS_KEPT], "total": len(table.rows)}
