"""Everything that takes money or lets a car out. Import as `from checkout import domain as checkout`."""

from checkout.domain.account import ask_account, decide_account
from checkout.domain.gate import issue_gate_pass, release
from checkout.domain.leaving import ask_before_leaving, meet_customer
from checkout.domain.payments import pay, refund

__all__ = [
    "ask_account",
    "ask_before_leaving",
    "decide_account",
    "issue_gate_pass",
    "meet_customer",
    "pay",
    "refund",
    "release",
]
