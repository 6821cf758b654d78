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
from core.stages import IN_STORE, Stage
from customers import domain as customers
from customers.choices import OdometerSource
from journal.domain import record
from orders import domain as orders
from reception.choices import DamageKind, WashWish, Zone
from reception.domain.deliveries import Parcel, delivered, note_delivery
from reception.events import CheckedIn, PhotoCameLate
from reception.models import CheckIn, DamageMark, Delivery, Greeting
from reception.rules import BY_CODE, written_at
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
    """A picture as it was uploaded (a Django file or bytes); with its `parcel` a tablet may send it again."""

    upload: object
    kind: PhotoKind | str = PhotoKind.WALK_AROUND
    caption: str = ""
    parcel: Parcel | None = None


@transaction.atomic
def check_in(
    visit: Visit,
    *,
    by: Staff,
    fuel_percent: int,
    mileage: int,
    mileage_reason: str = "",
    charge_percent: int | None = None,
    high_voltage_warning: bool = False,
    concern: dict[str, str] | None = None,
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
    parcel: Parcel | None = None,
) -> CheckIn:
    """Write the walk-around sheet (接车问诊表) of a visit that stands at reception; a second time corrects it.

    `mileage` in km to the last digit: below the last reading only with a reason. `marks` are dicts of zone, kind, x, y
    (percent of the drawing), note and photo (the token a picture was sent under); they replace those of before, photos and
    needs are added. `concern` {question: answer} of `rules.QUESTIONS`. `results` are the checklist's, {item id: {state,
    value, note}}, of the version in force unless `checklist` says which. `parcel`: a tablet sends it; the same parcel again
    returns what was written. Conflict for a stale form, DomainError for anything that cannot be; then nothing is written.
    """
    visit = visits.lock(visit)
    if delivered(visit, parcel):
        return visit.check_in
    visit = _at_reception(visit, version=version)
    _read_odometer(visit, mileage, mileage_reason, by=by)
    sheet = _sheet(
        visit,
        parcel,
        advisor=by,
        fuel_percent=fuel_percent,
        charge_percent=charge_percent,
        high_voltage_warning=high_voltage_warning,
        concern=_concern(concern or {}),
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
        sheet.run = _run(sheet, results, checklist, by=by)
    sheet.save()
    marked = _mark(sheet, list(marks))
    add_photos(visit, photos=photos, by=by)
    _hear(visit, needs, old_parts, by=by)
    _note(visit, sheet, mileage, waiting, parcel, again=again, marks=marked, by=by)
    return sheet


def _run(sheet: CheckIn, results: dict[int, dict], checklist: Checklist | None, *, by: Staff):
    """The filled checklist. A correction is a run of its own; the earlier one stays as it was completed."""
    return standards.record_run(
        use=ChecklistUse.WALK_AROUND,
        visit_id=sheet.visit_id,
        results=results,
        by=by,
        round=sheet.run.round + 1 if sheet.run else 1,
        checklist=checklist,
    )


def _hear(visit: Visit, needs: Iterable[tuple[str, str]], old_parts: str | None, *, by: Staff) -> None:
    for kind, words in needs:
        if words.strip():
            visits.add_need(visit, kind=kind, words=words, by=by)
    if old_parts:
        orders.set_terms(visit, by=by, old_parts=old_parts)


def _concern(answers: dict[str, str]) -> dict[str, str]:
    """The answers about the fault; DomainError for one that no question has."""
    given = {code: answer for code, answer in answers.items() if answer}
    for code, answer in given.items():
        if code not in BY_CODE or answer not in dict(BY_CODE[code].answers):
            raise DomainError(_("This answer about the fault is not on the list."), code="concern")
    return given


def _sheet(visit: Visit, parcel: Parcel | None, *, fuel_percent: int, charge_percent: int | None, **seen) -> CheckIn:
    """The visit's sheet, unsaved, with what was seen and said now."""
    if not 0 <= fuel_percent <= 100 or not 0 <= (charge_percent or 0) <= 100:
        raise DomainError(_("Fuel or charge is between 0 and 100 %."), code="fuel")
    sheet = CheckIn.objects.filter(visit=visit).first()
    if sheet is None:
        greeting = Greeting.objects.filter(visit=visit).first()
        greeted_at = greeting.at if greeting else visit.arrived_at
        sheet = CheckIn(store_id=visit.store_id, visit=visit, greeted_at=greeted_at)
    kept = parcel.kept_seconds if parcel else 0
    completed_at = written_at(now=clock.now(), kept_seconds=kept, earliest=sheet.greeted_at)
    levels = {"fuel_percent": fuel_percent, "charge_percent": charge_percent}
    for field, value in {**seen, **levels, "completed_at": completed_at}.items():
        setattr(sheet, field, value)
    return sheet


@transaction.atomic
def add_photos(visit: Visit, *, photos: Iterable[PhotoInput], by: Staff) -> list[Photo]:
    """Keep pictures of the walk-around; if one of them is no picture, none is kept.

    A picture that lay on a tablet (`parcel.kept_seconds`) is taken while the car is in the house, and said to be late; any
    other only at reception. The same parcel again gives the picture it brought.
    """
    photos = list(photos)
    if not photos:
        return []
    visit = visits.lock(visit)
    return [_keep_photo(visit, photo, by=by) for photo in photos]


def _keep_photo(visit: Visit, photo: PhotoInput, *, by: Staff) -> Photo:
    parcel = photo.parcel
    if made := delivered(visit, parcel):
        if made.photo is None:
            raise Conflict(_("This picture was taken away again after it had arrived."), code="gone")
        return made.photo
    late = bool(parcel and parcel.kept_seconds) and visit.stage in IN_STORE and visit.stage != Stage.RECEPTION
    if not late:
        _at_reception(visit)
    kept = visits.store_photo(visit, kind=photo.kind, upload=photo.upload, caption=photo.caption, by=by)
    if parcel:
        note_delivery(visit, parcel, by=by, photo=kept)
    if late:
        came = PhotoCameLate(kept.pk, parcel.kept_seconds // 60)
        record(came, store_id=visit.store_id, subject=kept, visit_id=visit.pk, by=by)
    _put_on_mark(visit, parcel, kept)
    return kept


def _put_on_mark(visit: Visit, parcel: Parcel | None, photo: Photo) -> None:
    """A picture of a damage that arrives after the sheet still finds its mark."""
    if parcel:
        DamageMark.objects.filter(check_in__visit=visit, photo=None, photo_token=parcel.token).update(photo=photo)


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
    tokens = [mark["photo"] for mark in marks if mark.get("photo")]
    sent = Delivery.objects.filter(visit_id=sheet.visit_id, token__in=tokens, photo__isnull=False)
    photos = dict(sent.values_list("token", "photo_id"))
    rows = DamageMark.objects.bulk_create(
        DamageMark(
            store_id=sheet.store_id,
            check_in=sheet,
            zone=mark["zone"],
            kind=mark["kind"],
            x=_percent(mark.get("x")),
            y=_percent(mark.get("y")),
            note=(mark.get("note") or "").strip()[:120],
            photo_token=mark.get("photo") or None,
            photo_id=photos.get(mark.get("photo")),
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
    parcel: Parcel | None,
    *,
    again: bool,
    marks: int,
    by: Staff,
) -> None:
    """The visit carries what others need of the sheet; its version grows, so that the same form sent twice is stale."""
    if parcel:
        note_delivery(visit, parcel, by=by)
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
            kept_minutes=max(parcel.kept_seconds // 60, 0) if parcel else 0,
        ),
        store_id=visit.store_id,
        subject=sheet,
        visit_id=visit.pk,
        by=by,
    )
