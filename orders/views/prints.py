"""The order and the settlement list on paper."""

from __future__ import annotations

import base64
from datetime import datetime
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from catalogue.choices import PartClass, RepairCategory
from core import clock
from core.phones import mask_phone
from core.qr import qr_svg
from orders import queries
from orders.choices import (
    ConsentMethod,
    ConsentState,
    LineKind,
    LineOrigin,
    OldParts,
    PayType,
    Risk,
)
from orders.models import Consent, ConsentPack, Settlement
from orders.views.estimate import find_visit
from orders.views.settling import VIEW
from stores.access import requires
from stores.models import Staff
from visits.models import Signature, Visit

SEE_PHONE = "customers.see_phone"


@require_GET
@requires(VIEW)
def print_order(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """任务委托书: what was agreed (or, unsigned, what is offered), labour and parts apart, with the customer's signature."""
    visit = find_visit(visit_pk)
    order = queries.order_of(visit)
    if order is None:
        raise Http404
    lines = [line for line in queries.order_lines(visit) if line.consent_state != ConsentState.DECLINED]
    consents = list(visit.consents.select_related("signature", "pack", "taken_by").order_by("at"))
    totals = queries.totals_of(lines)
    context = {
        "visit": visit,
        "order": order,
        "jobs": [line for line in lines if line.kind == LineKind.JOB],
        "fees": [line for line in lines if line.kind != LineKind.JOB],
        "parts": [part for line in lines for part in line.parts.all()],
        "totals": totals,
        "pending": [line for line in lines if line.consent_state != ConsentState.APPROVED],
        # a single signature stands in its box with its seal; anything else gets a table
        "consents": consents if len(consents) != 1 or not consents[0].signature_id else [],
        "signature": _signature_of(consents),
        "phone": _phone(visit.customer.phone, request.staff),
        "old_parts": _ticks(order.old_parts),
    }
    return _sheet(request, "orders/print_order.html", visit, visit.number, context)


@require_GET
@requires(VIEW)
def print_added(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """增项确认单: each offer with added work as the customer was shown it, frozen, with what he said and the proof of it. 404
    while nothing was added."""
    visit = find_visit(visit_pk)
    offers = [_offer(pack) for pack in visit.packs.select_related("created_by").prefetch_related("consents", "lines")]
    offers = [offer for offer in offers if offer["lines"]]
    if not offers:
        raise Http404
    context = {"visit": visit, "offers": offers, "phone": _phone(visit.customer.phone, request.staff)}
    return _sheet(request, "orders/print_added.html", visit, visit.number, context)


def _offer(pack: ConsentPack) -> dict:
    """A pack's added lines as they were shown, beside what became of them."""
    now = {line.pk: line for line in pack.lines.all()}
    rows = []
    for view in pack.content.get("lines", []):
        if view["origin"] != LineOrigin.ADDED:
            continue
        line = now.get(view["id"])
        rows.append(
            _read(view)
            | {
                "risk_label": Risk(view["risk"]).label if view["risk"] else "",
                "decision": line.get_consent_state_display() if line else "",
                "reason": line.declined_reason if line else "",
            }
        )
    promised = pack.content.get("promised_at")
    return {
        "pack": pack,
        "lines": rows,
        "promised_at": datetime.fromisoformat(promised) if promised else None,
        "total": sum((row["amount"] or Decimal(0) for row in rows), Decimal(0)),
        "consent": next(iter(pack.consents.all()), None),
    }


@require_GET
@requires(VIEW)
def print_settlement(request: HttpRequest, visit_pk: int) -> HttpResponseBase:
    """机动车维修费用结算清单 as it was issued; an older version by `?version=`."""
    visit = find_visit(visit_pk)
    settlement = _settlement(visit, request.GET.get("version", ""))
    content = settlement.content
    lines = [_read(view) for view in content.get("lines", [])]
    arrived = content.get("arrived_at")
    context = {
        "visit": visit,
        "settlement": settlement,
        "list": content,
        "arrived_at": datetime.fromisoformat(arrived) if arrived else None,
        "category": _category(content.get("category")),
        "jobs": [line for line in lines if line["kind"] == LineKind.JOB],
        "fees": [line for line in lines if line["kind"] != LineKind.JOB],
        "parts": [part for line in lines for part in line["parts"]],
        "amounts": {name: Decimal(v) for name, v in content.get("fees", {}).items()},
        "declined": [
            entry | {"risk_label": Risk(entry["risk"]).label} for entry in content.get("declined", []) if entry["risk"]
        ],
        "old_parts": _ticks(content.get("old_parts", "")),
        "phone": _phone(content.get("customer", {}).get("phone", ""), request.staff),
        "superseded": settlement.superseded_at is not None,
    }
    return _sheet(request, "orders/print_settlement.html", visit, settlement.number, context)


def _sheet(request, template: str, visit: Visit, number: str, context: dict):
    context |= {
        "store": visit.store,
        "number": number,
        "printed_at": clock.now().astimezone(visit.store.tz),
        "qr": qr_svg(reverse("desk:visit", args=[visit.pk])),
    }
    return render(request, template, context)


def _settlement(visit: Visit, version: str) -> Settlement:
    if version.isdecimal():
        found = visit.settlements.filter(version=int(version)).first()
    else:
        found = queries.current_settlement(visit)
    if found is None:
        raise Http404
    return found


def _read(view: dict) -> dict:
    """A frozen line with its figures as numbers again."""
    figures = ("hours", "hour_rate", "discount", "labour", "material", "amount")
    part_figures = ("quantity", "unit_price", "amount")
    return (
        view
        | {name: _number(view[name]) for name in figures}
        | {
            "kind_label": LineKind(view["kind"]).label,
            "pay_label": PayType(view["pay_type"]).label,
            "consent_label": ConsentMethod(view["consent_method"]).label if view.get("consent_method") else "",
            "parts": [
                part
                | {name: _number(part[name]) for name in part_figures}
                | {"class_label": PartClass(part["part_class"]).label}
                for part in view["parts"]
            ],
        }
    )


def _category(code: str | None) -> str:
    return str(RepairCategory(code).label) if code else ""


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _ticks(chosen: str) -> list[dict]:
    return [{"label": label, "ticked": value == chosen} for value, label in OldParts.choices]


def _phone(phone: str, staff: Staff) -> str:
    return phone if staff.may(SEE_PHONE) or not phone else mask_phone(phone)


def _signature_of(consents: list[Consent]) -> dict | None:
    consent = next((c for c in consents if c.signature_id), None)
    if consent is None:
        return None
    signed = consent.signature
    return {"signer": signed.signer, "at": signed.at, "image": _image(signed), "seal": consent.evidence_sha256[:16]}


def _image(signature: Signature) -> str:
    """The drawn signature as a data address: the sheet stays whole when it is saved."""
    if not signature.image:
        return ""
    with signature.image.open("rb") as file:
        return "data:image/png;base64," + base64.b64encode(file.read()).decode()
