"""Proving the five rules and keeping what was found: by night, and whenever a manager asks."""

from __future__ import annotations

import time
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import NotAllowed
from reports.choices import Trigger
from reports.models import NeverMissCount, NeverMissFinding, NeverMissRun
from reports.queries import closed_loop, never_miss
from reports.queries.never_miss import Found
from stores.models import Staff, Store


@transaction.atomic
def check(store: Store, *, by: Staff | None = None, night: date | None = None) -> NeverMissRun:
    """Prove the five rules now: new violations are written down, those that are gone are cleared, the counts make the trend.

    Of one night there is one run: asked again it is returned as it was. By hand it needs the right to see reports. Two checks at once queue.
    """
    if by is not None and not by.may("reports.view"):
        raise NotAllowed(_("Your role does not check the five rules."))
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(hashtext('reports.never_miss'), %s)", [store.pk])
    night = None if by else night or clock.local_day(store.tz)
    if night and (made := NeverMissRun.objects.filter(store=store, night=night).first()):
        return made
    began, now = time.monotonic(), clock.now()
    proofs = never_miss.prove(store, now)
    loop = closed_loop.loop(now)
    run = NeverMissRun.objects.create(
        store=store,
        at=now,
        trigger=Trigger.BY_HAND if by else Trigger.NIGHTLY,
        by=by,
        night=night,
        issues=loop.opened,
        all_five=loop.all_five,
    )
    NeverMissCount.objects.bulk_create(
        NeverMissCount(store=store, run=run, rule=proof.rule, checked=proof.checked, violations=len(proof.found))
        for proof in proofs
    )
    _keep(run, [found for proof in proofs for found in proof.found])
    run.milliseconds = int((time.monotonic() - began) * 1000)
    run.save(update_fields=["milliseconds"])
    return run


def _keep(run: NeverMissRun, found: list[Found]) -> None:
    """Bring the open findings in line with what was found: who has to act may have changed, since when it is so has not."""
    open_ = {
        (row.violation, row.subject_kind, row.subject_id): row
        for row in NeverMissFinding.objects.filter(cleared_at=None)
    }
    new, moved = [], []
    for one in found:
        row = open_.pop((one.violation.value, one.kind, one.id), None)
        if row is None:
            new.append(_finding(run, one))
        elif (row.owner_id, row.due_at) != (one.owner_id, one.due_at):
            row.owner_id, row.due_at = one.owner_id, one.due_at
            moved.append(row)
    NeverMissFinding.objects.bulk_create(new, batch_size=1000)
    NeverMissFinding.objects.bulk_update(moved, ["owner", "due_at"], batch_size=500)
    gone = [row.pk for row in open_.values()]
    NeverMissFinding.objects.filter(pk__in=gone).update(cleared_run=run, cleared_at=run.at)


def _finding(run: NeverMissRun, found: Found) -> NeverMissFinding:
    return NeverMissFinding(
        store_id=run.store_id,
        violation=found.violation.value,
        subject_kind=found.kind,
        subject_id=found.id,
        visit_id=found.visit_id,
        owner_id=found.owner_id,
        due_at=found.due_at,
        first_run=run,
        found_at=run.at,
    )
