"""The wash: queued after the third pass, washed, checked by somebody else, or waived with its reason.

Lock order: the visit, its wash, then the wash places.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from inspections import queries
from inspections.choices import WaiveReason, WashState
from inspections.domain.ready import tell_by_message
from inspections.events import (
    Washed,
    WashFinished,
    WashQueued,
    WashRepeated,
    WashStarted,
    WashWaived,
)
from inspections.models import Wash
from journal.domain import record
from reception.choices import WashWish
from reception.models import CheckIn
from standards import domain as standards
from standards import queries as standard_queries
from standards.choices import ChecklistUse
from standards.models import ChecklistRun
from stores.choices import BayKind
from stores.models import Bay, Staff
from visits import domain as visits
from visits.models import Visit


def queue_wash(visit: Visit, *, by: Staff) -> Wash:
    """Put the car into the wash queue; a customer who wanted no wash at check-in is taken at his word."""
    wash, _created = Wash.objects.get_or_create(
        visit=visit, defaults={"store_id": visit.store_id, "queued_at": clock.now()}
    )
    _record(WashQueued(), wash, by=by)
    unwanted = CheckIn.objects.filter(visit=visit, wash=WashWish.NO).exists()
    return _waive(visit, wash, WaiveReason.CUSTOMER, by=by) if unwanted else wash


@transaction.atomic
def start_wash(visit: Visit, *, by: Staff) -> Wash:
    """Begin washing. Conflict when every wash place is taken or somebody has begun."""
    visit, wash = _lock(visit)
    if not by.may("inspections.wash"):
        raise NotAllowed(_("Your role does not wash cars."))
    if wash.state != WashState.QUEUED:
        raise Conflict(_("Somebody has begun with this car already."))
    _guard_places()
    wash.state, wash.washer, wash.started_at, wash.washed_at = (
        WashState.WASHING,
        by,
        clock.now(),
        None,
    )
    wash.save(update_fields=["state", "washer", "started_at", "washed_at"])
    _record(WashStarted(by.pk, wash.rewashes), wash, by=by, at=wash.started_at)
    return wash


def _guard_places() -> None:
    # Held until the transaction ends, so that two cars do not take the last place at once.
    places = Bay.objects.select_for_update(no_key=True).filter(kind=BayKind.WASH, active=True)
    count = len(places.order_by("pk"))
    if count and queries.washing_now().count() >= count:
        raise Conflict(
            _("All wash places are taken (%(count)s). Finish a car first.") % {"count": count},
            code="no_place",
        )


@transaction.atomic
def mark_washed(visit: Visit, *, by: Staff) -> Wash:
    """The washer is done; the place is free and somebody else has to look at the car."""
    visit, wash = _lock(visit)
    if wash.state != WashState.WASHING or wash.washed_at:
        raise Conflict(_("This car is not being washed."))
    if not by.may("inspections.wash"):
        raise NotAllowed(_("Your role does not wash cars."))
    wash.washed_at = clock.now()
    wash.save(update_fields=["washed_at"])
    _record(
        Washed(wash.washer_id, _seconds(wash, wash.washed_at)),
        wash,
        by=by,
        at=wash.washed_at,
    )
    return wash


@transaction.atomic
def finish_wash_filled(visit: Visit, *, by: Staff, results: dict[int, dict]) -> Wash:
    """Fill and complete the wash checklist and check the car by it, in one step; see `finish_wash`."""
    visit, wash = _lock(visit)
    _guard_checker(wash, by)
    run = standards.start_run(use=ChecklistUse.WASH, visit_id=visit.pk, by=by, round=visit.round)
    standards.fill(run, results, by=by)
    return finish_wash(visit, by=by, run=standards.complete(run, by=by))


@transaction.atomic
def finish_wash(visit: Visit, *, by: Staff, run: ChecklistRun) -> Wash:
    """Check the washed car by its filled checklist, by another person than the washer.

    In order: the wash is done, and the customer is told where a message reaches him (see `tell_ready` otherwise). Not in
    order: the car goes to the head of the queue again and the repetition is counted.
    """
    visit, wash = _lock(visit)
    _guard_checker(wash, by)
    _guard_run(visit, run, by)
    now = clock.now()
    if standard_queries.failures(run):
        return _wash_again(wash, by=by)
    wash.state, wash.done_at, wash.checked_by, wash.run = WashState.DONE, now, by, run
    wash.washed_at = wash.washed_at or now
    wash.save(update_fields=["state", "done_at", "washed_at", "checked_by", "run"])
    _record(
        WashFinished(wash.washer_id, by.pk, _seconds(wash, now), wash.rewashes),
        wash,
        by=by,
        at=now,
    )
    tell_by_message(visit, by=by)
    return wash


def _guard_checker(wash: Wash, by: Staff) -> None:
    if wash.state != WashState.WASHING:
        raise Conflict(_("This car is not being washed; there is nothing to check."))
    if wash.washer_id == by.pk:
        raise NotAllowed(_("You washed this car; somebody else has to check it."))
    if not by.may("inspections.check_wash"):
        raise NotAllowed(_("Your role does not check the wash."))


def _guard_run(visit: Visit, run: ChecklistRun, by: Staff) -> None:
    if (run.visit_ref, run.checklist.use) != (visit.pk, ChecklistUse.WASH):
        raise DomainError(
            _("This checklist belongs to another car; begin a new one."),
            code="other_run",
        )
    if run.by_id != by.pk:
        raise NotAllowed(_("Somebody else filled this checklist; fill your own."))
    if run.completed_at is None:
        raise DomainError(_("Fill the checklist to its end first."), code="run_open")


def _wash_again(wash: Wash, *, by: Staff) -> Wash:
    washer = wash.washer_id
    wash.state, wash.washer, wash.started_at, wash.washed_at = (
        WashState.QUEUED,
        None,
        None,
        None,
    )
    wash.rewashes += 1
    wash.save(update_fields=["state", "washer", "started_at", "washed_at", "rewashes"])
    _record(WashRepeated(washer, by.pk, wash.rewashes), wash, by=by)
    return wash


@transaction.atomic
def waive_wash(visit: Visit, *, reason: WaiveReason | str, by: Staff) -> Wash:
    """Leave the car unwashed, with its reason. The customer is told where a message reaches him."""
    visit, wash = _lock(visit)
    if not by.may("inspections.waive_wash"):
        raise NotAllowed(_("Only the front desk decides that a car is not washed."))
    if wash.state not in (WashState.QUEUED, WashState.WASHING):
        raise Conflict(_("The wash of this car is over."))
    if reason not in WaiveReason.values:
        raise DomainError(_("Say why the car is not washed."), code="reason_missing")
    return _waive(visit, wash, WaiveReason(reason), by=by)


def _waive(visit: Visit, wash: Wash, reason: WaiveReason, *, by: Staff) -> Wash:
    wash.state, wash.waive_reason, wash.done_at = (
        WashState.WAIVED,
        reason,
        clock.now(),
    )
    wash.save(update_fields=["state", "waive_reason", "done_at"])
    _record(WashWaived(str(reason)), wash, by=by, at=wash.done_at)
    tell_by_message(visit, by=by)
    return wash


def _lock(visit: Visit) -> tuple[Visit, Wash]:
    visit = visits.lock(visit)
    if visit.stage != Stage.WASH:
        raise Conflict(
            _("This car is at “%(stage)s”, not at the wash.") % {"stage": Stage(visit.stage).label},
            code="stage",
        )
    # A car that came to the wash without a row (moved by an import, say) gets one now.
    Wash.objects.get_or_create(visit=visit, defaults={"store_id": visit.store_id, "queued_at": clock.now()})
    return visit, Wash.objects.select_for_update(of=("self",)).get(visit=visit)


def _record(event, wash: Wash, *, by: Staff, at: datetime | None = None) -> None:
    record(
        event,
        store_id=wash.store_id,
        subject=wash,
        visit_id=wash.visit_id,
        by=by,
        at=at,
    )


def _seconds(wash: Wash, until: datetime) -> int:
    return max(int((until - wash.started_at).total_seconds()), 0)
