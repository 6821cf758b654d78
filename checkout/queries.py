"""Reads of the cashier's desk and of the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import F, Prefetch, QuerySet, Sum
from django.db.models.functions import Coalesce, Reverse

from checkout.models import AccountApproval, GatePass, LeavingAnswer, Payment
from core import clock
from core.money import money
from core.plates import normalise_plate
from core.stages import IN_STORE, Stage
from customers.models import Vehicle
from orders.models import Settlement
from visits.models import Visit

# Characters of a plate that the gate keeper has to type before cars are shown.
SHORTEST_TAIL = 3
# A car that left within this time is still shown, so that a second use of its pass is seen for what it is.
_LATELY = timedelta(hours=24)


def settlement_of(visit: Visit) -> Settlement | None:
    """The settlement list in force."""
    return visit.settlements.filter(superseded_at=None).first()


def paid(settlement: Settlement) -> Decimal:
    """Payments less what was given back."""
    return money(settlement.payments.aggregate(total=Sum("amount"))["total"] or Decimal(0))


def balance(settlement: Settlement) -> Decimal:
    """What the customer still owes on this list; what went on account counts as settled."""
    return money(settlement.payable - paid(settlement))


def payments(settlement: Settlement) -> QuerySet[Payment]:
    """Payment lines in their order. Each says what was given back of it (`returned`, zero or negative) and what may
    still be (`left`)."""
    return (
        settlement.payments.select_related("by", "approved_by", "refund_of")
        .annotate(returned=Coalesce(Sum("refunds__amount"), Decimal(0)))
        .annotate(left=F("amount") + F("returned"))
        .order_by("at", "pk")
    )


def usable_approval(settlement: Settlement) -> AccountApproval | None:
    """An approval that was given and not used yet."""
    return (
        settlement.account_approvals.filter(approved=True, payments=None)
        .select_related("asked_by", "decided_by")
        .order_by("pk")
        .first()
    )


def last_approval(settlement: Settlement) -> AccountApproval | None:
    """The newest question about an amount on account, whatever came of it."""
    return settlement.account_approvals.select_related("asked_by", "decided_by").order_by("-pk").first()


def approvals_waiting() -> QuerySet[AccountApproval]:
    """Questions a manager has to answer, the oldest first."""
    return (
        AccountApproval.objects.filter(decided_at=None)
        .select_related("asked_by", "settlement__visit__vehicle", "settlement__visit__customer")
        .order_by("asked_at", "pk")
    )


@dataclass(frozen=True)
class Due:
    """A car at the cashier's: its list, what is owed, and its gate pass. `state`: unsettled, owed, asked, paid, passed."""

    visit: Visit
    settlement: Settlement | None
    owed: Decimal | None
    gate_pass: GatePass | None
    state: str


def queue() -> list[Due]:
    """Cars at checkout, the longest waiting first, those that may already drive off last. Four queries."""
    lists = (
        Settlement.objects.filter(superseded_at=None)
        .annotate(paid=Coalesce(Sum("payments__amount"), Decimal(0)))
        .prefetch_related(
            Prefetch(
                "account_approvals",
                AccountApproval.objects.filter(decided_at=None),
                to_attr="asked",
            )
        )
    )
    cars = (
        Visit.objects.filter(stage=Stage.CHECKOUT)
        .select_related("vehicle", "customer", "advisor", "gate_pass")
        .prefetch_related(Prefetch("settlements", lists, to_attr="in_force"))
        .order_by("handed_over_at", "pk")
    )
    found = [_due(visit) for visit in cars]
    return sorted(found, key=lambda due: due.state == "passed")


def _due(visit: Visit) -> Due:
    settlement = next(iter(visit.in_force), None)
    gate_pass = getattr(visit, "gate_pass", None)
    if settlement is None:
        return Due(visit, None, None, gate_pass, "unsettled")
    owed = money(settlement.payable - settlement.paid)
    if owed:
        state = "asked" if settlement.asked else "owed"
    else:
        state = "passed" if gate_pass and is_valid(gate_pass) else "paid"
    return Due(visit, settlement, owed, gate_pass, state)


# --- The gate ---------------------------------------------------------------------------------------------------------


def leaving_of(visit: Visit) -> LeavingAnswer | None:
    """What the customer said when he was asked before leaving; None while he was not."""
    return LeavingAnswer.objects.filter(visit=visit).select_related("asked_by", "met_by").first()


def waiting_at_the_car() -> QuerySet[LeavingAnswer]:
    """Customers who are not content and whom no manager has come to yet, the most urgent first."""
    return (
        LeavingAnswer.objects.filter(manager_due_at__isnull=False, met_at=None)
        .select_related("visit__vehicle", "visit__customer", "asked_by")
        .order_by("manager_due_at")
    )


def gate_pass_of(visit: Visit) -> GatePass | None:
    return GatePass.objects.filter(visit=visit).select_related("issued_by", "used_by").first()


def is_valid(gate_pass: GatePass) -> bool:
    """True while the pass opens the gate: not used, and the day it was issued for is not over."""
    return gate_pass.used_at is None and gate_pass.valid_until > clock.now()


@dataclass(frozen=True)
class AtGate:
    """A car the gate keeper may mean. `state`: valid, expired, used or none (no pass)."""

    visit: Visit
    gate_pass: GatePass | None
    state: str


def at_gate(text: str) -> list[AtGate]:
    """Cars in the store, and those released today, whose plate (or VIN) ends with `text`; nothing below three characters."""
    tail = normalise_plate(text)
    if len(tail) < SHORTEST_TAIL:
        return []
    visits = [*_in_store(tail), *_released(tail)]
    return [AtGate(visit, *_pass_state(visit)) for visit in visits]


def cars_of_plate(text: str) -> list[Visit]:
    """Visits in the store whose car has exactly this plate, or VIN where it has no plate yet."""
    plate = normalise_plate(text)
    return [visit for visit in _in_store(plate) if plate in (visit.vehicle.plate, visit.vehicle.vin)]


def last_release(text: str) -> Visit | None:
    """The newest released visit of the car with this plate; to say when it left."""
    plate = normalise_plate(text)
    return Visit.objects.filter(vehicle__plate=plate, released_at__isnull=False).order_by("-released_at").first()


def _visits() -> QuerySet[Visit]:
    return Visit.objects.select_related("vehicle", "customer", "advisor", "gate_pass")


def _ending(tail: str) -> set[int]:
    found: set[int] = set()
    for field in ("plate", "vin"):
        # The indexes of the tails are over the reversed text.
        cars = Vehicle.objects.annotate(back=Reverse(field)).filter(back__startswith=tail[::-1])
        found.update(cars.values_list("pk", flat=True)[:50])
    return found


def _in_store(tail: str) -> list[Visit]:
    return list(_visits().filter(stage__in=IN_STORE, vehicle_id__in=_ending(tail)).order_by("pk"))


def _released(tail: str) -> list[Visit]:
    since = clock.now() - _LATELY
    return list(
        _visits()
        .filter(released_at__gte=since, vehicle_id__in=_ending(tail))
        .exclude(stage__in=IN_STORE)
        .order_by(F("released_at").desc())
    )


def _pass_state(visit: Visit) -> tuple[GatePass | None, str]:
    gate_pass = getattr(visit, "gate_pass", None)
    if gate_pass is None:
        return None, "none"
    if gate_pass.used_at:
        return gate_pass, "used"
    return gate_pass, "valid" if is_valid(gate_pass) else "expired"
