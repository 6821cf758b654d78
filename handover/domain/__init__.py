"""Everything that gives a car back. Import as `from handover import domain as handovers`."""

from handover.domain.complete import complete, complete_filled
from handover.domain.prepare import add_photos, explain_bill, prepare

__all__ = [
    "add_photos",
    "complete",
    "complete_filled",
    "explain_bill",
    "prepare",
]
