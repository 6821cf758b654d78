"""Everything that takes money or lets a car out. Import as `from checkout import domain as checkout`."""

from checkout.domain.account import ask_account, decide_account
from checkout.domain.gate import issue_gate_pass, release
from checkout.domain.payments import pay, refund

__all__ = [
    "ask_account",
    "decide_account",
    "issue_gate_pass",
    "pay",
    "refund",
    "release",
]
