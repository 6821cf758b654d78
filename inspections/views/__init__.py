"""Pages of the final inspection and of the wash."""

from inspections.views.levels import begin, inspect, queue
from inspections.views.lights import lights, propose_light
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
    "lights",
    "mark_washed",
    "print_certificate",
    "print_sheet",
    "propose_light",
    "queue",
    "start_wash",
    "tell_ready",
    "waive_wash",
    "wash",
    "wash_queue",
]
