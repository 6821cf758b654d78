"""Everything that changes a booking. Import as `from appointments import domain as appointments`."""

from appointments.domain.booking import SlotRefused, SlotTaken, book
from appointments.domain.changes import arrive, cancel, mark_no_show, reschedule
from appointments.domain.intake import Caller, book_for, stranger, who
from appointments.domain.preparation import answer_preparation, ask_again, ask_preparation, sides_of
from appointments.domain.queue import call_next, call_number, end_number, serve_number, take_number
from appointments.domain.reminders import forget_reminders, remind
from appointments.domain.tasks import (
    finish_task,
    follow_missed,
    open_task,
    settle_missed,
    settle_tasks,
    watch_late,
)

__all__ = [
    "Caller",
    "SlotRefused",
    "SlotTaken",
    "answer_preparation",
    "arrive",
    "ask_again",
    "ask_preparation",
    "book",
    "book_for",
    "call_next",
    "call_number",
    "cancel",
    "end_number",
    "finish_task",
    "follow_missed",
    "forget_reminders",
    "mark_no_show",
    "open_task",
    "remind",
    "reschedule",
    "serve_number",
    "settle_missed",
    "settle_tasks",
    "sides_of",
    "stranger",
    "take_number",
    "watch_late",
    "who",
]
