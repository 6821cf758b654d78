"""Everything the workshop writes. Import as `from repairs import domain as repairs`."""

from repairs.domain.dispatch import dispatch, move, reopen, withdraw, work_of
from repairs.domain.findings import propose
from repairs.domain.parts import (
    cancel_request,
    issue_parts,
    order_parts,
    parts_arrived,
    receive_stock,
    request_parts,
    return_parts,
)
from repairs.domain.work import fill_step, finish, pause, resume, start, to_inspection

__all__ = [
    "cancel_request",
    "dispatch",
    "fill_step",
    "finish",
    "issue_parts",
    "move",
    "order_parts",
    "parts_arrived",
    "pause",
    "propose",
    "receive_stock",
    "reopen",
    "request_parts",
    "resume",
    "return_parts",
    "start",
    "to_inspection",
    "withdraw",
    "work_of",
]
