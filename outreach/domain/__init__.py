"""Calling customers in again. Import as `from outreach import domain as outreach`."""

from outreach.domain.calls import record_attempt
from outreach.domain.due import mark_changed
from outreach.domain.night import begin, run_batch, run_night
from outreach.domain.optout import customer_of, opt_out, stop_link
from outreach.domain.policies import set_policy
from outreach.domain.reminders import came, link_booking, note_sent, stop_all, stop_for_new_owner, unlink_booking

__all__ = [
    "begin",
    "came",
    "customer_of",
    "link_booking",
    "mark_changed",
    "note_sent",
    "opt_out",
    "record_attempt",
    "run_batch",
    "run_night",
    "set_policy",
    "stop_all",
    "stop_for_new_owner",
    "stop_link",
    "unlink_booking",
]
