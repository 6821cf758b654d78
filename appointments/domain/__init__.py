"""Everything that changes a booking. Import as `from appointments import domain as appointments`."""

from appointments.domain.booking import SlotRefused, SlotTaken, book
from appointments.domain.changes import arrive, cancel, mark_no_show, reschedule
from appointments.domain.floor import keep_floor, release_floor, room_for
from appointments.domain.holds import hold, release, sweep
from appointments.domain.intake import Caller, book_for, stranger, who
from appointments.domain.layout import counts_under
from appointments.domain.leave import end_leave, take_leave
from appointments.domain.offering import alternatives, items_to_needs, offers
from appointments.domain.opening import HitsBookings, change_capacity, set_menu, set_policy
from appointments.domain.preparation import answer_preparation, ask_again, ask_preparation, sides_of
from appointments.domain.queue import VISITOR, call_next, call_number, end_number, serve_number, take_number
from appointments.domain.relay import Hit, preview, relay
from appointments.domain.reminders import forget_reminders, remind
from appointments.domain.tasks import (
    finish_task,
    follow_missed,
    open_task,
    settle_missed,
    settle_tasks,
    watch_late,
)
from appointments.domain.upkeep import keep_ledger
from appointments.domain.waitlist import join_waitlist, page_address, page_token, wait_for
from appointments.domain.waitlist_offers import (
    NOTHING_OFFERED,
    accept_offer,
    decline_offer,
    expire_offers,
    fill_freed,
    found_a_place,
    leave_waitlist,
    watch_last_days,
)
from appointments.offers import DayAnswer, FloorPlan, Item, Need, Offer, Wish

__all__ = [
    "NOTHING_OFFERED",
    "VISITOR",
    "Caller",
    "DayAnswer",
    "FloorPlan",
    "Hit",
    "HitsBookings",
    "Item",
    "Need",
    "Offer",
    "SlotRefused",
    "SlotTaken",
    "Wish",
    "accept_offer",
    "alternatives",
    "answer_preparation",
    "arrive",
    "ask_again",
    "ask_preparation",
    "book",
    "book_for",
    "call_next",
    "call_number",
    "cancel",
    "change_capacity",
    "counts_under",
    "decline_offer",
    "end_leave",
    "end_number",
    "expire_offers",
    "fill_freed",
    "finish_task",
    "follow_missed",
    "forget_reminders",
    "found_a_place",
    "hold",
    "items_to_needs",
    "join_waitlist",
    "keep_floor",
    "keep_ledger",
    "leave_waitlist",
    "mark_no_show",
    "offers",
    "open_task",
    "page_address",
    "page_token",
    "preview",
    "relay",
    "release",
    "release_floor",
    "remind",
    "reschedule",
    "room_for",
    "serve_number",
    "set_menu",
    "set_policy",
    "settle_missed",
    "settle_tasks",
    "sides_of",
    "stranger",
    "sweep",
    "take_leave",
    "take_number",
    "wait_for",
    "watch_last_days",
    "watch_late",
    "who",
]
