"""Pages of the final inspection and of the wash."""

from inspections.views.levels import begin, inspect, queue
from inspections.views.sheets import print_certificate, print_sheet
from inspections.views.wash import (
    mark_washed,
    start_wash,
    tell_ready,
    waive_wash,
    wash,
    wash_queue,
)

__all__ = [
    "begin",
    "inspect",
    "mark_washed",
    "print_certificate",
    "print_sheet",
    "queue",
    "start_wash",
    "tell_ready",
    "waive_wash",
    "wash",
    "wash_queue",
]
