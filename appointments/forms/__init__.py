"""Forms of the booking desk and of the store's calendar."""

from appointments.forms.booking import (
    BookingForm,
    CallerForm,
    NeedsForm,
    ReasonForm,
    RescheduleForm,
    SlotField,
    SuggestInput,
    WishForm,
    panel,
    words,
)
from appointments.forms.calendar import (
    BayForm,
    DayForm,
    LeaveForm,
    LoanCarForm,
    MenuForm,
    ParkingForm,
    PeriodForm,
    PolicyForm,
    SkillsForm,
)

__all__ = [
    "BayForm",
    "BookingForm",
    "CallerForm",
    "DayForm",
    "LeaveForm",
    "LoanCarForm",
    "MenuForm",
    "NeedsForm",
    "ParkingForm",
    "PeriodForm",
    "PolicyForm",
    "ReasonForm",
    "RescheduleForm",
    "SkillsForm",
    "SlotField",
    "SuggestInput",
    "WishForm",
    "panel",
    "words",
]
