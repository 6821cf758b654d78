"""The three levels of final inspection: in order, by three people, on a filled checklist; a fail sends the car back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from inspections import queries
from inspections.choices import Level, Verdict
from inspections.domain.wash import queue_wash
from inspections.events import CertificateIssued, Inspected
from inspections.models import Certificate, Inspection
from journal.domain import record
from orders.choices import LineWork
from orders.models import Line
from repairs import domain as repairs
from standards import domain as standards
from standards import queries as standard_queries
from standards.choices import ItemState
from standards.domain.runs import outside
from standards.models import ChecklistRun
from stores.models import Staff
from stores.numbers import next_number
from visits import domain as visits
from visits.models import Visit


@transaction.atomic
def begin(visit: Visit, *, level: Level | int, by: Staff) -> ChecklistRun:
    """Begin the checklist of a level, or go on with the one that was begun; colleagues see that somebody is at it.

    Raises what `inspect` raises for a wrong turn.
    """
    visit = visits.lock(visit)
    level = Level(level)
    _guard_turn(visit, level, by)
    return standards.start_run(use=queries.USE[level], visit_id=visit.pk, by=by, round=visit.round)


@transaction.atomic
def save_filled(visit: Visit, *, level: Level | int, results: dict[int, dict], by: Staff) -> ChecklistRun:
    """Keep what is filled so far, without a verdict."""
    run = begin(visit, level=level, by=by)
    return standards.fill(run, results, by=by)


@transaction.atomic
def inspect_filled(
    visit: Visit,
    *,
    level: Level | int,
    results: dict[int, dict],
    verdict: Verdict | str,
    by: Staff,
    reason: str = "",
    line: Line | None = None,
    photos=(),
) -> Inspection:
    """Fill and complete the begun checklist and give the verdict, in one step.

    `results` is {item id: {state, value, note}}. A car may be sent back before the checklist is filled to the end.
    """
    visit = visits.lock(visit)
    run = save_filled(visit, level=level, results=results, by=by)
    if verdict == Verdict.PASS:
        run = standards.complete(run, by=by)
    for photo in photos:
        visits.store_photo(visit, kind="inspection", upload=photo, by=by, caption=reason)
    return inspect(
        visit,
        level=level,
        by=by,
        run=run,
        verdict=verdict,
        reason=reason,
        line=line,
    )


@transaction.atomic
def inspect(
    visit: Visit,
    *,
    level: Level | int,
    by: Staff,
    run: ChecklistRun | None,
    verdict: Verdict | str,
    reason: str = "",
    line: Line | None = None,
    version: int | None = None,
) -> Inspection:
    """Give a level's verdict on the car.

    Levels come in order 1, 2, 3, each by another person; the self-check by the main technician, the final inspection by
    somebody who did no work on the car. A pass needs its checklist (`run`) complete and without a failed item. A fail
    needs a reason, sends the car back to repair in a new round, and reopens `line` (left out when only one was worked
    on). The third pass issues the exit certificate where the law wants one and queues the wash.

    Conflict: another level is due, or somebody was first. NotAllowed: not this person. DomainError: checklist, reason.
    """
    visit = visits.lock(visit, version=version)
    level, reason = Level(level), reason.strip()
    _guard_turn(visit, level, by)
    _guard_run(visit, level, run, verdict, by)
    if verdict == Verdict.FAIL:
        if not reason:
            raise DomainError(
                _("Say what is wrong, so that the technician knows what to do."),
                code="reason_missing",
            )
        line = _line_to_redo(visit, line)
    inspection = _insert(
        Inspection(
            store_id=visit.store_id,
            visit=visit,
            round=visit.round,
            level=level,
            inspector=by,
            run=run,
            verdict=Verdict(verdict),
            reason=reason[:300],
            line=line if verdict == Verdict.FAIL else None,
            at=clock.now(),
        )
    )
    record(
        Inspected(int(level), str(inspection.verdict), visit.round, by.pk, inspection.line_id),
        store_id=visit.store_id,
        subject=inspection,
        visit_id=visit.pk,
        by=by,
        at=inspection.at,
    )
    if inspection.verdict == Verdict.FAIL:
        _send_back(visit, inspection, by=by)
    elif level == Level.FINAL:
        _let_pass(visit, by=by)
    return inspection


def _guard_turn(visit: Visit, level: Level, by: Staff) -> None:
    if visit.stage != Stage.INSPECTION:
        raise Conflict(
            _("This car is at “%(stage)s”, not at the final inspection.") % {"stage": Stage(visit.stage).label},
            code="stage",
        )
    due = queries.next_level(queries.passed(visit))
    if due is None or level < due:
        raise Conflict(
            _("The %(level)s of this round is recorded already.") % {"level": level.label},
            code="done",
        )
    if level > due:
        raise Conflict(_("The %(level)s comes first.") % {"level": due.label}, code="order")
    if why := queries.refusal(visit, level, by):
        raise NotAllowed(why)


def _guard_run(visit: Visit, level: Level, run: ChecklistRun | None, verdict: str, by: Staff) -> None:
    if verdict not in Verdict.values:
        raise DomainError(_("Pass the car or send it back."), code="verdict_missing")
    if run is None:
        if verdict == Verdict.PASS:
            raise DomainError(_("Fill the checklist before you pass the car."), code="run_missing")
        return
    if (run.visit_ref, run.round, run.checklist.use) != (
        visit.pk,
        visit.round,
        queries.USE[level],
    ):
        raise DomainError(
            _("This checklist belongs to another inspection; begin a new one."),
            code="other_run",
        )
    if run.by_id != by.pk:
        raise NotAllowed(_("Somebody else filled this checklist; fill your own."))
    if verdict == Verdict.FAIL:
        return
    if run.completed_at is None:
        raise DomainError(
            _("Fill the checklist to its end before you pass the car."),
            code="run_open",
        )
    rows = standard_queries.results(run).values()
    failed = [row for row in rows if row.state == ItemState.FAIL or outside(row)]
    if failed:
        raise DomainError(
            _("Not in order: %(items)s. Send the car back, or put it right and measure again.")
            % {"items": _(", ").join(row.item.name for row in failed)},
            code="failures",
        )


def _line_to_redo(visit: Visit, line: Line | None) -> Line | None:
    done = list(queries.reworkable(visit).select_for_update(of=("self",), no_key=True))
    if line is not None:
        found = next((row for row in done if row.pk == line.pk), None)
        if found is None:
            raise DomainError(
                _("Only finished work of this visit can be sent back."),
                code="line_not_done",
            )
        return found
    if len(done) > 1:
        raise DomainError(_("Choose the job that has to be done again."), code="line_missing")
    return next(iter(done), None)


def _insert(inspection: Inspection) -> Inspection:
    try:
        with transaction.atomic():
            inspection.save(force_insert=True)
    except IntegrityError as error:
        if "inspections_level_once" in str(error):
            raise Conflict(_("Somebody recorded this level a moment ago."), code="done") from error
        if "inspections_different_people" in str(error):
            raise NotAllowed(_("Every level is done by another person.")) from error
        raise
    return inspection


def _send_back(visit: Visit, inspection: Inspection, *, by: Staff) -> None:
    visit = visits.advance(visit, to=Stage.REPAIR, by=by, reason=inspection.reason)
    if inspection.line and inspection.line.work == LineWork.DONE:
        repairs.reopen(inspection.line, round=visit.round, by=by, note=inspection.reason)


def _let_pass(visit: Visit, *, by: Staff) -> None:
    if queries.needs_certificate(visit) and not queries.certificate_of(visit):
        _certify(visit, by=by)
    visit = visits.advance(visit, to=Stage.WASH, by=by)
    queue_wash(visit, by=by)


def _certify(visit: Visit, *, by: Staff) -> Certificate:
    mileage = visit.mileage_in if visit.mileage_in is not None else visit.vehicle.mileage
    if mileage is None:
        raise DomainError(
            _("The certificate needs the mileage; read the odometer at reception first."),
            code="mileage_missing",
        )
    now = clock.now()
    certificate = Certificate.objects.create(
        store_id=visit.store_id,
        visit=visit,
        number=next_number(visit.store, "HG", at=now),
        inspector=by,
        mileage=mileage,
        issued_at=now,
    )
    record(
        CertificateIssued(certificate.number),
        store_id=visit.store_id,
        subject=certificate,
        visit_id=visit.pk,
        by=by,
        at=now,
    )
    return certificate
