"""Everything that changes a case or takes a customer's word. Import as `from complaints import domain as complaints`."""

from complaints.domain.cases import close_case, find_cause, give_case, grade, note, open_case, respond
from complaints.domain.clocks import run_clocks
from complaints.domain.comfort import grant_comfort
from complaints.domain.intake import answer_by_link, complain, file_complaint, offer_answer, offer_write, write
from complaints.domain.links import link_address, make_link, revoke_links
from complaints.domain.plans import (
    MeasureInput,
    answer_plan,
    approve_plan,
    execute_measure,
    may_carry_out,
    propose_plan,
    refuse_plan,
    seed_limits,
    set_limit,
)
from complaints.domain.rechecks import recheck, sales_answer, sales_read, tell_sales
from complaints.domain.voices import take_voice

__all__ = [
    "MeasureInput",
    "answer_by_link",
    "answer_plan",
    "approve_plan",
    "close_case",
    "complain",
    "execute_measure",
    "file_complaint",
    "find_cause",
    "give_case",
    "grade",
    "grant_comfort",
    "link_address",
    "make_link",
    "may_carry_out",
    "note",
    "offer_answer",
    "offer_write",
    "open_case",
    "propose_plan",
    "recheck",
    "refuse_plan",
    "respond",
    "revoke_links",
    "run_clocks",
    "sales_answer",
    "sales_read",
    "seed_limits",
    "set_limit",
    "take_voice",
    "tell_sales",
    "write",
]
