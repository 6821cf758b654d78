"""Everything that changes a case or takes a customer's word. Import as `from complaints import domain as complaints`."""

from complaints.domain.cases import (
    close_case,
    give_case,
    note,
    open_case,
    respond,
)
from complaints.domain.voices import take_voice

__all__ = [
    "close_case",
    "give_case",
    "note",
    "open_case",
    "respond",
    "take_voice",
]
