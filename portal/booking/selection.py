"""What somebody has chosen so far, carried in the address from page to page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date

from appointments.choices import ServiceKind
from appointments.offers import Item, Wish
from appointments.queries import HORIZON_DAYS
from appointments.sheets import MenuGroup, kind_of
from core import clock
from stores.models import Store
from symptoms import queries as symptoms
from symptoms.models import SymptomCheck
from symptoms.queries import Estimate

# More than anybody books at once; an address somebody wrote himself stays an address.
MOST = 12
NEAR = timedelta(days=400)


@dataclass(frozen=True)
class Selection:
    """Operations of the menu, kinds beside it, how he comes, his symptom check and (recognised) which car.

    No words and no address of a person: these are asked on the last page and never stand in an address.
    """

    operations: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    waits: bool = False
    wash: bool = True
    loan_car: bool = False
    pickup: bool = False
    check: UUID | None = None
    car: int | None = None

    @classmethod
    def of(cls, data: QueryDict) -> Selection:
        """Read from an address or a form; what cannot be read is left out."""
        stay = data.get("stay", "")
        return cls(
            operations=tuple(dict.fromkeys(int(pk) for pk in data.getlist("op") if _is_key(pk)))[:MOST],
            kinds=tuple(kind for kind in dict.fromkeys(data.getlist("kind")) if kind in ServiceKind.values),
            waits=stay == "wait",
            wash=data.get("wash", "1") != "0" if "asked" not in data else data.get("wash") == "1",
            loan_car="loan" in data and stay != "wait",
            pickup="pickup" in data and stay != "wait",
            check=uuid_of(data.get("check", "")),
            car=int(data["car"]) if _is_key(data.get("car", "")) else None,
        )

    @property
    def empty(self) -> bool:
        return not (self.operations or self.kinds or self.check)

    def pairs(self) -> list[tuple[str, str]]:
        """(name, value) of everything chosen: hidden fields of a form, or an address."""
        found = [("op", str(pk)) for pk in self.operations] + [("kind", kind) for kind in self.kinds]
        found += [("stay", "wait")] if self.waits else []
        found += [] if self.wash else [("wash", "0")]
        found += [("loan", "1")] if self.loan_car else []
        found += [("pickup", "1")] if self.pickup else []
        found += [("check", str(self.check))] if self.check else []
        return found + ([("car", str(self.car))] if self.car else [])

    def query(self, **more: object) -> str:
        """As the end of an address, "?" included."""
        asked = QueryDict(mutable=True)
        for name, value in [*self.pairs(), *((name, str(value)) for name, value in more.items())]:
            asked.appendlist(name, value)
        return f"?{asked.urlencode()}" if asked else ""

    def without_check(self) -> Selection:
        return replace(self, check=None)


@dataclass(frozen=True)
class Chosen:
    """A selection read against the store's menu: its services, and the symptom check with what it may come to."""

    selection: Selection
    items: list[Item] = field(default_factory=list)
    check: SymptomCheck | None = None
    estimate: Estimate | None = None

    def wish(self, *, own_advisor_id: int | None = None) -> Wish:
        """What it takes of the house."""
        chosen = self.selection
        return Wish.of(
            self.items,
            waits=chosen.waits,
            wash=chosen.wash,
            loan_car=chosen.loan_car,
            pickup=chosen.pickup,
            own_advisor_id=own_advisor_id,
        )

    def in_words(self, fault: str) -> list[Item]:
        """The services with the customer's words at his fault; they take the same."""
        faulty = next((item for item in self.items if item.kind == ServiceKind.REPAIR and not item.operation), None)
        return [replace(item, words=fault) if fault and item is faulty else item for item in self.items]


def choose(store: Store, selection: Selection, menu: list[MenuGroup]) -> Chosen:
    """Read a selection: operations that are not on the menu (any more) are left out, a check that is nobody's too."""
    entries = {entry.operation.pk: entry for group in menu for entry in group.items}
    items = [
        Item(kind_of(entry.operation), entry.operation, price_low=entry.price_low, price_high=entry.price_high)
        for entry in (entries[pk] for pk in selection.operations if pk in entries)
    ]
    check = symptoms.by_token(selection.check) if selection.check else None
    if check and (check.visit_id or check.result is None):
        check = None
    estimate = symptoms.estimate(check.result, store) if check else None
    if check:
        items.append(_of_check(estimate))
    kinds = [kind for kind in selection.kinds if not (check and kind == ServiceKind.REPAIR)]
    items += [Item(kind) for kind in kinds if not _covered(kind, items)]
    return Chosen(replace(selection, check=check.token if check else None), items, check, estimate)


def _of_check(estimate: Estimate | None) -> Item:
    """A fault whose check says what is likely takes as long as the longest of it, where such work is done."""
    if estimate is None:
        return Item(ServiceKind.REPAIR)
    return Item(
        ServiceKind.REPAIR,
        minutes=estimate.minutes_high,
        price_low=estimate.low,
        price_high=estimate.high,
        likely=estimate.operations[0],
    )


def _covered(kind: str, items: list[Item]) -> bool:
    """A kind beside operations of that kind adds nothing; a fault always stands for itself."""
    return kind != ServiceKind.REPAIR and any(item.kind == kind for item in items)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def uuid_of(text: str) -> UUID | None:
    """A token of an address or a form; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """A moment with its zone, as a time's button posts it; None for anything else, and for other years."""
    try:
        at = datetime.fromisoformat(text)
        near = at.tzinfo is not None and abs(at - clock.now()) < NEAR
    except (ValueError, OverflowError):
        return None
    return at if near else None


def day_asked(text: str) -> date | None:
    """A day of an address, as far ahead as bookings are taken; None for anything else."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    latest = clock.now().date() + timedelta(days=HORIZON_DAYS)
    return day if day and day <= latest else None
