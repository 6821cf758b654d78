"""The booking desk: the day by time and advisor, booking by keyboard, moving and ending a booking."""

from appointments.views.booking import book, find, slots
from appointments.views.changes import cancel, no_show, reschedule
from appointments.views.day import day
from appointments.views.preparation import answer, confirm, preparation
from appointments.views.queue import call_next, call_number, end_number, number, queue, serve_number
from appointments.views.waitlist import (
    accept_offer,
    decline_offer,
    finish_task,
    join,
    leave_waitlist,
    tasks,
    waitlist,
)

__all__ = [
    "accept_offer",
    "answer",
    "book",
    "call_next",
    "call_number",
    "cancel",
    "confirm",
    "day",
    "decline_offer",
    "end_number",
    "find",
    "finish_task",
    "join",
    "leave_waitlist",
    "no_show",
    "number",
    "preparation",
    "queue",
    "reschedule",
    "serve_number",
    "slots",
    "tasks",
    "waitlist",
]
