"""Complaints of another system as history: closed cases without clocks. Preview, batches, errors kept with the run.

Nothing is sent, nobody owns them, no clock starts; only roll-ups see their events. A second run of a file makes nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from complaints.choices import CaseSource, CaseState, CloseKind, ImportState, Severity
from complaints.events import CaseClosed, CaseOpened
from complaints.importers import history
from complaints.importers.history import Row
from complaints.models import Case, CaseImport
from core import clock
from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from customers.models import Vehicle
from journal.domain import entry, record_many
from orders.importers.reading import Table, read_table
from stores.models import Staff, Store
from stores.numbers import next_number
from visits.choices import Origin

BATCH = 500
ERRORS_KEPT = 500
IMPORT_LOCK = 7262  # first key of our advisory locks; orders has 7261


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
    by: Actor | HasActor,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Bring a table's rows in, a transaction per batch; a row with an error harms no other. With `dry_run` everything is tried
    and nothing is kept. `progress(done)` is called after each batch."""
    mapping = history.check_mapping(mapping, table.columns)
    outcome, seen = Outcome(), set()
    for start in range(0, len(table.rows), BATCH):
        batch = table.rows[start : start + BATCH]
        rows = _parsed(batch, mapping, outcome, seen)
        try:
            with transaction.atomic():
                created = _put_in(store, rows, source=source[:40], by=by)
                if dry_run:
                    raise _Undo
        except _Undo:
            pass
        outcome.created += created
        outcome.known += len(rows) - created
        if progress:
            progress(start + len(batch))
    return outcome


def _parsed(batch, mapping: dict, outcome: Outcome, seen: set[str]) -> list[Row]:
    rows = []
    for number, cells in batch:
        try:
            row = history.parse(cells, mapping)
        except DomainError as error:
            outcome.errors.append((number, str(error)))
            continue
        outcome.warnings.extend((number, warning) for warning in history.warnings(row))
        if row.key in seen:
            outcome.known += 1
            continue
        seen.add(row.key)
        rows.append(row)
    return rows


def _put_in(store: Store, rows: list[Row], *, source: str, by: Actor | HasActor) -> int:
    """Write rows as closed cases; how many were new. Two runs at once over one source wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [IMPORT_LOCK, f"{store.pk}:{source}"])
    keys = [row.key for row in rows]
    known = set(
        Case.objects.filter(store=store, origin=Origin.IMPORT, import_source=source, import_key__in=keys).values_list(
            "import_key", flat=True
        )
    )
    new = [row for row in rows if row.key not in known]
    plates = {row.plate for row in new if row.plate}
    cars = {car.plate: car for car in Vehicle.objects.filter(plate__in=plates)} if plates else {}
    cases = Case.objects.bulk_create([_case(store, row, cars.get(row.plate), source=source) for row in new])
    record_many(event for case in cases for event in _journal(case, by))
    return len(cases)


def _case(store: Store, row: Row, car: Vehicle | None, *, source: str) -> Case:
    # The file knows the day, not the hour: the start of it in the store's zone.
    at = datetime.combine(row.on, time(), store.tz)
    state = row.status or _("not said")
    return Case(
        store=store,
        number=next_number(store, "TI", at=at),
        source=CaseSource.IMPORT,
        severity=Severity.L2,
        state=CaseState.CLOSED,
        origin=Origin.IMPORT,
        vehicle=car,
        customer_id=car.owner_id if car else None,
        words=row.words,
        category=row.category,
        opened_at=at,
        closed_at=at,
        close_kind=CloseKind.IMPORT,
        closing_note=_("Taken over as history; state there: %(state)s") % {"state": state},
        import_source=source,
        import_key=row.key,
        imported_car=row.car,
        imported_codes=row.codes,
    )


def _journal(case: Case, by):
    about = {"store_id": case.store_id, "subject": case, "by": by, "origin": Origin.IMPORT, "at": case.opened_at}
    yield entry(CaseOpened(case.number, case.severity, case.source, None, case.category), **about)
    yield entry(CaseClosed(case.number, 0, case.close_kind), **about)


@transaction.atomic
def begin_import(*, store: Store, data: bytes, filename: str, source: str, by: Staff) -> CaseImport:
    """Take a file in for preview. The mapping is the source's last one where it fits, else a guess by the columns' names."""
    table = read_table(data)
    if not source.strip():
        raise DomainError(_("Name the system the file comes from."), code="source")
    last = last_mapping(source)
    fits = last and all(column in table.columns for column in last.values())
    run = CaseImport(
        store=store,
        source=source.strip()[:40],
        filename=filename[:120],
        mapping=last if fits else history.guess(table.columns),
        total=len(table.rows),
        by=by,
        created_at=clock.now(),
    )
    run.file.save(f"{store.pk}/cases-{clock.now():%Y%m%d%H%M%S%f}", ContentFile(data), save=False)
    run.save()
    return run


def last_mapping(source: str) -> dict[str, str] | None:
    """How the columns of this source were read the last time."""
    last = CaseImport.objects.filter(source=source.strip(), state=ImportState.DONE).order_by("-id").first()
    return dict(last.mapping) if last else None


@transaction.atomic
def start_import(run: CaseImport, *, mapping: dict) -> CaseImport:
    """Approve the mapping; the task then does the work. Conflict if it runs or ran already."""
    run = CaseImport.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != ImportState.PREVIEW:
        raise Conflict(_("This file is being imported or was imported already."))
    run.mapping, run.state = history.check_mapping(mapping, _table(run).columns), ImportState.RUNNING
    run.save(update_fields=["mapping", "state"])
    return run


def carry_out_once(pk: int) -> bool:
    """Carry out a started run unless another worker is at it; False then. The lock lives as long as the worker's connection,
    so a worker that dies lets go of the run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [IMPORT_LOCK, pk])
        if not cursor.fetchone()[0]:
            return False
        try:
            carry_out(CaseImport.objects.select_related("store", "by").get(pk=pk))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [IMPORT_LOCK, pk])
    return True


def carry_out(run: CaseImport) -> CaseImport:
    """Import a run's file. A run that died is carried out again from the start: what came in is known and not doubled."""
    if run.state != ImportState.RUNNING:
        return run

    def progress(done: int) -> None:
        CaseImport.objects.filter(pk=run.pk).update(done=min(done, run.total))

    try:
        outcome = import_table(
            _table(run), store=run.store, mapping=run.mapping, source=run.source, by=run.by, progress=progress
        )
    except DomainError as error:
        outcome, run.state = Outcome(errors=[(0, str(error))]), ImportState.FAILED
    else:
        run.state = ImportState.DONE
    run.done, run.created, run.known = run.total, outcome.created, outcome.known
    run.errors, run.finished_at = outcome.errors[:ERRORS_KEPT], clock.now()
    run.save(update_fields=["state", "done", "created", "known", "errors", "finished_at"])
    return run


def preview(run: CaseImport, *, mapping: dict | None = None, rows: int = 20) -> dict:
    """The first rows as they would come in, and which of all rows have errors. Writes nothing."""
    table = _table(run)
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
            odd = history.warnings(row) if row else []
            shown.append({"number": number, "row": row, "error": error, "warnings": odd})
    return {"columns": table.columns, "rows": shown, "errors": errors[:ERRORS_KEPT], "total": len(table.rows)}


def _table(run: CaseImport) -> Table:
    with run.file.open() as file:
        return read_table(file.read())
