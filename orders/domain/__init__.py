"""Everything that changes an order. Import as `from orders import domain as orders`."""

from orders.domain.consent import (
    ask_by_link,
    ask_consent,
    decide,
    take_back,
)
from orders.domain.lines import (
    PartInput,
    add_line,
    attach_photo,
    change_line,
    mark_work,
    remove_line,
    set_cause,
)
from orders.domain.many import LineInput, add_lines, first_lines
from orders.domain.proof import MAX_WRONG_TRIES, verify_phone
from orders.domain.recommendations import revive
from orders.domain.settlement import explain_settlement, issue_settlement
from orders.domain.terms import open_order, set_terms

__all__ = [
    "MAX_WRONG_TRIES",
    "LineInput",
    "PartInput",
    "add_line",
    "add_lines",
    "ask_by_link",
    "ask_consent",
    "attach_photo",
    "change_line",
    "decide",
    "explain_settlement",
    "first_lines",
    "issue_settlement",
    "mark_work",
    "open_order",
    "remove_line",
    "revive",
    "set_cause",
    "set_terms",
    "take_back",
    "verify_phone",
]
