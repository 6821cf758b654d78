"""Everything that changes a call for help. Import as `from rescue import domain as rescue`."""

from rescue.domain.jobs import accept, arrive, call_off, depart, finish, locate, offer_position, request_help
from rescue.domain.roster import end_duty, seed, set_duty, set_van

__all__ = [
    "accept",
    "arrive",
    "call_off",
    "depart",
    "end_duty",
    "finish",
    "locate",
    "offer_position",
    "request_help",
    "seed",
    "set_duty",
    "set_van",
]
