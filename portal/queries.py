"""What a customer sees of his visit, gathered from every stage and told in his words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from catalogue.choices import PartClass
from complaints.models import Case
from core import clock
from core.stages import IN_STORE, JOURNEY, Stage
from handover.models import Handover
from journal.queries import timeline
from orders import queries as orders
from orders.choices import ConsentState, LineKind, LineWork, PayType, Risk
from orders.models import ConsentPack, LinePhoto
from reception import queries as counter
from reception.choices import CallKind
from surveys import queries as surveys
from surveys.models import Response
from visits.choices import PhotoKind
from visits.events import StageEntered, VisitOpened
from visits.models import Photo, Visit, VisitLink
from visits.tokens import token_hash

# What happened in the house and concerns him; damage and work pictures are shown as they were taken.
SHOWN_PHOTOS = (
    PhotoKind.WALK_AROUND,
    PhotoKind.DAMAGE,
    PhotoKind.FINDING,
    PhotoKind.EXIT,
)

# The nine steps as a customer would say them, and what each means while it lasts.
WORDS = {
    Stage.BOOKING: (_("Booked"), _("We expect you.")),
    Stage.RECEPTION: (
        _("Taken in"),
        _("Your advisor looks at the car with you and writes down what is to be done."),
    ),
    Stage.REPAIR: (_("In the workshop"), _("We are working on your car.")),
    Stage.INSPECTION: (
        _("Being checked"),
        _("Three people check the work before you get the car back."),
    ),
    Stage.WASH: (_("Being washed"), _("Your car is being washed.")),
    Stage.HANDOVER: (
        _("Ready for you"),
        _("Your car is ready. Your advisor goes through the bill with you."),
    ),
    Stage.CHECKOUT: (
        _("Payment"),
        _("Please pay at the cash desk; then the gate pass lets you out."),
    ),
    Stage.FOLLOW_UP: (
        _("On the road again"),
        _("We call you within three days to ask whether everything is right."),
    ),
    Stage.CLOSED: (_("All done"), _("Thank you for coming to us.")),
}
ENDED = {
    Stage.CANCELLED: _("This booking was cancelled."),
    Stage.NO_SHOW: _("You were expected and we missed you. Call us for another time."),
    Stage.LEFT_WITHOUT_SERVICE: _("The car left without work being done."),
}


@dataclass(frozen=True)
class Step:
    code: str
    label: str
    state: str  # done, current, todo
    at: datetime | None


def link_of(token: str) -> VisitLink | None:
    """The link behind a token, whatever the store, revoked or not. The token itself is the right to read."""
    return (
        VisitLink._base_manager.filter(token_hash=token_hash(token))
        .select_related("visit__store", "visit__vehicle", "visit__customer")
        .first()
    )


def steps(visit: Visit) -> list[Step]:
    """The nine steps with the time each began; a car sent back to the workshop shows its last time."""
    entered: dict[str, datetime] = {}
    for row in timeline(visit.pk):
        if row.event.name in (StageEntered.event_name, VisitOpened.event_name):
            entered[row.event.data["stage"]] = row.at
    here = JOURNEY.index(visit.stage) if visit.stage in JOURNEY else -1
    return [
        Step(
            code=stage,
            label=str(WORDS[stage][0]),
            # The last step is the end: nothing goes on in it.
            state="done"
            if place < here or stage == visit.stage == Stage.CLOSED
            else "current"
            if place == here
            else "todo",
            at=entered.get(stage) if place <= here else None,
        )
        for place, stage in enumerate(JOURNEY)
    ]


def page(visit: Visit) -> dict:
    """Everything on the customer's page, in a fixed number of queries."""
    lines = orders.order_lines(visit)
    approved = [line for line in lines if line.consent_state == ConsentState.APPROVED]
    declined = [line for line in lines if line.consent_state == ConsentState.DECLINED]
    jobs = [line for line in approved if line.kind == LineKind.JOB]
    pack = orders.open_pack(visit)
    settlement = orders.current_settlement(visit)
    order = orders.order_of(visit)
    words = WORDS.get(visit.stage)
    return {
        "visit": visit,
        "store": visit.store,
        "headline": words[0] if words else ENDED[visit.stage],
        "explanation": words[1] if words else "",
        "steps": steps(visit),
        "pack": pack,
        "approved": approved,
        "declined": declined,
        "totals": orders.totals_of(approved),
        "jobs_done": sum(line.work == LineWork.DONE for line in jobs),
        "jobs": len(jobs),
        "settlement": settlement,
        "bill": bill(settlement) if settlement else None,
        "order": order,
        "handover": Handover.objects.filter(visit=visit, completed_at__isnull=False).first(),
        "needs": list(visit.needs.all()),
        "calls": calls(visit),
        "photos": loose_photos(visit),
        "last_answer": visit.consents.order_by("-at").first(),
        "may_answer": surveys.may_answer(visit, clock.now()),
        "answered": Response.objects.filter(visit=visit).only("at").first(),
        "cases": list(Case.objects.filter(visit=visit).order_by("-opened_at")[:5]),
    }


