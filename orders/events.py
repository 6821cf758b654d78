"""What the journal says about the order inside a visit."""

from dataclasses import field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from catalogue.choices import RepairCategory
from journal.events import event
from orders.choices import ConsentMethod, LineKind, LineOrigin, OldParts, Risk


@event("orders.opened")
class OrderOpened:
    sentence = _("Repair order opened: {category}")
    labels = {"category": RepairCategory}

    category: str


@event("orders.terms_changed")
class TermsChanged:
    sentence = _("Terms changed: {category}, old parts: {old_parts}, tolerance {tolerance_percent}%")
    labels = {"category": RepairCategory, "old_parts": OldParts}

    category: str
    old_parts: str
    tolerance_percent: Decimal


@event("orders.line_added")
class LineAdded:
    sentence = _("{kind} added to the order ({origin}): labour {labour}, parts {material}")
    labels = {"kind": LineKind, "origin": LineOrigin}

    line_id: int
    kind: str
    origin: str
    labour: Decimal
    material: Decimal


@event("orders.line_changed")
class LineChanged:
    sentence = _("Item changed: labour {labour}, parts {material}")

    line_id: int
    labour: Decimal
    material: Decimal
    consent_reset: bool  # the customer had been asked or had agreed, and is to be asked again


@event("orders.line_removed")
class LineRemoved:
    sentence = _("Item removed from the order: labour {labour}, parts {material}")

    line_id: int
    kind: str
    labour: Decimal
    material: Decimal


@event("orders.line_documented")
class LineDocumented:
    sentence = _("Cause and correction written")

    line_id: int


@event("orders.consent_asked")
class ConsentAsked:
    sentence = _("Customer asked to agree to {lines} items, {amount}")

    pack_id: int
    pack_version: int
    lines: int
    amount: Decimal
    sha256: str


@event("orders.consent_taken_back")
class ConsentTakenBack:
    """The question was withdrawn before an answer: the offer changed."""

    sentence = _("Question to the customer taken back; the offer changes")

    pack_id: int
    pack_version: int


@event("orders.consent_decided")
class ConsentDecided:
    sentence = _("Customer decided, {method}: {approved} agreed, {declined} declined")
    labels = {"method": ConsentMethod}

    pack_id: int
    consent_id: int
    method: str
    approved: int
    declined: int
    amount: Decimal  # of what was agreed
    seconds: int  # from the question to the answer


@event("orders.consent_locked")
class ConsentLocked:
    sentence = _("Too many wrong digits: the customer's page does not take this answer any more")

    pack_id: int
    tries: int


@event("orders.line_approved")
class LineApproved:
    sentence = _("Item agreed: {amount}")
    labels = {"method": ConsentMethod, "origin": LineOrigin}

    line_id: int
    consent_id: int
    method: str
    origin: str
    amount: Decimal


@event("orders.line_declined")
class LineDeclined:
    sentence = _("Item declined: {amount}")
    labels = {"method": ConsentMethod, "origin": LineOrigin, "risk": Risk}

    line_id: int
    consent_id: int
    method: str
    origin: str
    amount: Decimal
    risk: str


@event("orders.recommended")
class Recommended:
    sentence = _("Work left undone is kept for the next visit: {risk}")
    labels = {"risk": Risk}

    recommendation_id: int
    line_id: int
    risk: str


@event("orders.recommendation_revived")
class RecommendationRevived:
    sentence = _("Earlier recommendation offered again: {risk}")
    labels = {"risk": Risk}

    recommendation_id: int
    line_id: int
    risk: str


@event("orders.line_redeemed")
class LineRedeemed:
    sentence = _("Item paid by an entitlement of the car: {amount}")

    line_id: int
    entitlement_id: int
    amount: Decimal


@event("orders.redemption_undone")
class RedemptionUndone:
    sentence = _("Item no longer paid by an entitlement")

    line_id: int
    entitlement_id: int


@event("orders.discount_asked")
class DiscountAsked:
    sentence = _("Discount above the role's limit asked for: {discount}")

    request_id: int
    line_id: int
    discount: Decimal


@event("orders.discount_decided")
class DiscountDecided:
    sentence = _("Discount decided, granted: {granted}, {discount}")

    request_id: int
    line_id: int
    discount: Decimal
    granted: bool


@event("orders.settlement_issued")
class SettlementIssued:
    sentence = _("Settlement list {number} issued: {total}, customer pays {payable}")

    settlement_id: int
    number: str
    list_version: int
    total: Decimal
    payable: Decimal
    line_ids: list[int] = field(default_factory=list)  # of the billed lines


@event("orders.settlement_explained")
class SettlementExplained:
    sentence = _("Settlement list explained to the customer")

    settlement_id: int


@event("orders.settlement_withdrawn")
class SettlementWithdrawn:
    sentence = _("Settlement list withdrawn; the order changed")

    settlement_id: int
