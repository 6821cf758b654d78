"""Everything that changes a booking. Import as `from appointments import domain as appointments`."""

from appointments.domain.booking import SlotRefused, SlotTaken, book
from appointments.domain.changes import arrive, cancel, mark_no_show, reschedule
from appointments.domain.intake import Caller, book_for, stranger, who

__all__ = [
    "Caller",
    "SlotRefused",
    "SlotTaken",
    "arrive",
    "book",
    "book_for",
    "cancel",
    "mark_no_show",
    "reschedule",
    "stranger",
    "who",
]
