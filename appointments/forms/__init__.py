"""Forms of the booking desk and of the store's calendar."""

from appointments.forms.booking import (
    BookingForm,
    CallerForm,
    NeedsForm,
    ReasonForm,
    RescheduleForm,
    SlotField,
    SuggestInput,
    panel,
    words,
)

__all__ = [
    "BookingForm",
    "CallerForm",
    "NeedsForm",
    "ReasonForm",
    "RescheduleForm",
    "SlotField",
    "SuggestInput",
    "panel",
    "words",
]
