"""Everything reception writes. Import as `from reception import domain as reception`."""

from reception.domain.agreement import WHILE_HE_READS, leave_without_service, sign_estimate
from reception.domain.arrival import arrive, greet, take_in, walk_in
from reception.domain.calls import answer_call, call
from reception.domain.deliveries import Parcel
from reception.domain.durations import learn
from reception.domain.telling import new_time, tell_new_time
from reception.domain.walk_around import PhotoInput, add_photos, check_in

__all__ = [
    "WHILE_HE_READS",
    "Parcel",
    "PhotoInput",
    "add_photos",
    "answer_call",
    "arrive",
    "call",
    "check_in",
    "greet",
    "learn",
    "leave_without_service",
    "new_time",
    "sign_estimate",
    "take_in",
    "tell_new_time",
    "walk_in",
]