def items(pack: ConsentPack) -> list[dict]:
    """The frozen items of a pack as the page asks them: figures as numbers, words for codes, photos beside."""
    ids = [view["id"] for view in pack.content["lines"]]
    photos: dict[int, list[Photo]] = {}
    for row in LinePhoto.objects.filter(line_id__in=ids).select_related("photo"):
        photos.setdefault(row.line_id, []).append(row.photo)
    return [
        view
        | {
            "amount": Decimal(view["amount"]),
            "payable": payable(view),
            "labour": Decimal(view["labour"]),
            "material": Decimal(view["material"]),
            "pay_label": PayType(view["pay_type"]).label,
            "risk_label": Risk(view["risk"]).label if view["risk"] else "",
            "kind_label": LineKind(view["kind"]).label,
            "parts": [
                part
                | {
                    "quantity": Decimal(part["quantity"]).normalize(),
                    "amount": Decimal(part["amount"]),
                    "class_label": PartClass(part["part_class"]).label,
                }
                for part in view["parts"]
            ],
            "photos": photos.get(view["id"], []),
        }
        for view in pack.content["lines"]
    ]


def payable(view: dict) -> Decimal:
    """What the customer himself pays for a frozen line: nothing where the maker, an insurance or the store pays."""
    mine = view["pay_type"] == PayType.CUSTOMER
    return Decimal(view["amount"]) if mine else Decimal(0)


def screen(visits: list[Visit]) -> list[dict]:
    """Rows of the waiting room's screen: the tail of the plate, where the car is, when it is promised. No names."""
    return [
        {
            "tail": (visit.vehicle.plate or visit.vehicle.vin)[-4:],
            "words": str(WORDS[visit.stage][0]),
            "ready": visit.stage in (Stage.HANDOVER, Stage.CHECKOUT),
            "promised_at": visit.promised_at,
        }
        for visit in visits
    ]


# Who is here is brought something; who is not is fetched, or spoken to.
CALL_ICONS = {
    CallKind.DRINK: "cup-hot",
    CallKind.SEAT: "person",
    CallKind.RIDE: "taxi-front",
    CallKind.ADVISOR: "chat-dots",
}
FROM_AFAR = (CallKind.RIDE, CallKind.ADVISOR)


def calls(visit: Visit) -> list[dict]:
    """What the customer may ask for with one tap while his car is here, each with its newest call."""
    if visit.stage not in IN_STORE:
        return []
    made = counter.calls_of(visit)
    kinds = CALL_ICONS if visit.waiting else FROM_AFAR
    return [{"code": k, "label": k.label, "icon": CALL_ICONS[k], "call": made.get(k)} for k in kinds]


def bill(settlement) -> list[dict]:
    """The lines of the settlement list as he was billed; empty rows of old lists are left out."""
    return [
        {
            "title": view["title"],
            "labour": Decimal(view["labour"]),
            "material": Decimal(view["material"]),
            "amount": Decimal(view["amount"]),
            "pay_type": view["pay_type"],
        }
        for view in settlement.content.get("lines", [])
    ]


def promised_in(pack: ConsentPack) -> datetime | None:
    """The new ready time a pack offers; None if it offers none, or the moment has passed while he thought."""
    text = pack.content["promised_at"]
    at = datetime.fromisoformat(text) if text else None
    return at if at and at > clock.now() else None


def loose_photos(visit: Visit) -> list[Photo]:
    """Photos he may see that do not hang on an item."""
    on_lines = LinePhoto.objects.filter(line__visit=visit).values("photo_id")
    return list(visit.photos.filter(kind__in=SHOWN_PHOTOS).exclude(pk__in=on_lines)[:40])


def photo_of(visit: Visit, pk: int) -> Photo | None:
    """A photo of this visit that its customer may see: of a shown kind, or hanging on one of the order's items."""
    photo = visit.photos.filter(pk=pk).first()
    if photo is None or photo.kind in SHOWN_PHOTOS:
        return photo
    return photo if LinePhoto.objects.filter(photo=photo).exists() else None
