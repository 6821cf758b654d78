"""Finding customers and cars by what people have at hand, and what a customer agreed to.

Each kind of look-up is one query on one index (names in `customers.models`): tails are prefixes of the reversed text, so
that LIKE needs no scan however many cars there are.
"""

from __future__ import annotations

import re
from datetime import date

from django.db.models import F, QuerySet
from django.db.models.functions import Reverse
from django.utils.translation import gettext as _

from core import clock
from core.phones import normalise_phone
from core.plates import PROVINCES, normalise_plate
from core.vin import normalise_vin
from customers.choices import ConsentChannel, Purpose
from customers.models import Consent, Customer, Entitlement, PlateChange, Vehicle

# Fewer characters than these find half the store; they are answered with nothing.
MIN_PLATE, MIN_PHONE, MIN_VIN, MIN_LATIN = 3, 4, 6, 2
MAX_KM_PER_DAY, STANDING_DAYS = 300, 60
_LATIN = re.compile(r"[a-z]+", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_VIN_PART = re.compile(r"[A-HJ-NPR-Z0-9]{6,17}", re.ASCII)
# A plate has a digit in its tail or begins with its province; a word in Latin letters is a name.
_PLATE_PART = re.compile(rf"(?=.*\d|[{PROVINCES}])[{PROVINCES}使]?[A-Z0-9]{{2,8}}[A-Z0-9学警挂试超领港澳使]?", re.ASCII)


def search(text: str, limit: int = 20) -> list[Vehicle]:
    """Cars of the scope found by plate (tail or whole, also a former one), the end of the VIN (six characters or more),
    or their owner's phone tail, name or pinyin (in full or initials); owners come along.

    At most `limit`, grouped by kind of match in this order; when one kind alone would fill the list, the others keep
    their share. Too short a text finds nothing.
    """
    typed = " ".join(str(text).split())
    kinds = [list(rows.select_related("owner")[:limit]) for rows in _vehicle_queries(typed)]
    kinds.append(_cars_of(find_customers(typed, limit), limit))
    return _shared_out(kinds, limit)


def find_customers(text: str, limit: int = 20) -> list[Customer]:
    """Customers of the scope by phone tail (at least four digits), the beginning of the name, or pinyin: in full
    ("zhangwei") or initials ("zw"). With or without a car."""
    typed = " ".join(str(text).split())
    return _shared_out([list(rows[:limit]) for rows in _customer_queries(typed)], limit)


def _shared_out(kinds: list[list], limit: int) -> list:
    """The rows of all kinds without doubles, kind after kind; none crowds another one out."""
    filled = [kind for kind in kinds if kind]
    share = limit // max(len(filled), 1)
    chosen = {row.pk for kind in filled for row in kind[:share]}
    for row in (row for kind in filled for row in kind[share:]):
        if len(chosen) >= limit:
            break
        chosen.add(row.pk)
    unique = {row.pk: row for kind in reversed(filled) for row in kind}
    order = dict.fromkeys(row.pk for kind in filled for row in kind)
    return [unique[pk] for pk in order if pk in chosen][:limit]


def _vehicle_queries(typed: str) -> list[QuerySet[Vehicle]]:
    plate, vin = normalise_plate(typed), normalise_vin(typed)
    queries = []
    if len(plate) >= MIN_PLATE and _PLATE_PART.fullmatch(plate):
        queries.append(_ends_with(Vehicle.objects, "plate", plate))
        former = _ends_with(PlateChange.objects, "plate", plate).values("vehicle")
        queries.append(Vehicle.objects.filter(pk__in=former).order_by("pk"))
    if len(vin) >= MIN_VIN and _VIN_PART.fullmatch(vin):
        queries.append(_ends_with(Vehicle.objects, "vin", vin))
    return queries


def _customer_queries(typed: str) -> list[QuerySet[Customer]]:
    phone, latin = normalise_phone(typed), typed.lower().replace(" ", "").replace("'", "")
    if _DIGITS.fullmatch(phone):
        return [_ends_with(Customer.objects, "phone", phone)] if len(phone) >= MIN_PHONE else []
    if _LATIN.fullmatch(latin):
        if len(latin) < MIN_LATIN:
            return []
        # A company or a foreign guest is kept under a Latin name; everybody else is found by pinyin.
        return [
            _begins_with("name_initials", latin),
            _begins_with("name_pinyin", latin),
            _begins_with("name", typed),
        ]
    return [_begins_with("name", typed)] if typed else []


def _ends_with(manager, field: str, tail: str) -> QuerySet:
    # The alias has the very expression of the index: reverse(plate) LIKE '54321%'.
    return manager.alias(backwards=Reverse(field)).filter(backwards__startswith=tail[::-1]).order_by("-pk")


def _begins_with(field: str, text: str) -> QuerySet[Customer]:
    return Customer.objects.filter(**{f"{field}__startswith": text}).order_by("-pk")


def _cars_of(customers: list[Customer], limit: int) -> list[Vehicle]:
    by_owner = {customer.pk: customer for customer in customers}
    order = {pk: place for place, pk in enumerate(by_owner)}
    cars = list(Vehicle.objects.filter(owner_id__in=by_owner).order_by("-pk")[:limit]) if by_owner else []
    for car in cars:
        car.owner = by_owner[car.owner_id]
    return sorted(cars, key=lambda car: order[car.owner_id])


def vehicle_by_plate(plate: str) -> Vehicle | None:
    """The car of the scope that carries exactly this plate now."""
    plate = normalise_plate(plate)
    return Vehicle.objects.filter(plate=plate).select_related("owner").first() if plate else None


def customer_by_phone(phone: str, name: str = "") -> Customer | None:
    """The newest customer of the scope with exactly this phone (and name, where given)."""
    phone = normalise_phone(phone)
    if not phone:
        return None
    rows = _ends_with(Customer.objects, "phone", phone).filter(phone=phone)
    return (rows.filter(name=name) if name else rows).first()


def allows(customer: Customer, purpose: Purpose | str, channel: ConsentChannel | str) -> bool:
    """Whether the customer may be reached for `purpose` by `channel`: the newest word counts, none means no. The repair
    itself (`service`) needs no consent: it is what the contract is for (PIPL 13)."""
    if purpose == Purpose.SERVICE:
        return True
    newest = Consent.objects.filter(customer=customer, purpose=purpose, channel=channel).order_by("-at", "-id").first()
    return newest is not None and newest.allowed


def consents(customer: Customer) -> dict[tuple[str, str], Consent]:
    """{(purpose, channel): newest row}, for the customer file."""
    rows = Consent.objects.filter(customer=customer).order_by("purpose", "channel", "-at", "-id")
    return {(row.purpose, row.channel): row for row in rows.distinct("purpose", "channel")}


def agreed_purposes(customer: Customer) -> set[str]:
    """What he may be contacted for now, by any way at all: what the questions at reception show as answered with yes."""
    return {purpose for (purpose, _channel), row in consents(customer).items() if row.allowed}


def mileage_known(vehicle: Vehicle, *, on: date) -> int | None:
    """The kilometres the car had at the latest on the day `on`: its newest reading up to then, else what is noted on the
    car itself; None if nothing is known."""
    reading = vehicle.readings.filter(on__lte=on).order_by("-on", "-id").first()
    if reading:
        return reading.km
    if vehicle.mileage is not None and (vehicle.mileage_on is None or vehicle.mileage_on <= on):
        return vehicle.mileage
    return None


def odometer_doubt(vehicle: Vehicle, *, km: int, on: date) -> str:
    """A sentence when a reading is possible but unlikely (domain.md 6.4): more than 300 km a day, or none in 60 days;
    empty otherwise. The page shows it and asks to look again."""
    last = vehicle.readings.filter(on__lt=on).order_by("-on", "-id").first()
    if last is None:
        return ""
    days, driven = (on - last.on).days, km - last.km
    if driven > MAX_KM_PER_DAY * days:
        return _("That would be %(driven)s km in %(days)d days. Look at the meter once more.") % {
            "driven": f"{driven:,}",
            "days": days,
        }
    if driven == 0 and days > STANDING_DAYS:
        return _("The car has not moved for %(days)d days by this figure. Look at the meter once more.") % {
            "days": days
        }
    return ""


def known_owners(vehicle: Vehicle) -> QuerySet:
    """Who owned or brought the car, newest first."""
    return vehicle.ownerships.select_related("customer").order_by(F("until").desc(nulls_first=True), "-since", "-id")


def entitlements(vehicle: Vehicle, *, on: date | None = None) -> list[Entitlement]:
    """What the car has coming on a day (today) and has not used up, what ends first first. One query."""
    on = on or clock.local_day(vehicle.store.tz)
    rows = vehicle.entitlements.filter(voided_at=None, used__lt=F("quantity"), valid_from__lte=on)
    rows = rows.exclude(valid_until__lt=on)
    return list(rows.order_by(F("valid_until").asc(nulls_last=True), "id"))
