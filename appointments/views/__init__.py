"""The booking desk: the day by time and advisor, booking by keyboard, moving and ending a booking."""

from appointments.views.booking import book, find, slots
from appointments.views.changes import cancel, no_show, reschedule
from appointments.views.day import day

__all__ = ["book", "cancel", "day", "find", "no_show", "reschedule", "slots"]
