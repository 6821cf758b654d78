"""The walk-around: what the advisor saw on the car and heard from the customer, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from core.phones import normalise_phone
from core.stages import Stage
from customers import domain as customers
from customers.choices import OdometerSource
from journal.domain import record
from orders import domain as orders
from reception.choices import DamageKind, WashWish, Zone
from reception.events import CheckedIn
from reception.models import CheckIn, DamageMark, Greeting
from standards import domain as standards
from standards.choices import ChecklistUse
from standards.models import Checklist
from stores.models import Staff
from visits import domain as visits
from visits.choices import PhotoKind
from visits.models import Photo, Visit

SHEET_PHOTOS = (PhotoKind.WALK_AROUND, PhotoKind.DAMAGE)


@dataclass(frozen=True)
class PhotoInput:
    """A picture as it was uploaded (a Django file or bytes)."""

    upload: object
    kind: PhotoKind | str = PhotoKind.WALK_AROUND
    caption: str = ""


@transaction.atomic
def check_in(
    visit: Visit,
    *,
    by: Staff,
    fuel_percent: int,
    mileage: int,
    mileage_reason: str = "",
    marks: Iterable[dict] = (),
    photos: Iterable[PhotoInput] = (),
    results: dict[int, dict] | None = None,
    checklist: Checklist | None = None,
    needs: Iterable[tuple[str, str]] = (),
    valuables_reminded: bool = False,
    valuables: str = "",
    wash: WashWish | str = WashWish.FULL,
    waiting: bool | None = None,
    road_test_with_customer: bool = False,
    covers_laid: bool = False,
    brought_by: str = "",
    brought_by_phone: str = "",
    old_parts: str | None = None,
    version: int | None = None,
) -> CheckIn:
    """Write the walk-around sheet (接车问诊表) of a visit that stands at reception; a second time corrects it.

    `mileage` in km to the last digit: below the last reading only with a reason. `marks` are dicts of zone, kind, x, y
    (percent of the drawing) and note; they replace those of before, photos and needs are added. `results` are the
    checklist's, {item id: {state, value, note}}, of the version in force unless `checklist` says which. Conflict for a
    stale form, DomainError for anything that cannot be; then nothing is written.
    """
    visit = _at_reception(visit, version=version)
    _read_odometer(visit, mileage, mileage_reason, by=by)
    sheet = _sheet(
        visit,
        advisor=by,
        fuel_percent=fuel_percent,
        brought_by=brought_by.strip(),
        brought_by_phone=normalise_phone(brought_by_phone),
        valuables_reminded=valuables_reminded,
        valuables=valuables.strip(),
        wash=WashWish(wash),
        covers_laid=covers_laid,
        road_test_with_customer=road_test_with_customer,
    )
    again = sheet.pk is not None
    if results is not None:
        # A correction is a run of its own; the earlier one stays as it was completed.
        round = sheet.run.round + 1 if sheet.run else 1
        use = ChecklistUse.WALK_AROUND
        sheet.run = standards.record_run(
            use=use, visit_id=visit.pk, results=results, by=by, round=round, checklist=checklist
        )
    sheet.save()
    marked = _mark(sheet, list(marks))
    add_photos(visit, photos=photos, by=by)
    for kind, words in needs:
        if words.strip():
            visits.add_need(visit, kind=kind, words=words, by=by)
    if old_parts:
        orders.set_terms(visit, by=by, old_parts=old_parts)
    _note(visit, sheet, mileage, waiting, again=again, marks=marked, by=by)
    return sheet


def _sheet(visit: Visit, *, fuel_percent: int, **seen) -> CheckIn:
    """The visit's sheet, unsaved, with what was seen and said now."""
    if not 0 <= fuel_percent <= 100:
        raise DomainError(_("Fuel or charge is between 0 and 100 %."), code="fuel")
    sheet = CheckIn.objects.filter(visit=visit).first()
    if sheet is None:
        greeting = Greeting.objects.filter(visit=visit).first()
        greeted_at = greeting.at if greeting else visit.arrived_at
        sheet = CheckIn(store_id=visit.store_id, visit=visit, greeted_at=greeted_at)
    for field, value in {**seen, "fuel_percent": fuel_percent, "completed_at": clock.now()}.items():
        setattr(sheet, field, value)
    return sheet


@transaction.atomic
def add_photos(visit: Visit, *, photos: Iterable[PhotoInput], by: Staff) -> list[Photo]:
    """Keep pictures of the walk-around; if one of them is no picture, none is kept."""
    photos = list(photos)
    if photos:
        visit = _at_reception(visit)
    return [
        visits.store_photo(visit, kind=photo.kind, upload=photo.upload, caption=photo.caption, by=by)
        for photo in photos
    ]


def _at_reception(visit: Visit, *, version: int | None = None) -> Visit:
    visit = visits.lock(visit, version=version)
    if visit.stage == Stage.BOOKING:
        raise Conflict(_("Record the customer's arrival first."), code="not_arrived")
    if visit.stage != Stage.RECEPTION:
        raise Conflict(
            _("The walk-around is closed: this visit is at “%(stage)s”.") % {"stage": Stage(visit.stage).label},
            code="too_late",
        )
    return visit


def _read_odometer(visit: Visit, mileage: int, reason: str, *, by: Staff) -> None:
    """Each reading is kept once: correcting the rest of the sheet reads nothing anew."""
    if mileage == visit.mileage_in:
        return
    customers.read_odometer(
        visit.vehicle,
        km=mileage,
        on=clock.local_day(visit.store.tz),
        by=by,
        source=OdometerSource.RECEPTION,
        reason=reason,
    )


def _mark(sheet: CheckIn, marks: list[dict]) -> int:
    for mark in marks:
        if mark["zone"] not in Zone.values or mark["kind"] not in DamageKind.values:
            raise DomainError(_("This damage mark is not on the list."), code="mark")
    sheet.marks.all().delete()
    rows = DamageMark.objects.bulk_create(
        DamageMark(
            store_id=sheet.store_id,
            check_in=sheet,
            zone=mark["zone"],
            kind=mark["kind"],
            x=_percent(mark.get("x")),
            y=_percent(mark.get("y")),
            note=(mark.get("note") or "").strip()[:120],
        )
        for mark in marks
    )
    return len(rows)


def _percent(value) -> Decimal | None:
    if value in (None, ""):
        return None
    place = Decimal(str(value))
    if not 0 <= place <= 100:
        raise DomainError(_("A damage mark lies outside the drawing."), code="mark")
    return round(place, 2)


def _note(
    visit: Visit,
    sheet: CheckIn,
    mileage: int,
    waiting: bool | None,
    *,
    again: bool,
    marks: int,
    by: Staff,
) -> None:
    """The visit carries what others need of the sheet; its version grows, so that the same form sent twice is stale."""
    visit.refresh_from_db(fields=["version"])
    visit.mileage_in, visit.version = mileage, visit.version + 1
    if waiting is not None:
        visit.waiting = waiting
    visit.save(update_fields=["mileage_in", "waiting", "version"])
    minutes = int((sheet.completed_at - sheet.greeted_at).total_seconds() // 60)
    record(
        CheckedIn(
            mileage=mileage,
            fuel_percent=sheet.fuel_percent,
            marks=marks,
            photos=visit.photos.filter(kind__in=SHEET_PHOTOS).count(),
            wash=str(sheet.wash),
            minutes=minutes,
            again=again,
        ),
        store_id=visit.store_id,
        subject=sheet,
        visit_id=visit.pk,
        by=by,
    )
