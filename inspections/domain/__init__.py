"""Everything that inspects, washes and readies a car. Import as `from inspections import domain as inspections`."""

from inspections.domain.levels import begin, inspect, inspect_filled
from inspections.domain.ready import tell_ready
from inspections.domain.wash import (
    begin_wash_check,
    finish_wash,
    mark_washed,
    start_wash,
    waive_wash,
)

__all__ = [
    "begin",
    "begin_wash_check",
    "finish_wash",
    "inspect",
    "inspect_filled",
    "mark_washed",
    "start_wash",
    "tell_ready",
    "waive_wash",
]
