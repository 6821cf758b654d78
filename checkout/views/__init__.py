"""Pages of the cashier, of managers who approve, and of the gate."""

from checkout.views.approving import approvals, decide
from checkout.views.gate import gate, release
from checkout.views.leaving import ask_leaving, meet
from checkout.views.till import (
    ask_account,
    book_account,
    issue_gate_pass,
    pay,
    print_gate_pass,
    queue,
    refund,
)

__all__ = [
    "approvals",
    "ask_account",
    "ask_leaving",
    "book_account",
    "decide",
    "gate",
    "issue_gate_pass",
    "meet",
    "pay",
    "print_gate_pass",
    "queue",
    "refund",
    "release",
]
