"""The booking desk: the day by time and advisor, booking by keyboard, moving and ending a booking."""

from appointments.views.booking import book, find, hold, plan, slots
from appointments.views.calendar import (
    add_period,
    add_place,
    clear_day,
    end_leave,
    enter_holidays,
    hours,
    leave,
    places,
    policy,
    remove_period,
    set_day,
    switch_place,
    take_leave,
)
from appointments.views.changes import cancel, move_slots, no_show, reschedule
from appointments.views.day import day, day_print, week
from appointments.views.menu import menu
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
    "add_period",
    "add_place",
    "answer",
    "book",
    "call_next",
    "call_number",
    "cancel",
    "clear_day",
    "confirm",
    "day",
    "day_print",
    "decline_offer",
    "end_leave",
    "end_number",
    "enter_holidays",
    "find",
    "finish_task",
    "hold",
    "hours",
    "join",
    "leave",
    "leave_waitlist",
    "menu",
    "move_slots",
    "no_show",
    "number",
    "places",
    "plan",
    "policy",
    "preparation",
    "queue",
    "remove_period",
    "reschedule",
    "serve_number",
    "set_day",
    "slots",
    "switch_place",
    "take_leave",
    "tasks",
    "waitlist",
    "week",
]
