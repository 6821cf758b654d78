"""Everything that changes an order. Import as `from orders import domain as orders`."""

from orders.domain.consent import (
    ask_by_link,
    ask_consent,
    decide,
    take_back,
)
from orders.domain.discounts import ask_discount, decide_discount, gross_of, set_limit, set_limits
from orders.domain.lines import (
    add_line,
    attach_photo,
    change_line,
    mark_work,
    remove_line,
    set_cause,
)
from orders.domain.many import LineInput, add_lines, first_lines
from orders.domain.pricing import Measured, PartInput
from orders.domain.proof import MAX_WRONG_TRIES, verify_phone
from orders.domain.recommendations import revive
from orders.domain.redeeming import give_all_back, redeem, undo_redemption
from orders.domain.settlement import explain_settlement, issue_settlement
from orders.domain.terms import GUARANTEE, BelowStatute, open_order, set_terms

__all__ = [
    "GUARANTEE",
    "MAX_WRONG_TRIES",
    "BelowStatute",
    "LineInput",
    "Measured",
    "PartInput",
    "add_line",
    "add_lines",
    "ask_by_link",
    "ask_consent",
    "ask_discount",
    "attach_photo",
    "change_line",
    "decide",
    "decide_discount",
    "explain_settlement",
    "first_lines",
    "give_all_back",
    "gross_of",
    "issue_settlement",
    "mark_work",
    "open_order",
    "redeem",
    "remove_line",
    "revive",
    "set_cause",
    "set_limit",
    "set_limits",
    "set_terms",
    "take_back",
    "undo_redemption",
    "verify_phone",
]
