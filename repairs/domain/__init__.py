"""Everything the workshop writes. Import as `from repairs import domain as repairs`."""

from repairs.domain.days import end_of_day
from repairs.domain.dispatch import dispatch, move, reopen, withdraw, work_of
from repairs.domain.findings import propose
from repairs.domain.floor import replan, replan_all
from repairs.domain.outside import call_off, change_sublet, receive_back, send_out
from repairs.domain.parts import (
    cancel_request,
    issue_parts,
    order_parts,
    parts_arrived,
    receive_stock,
    request_parts,
    return_parts,
)
from repairs.domain.shifts import come, go
from repairs.domain.steps import fill_step, sign_step
from repairs.domain.work import finish, join, pause, resume, start, to_inspection

__all__ = [
    "call_off",
    "cancel_request",
    "change_sublet",
    "come",
    "dispatch",
    "end_of_day",
    "fill_step",
    "finish",
    "go",
    "issue_parts",
    "join",
    "move",
    "order_parts",
    "parts_arrived",
    "pause",
    "propose",
    "receive_back",
    "receive_stock",
    "reopen",
    "replan",
    "replan_all",
    "request_parts",
    "resume",
    "return_parts",
    "send_out",
    "sign_step",
    "start",
    "to_inspection",
    "withdraw",
    "work_of",
]
