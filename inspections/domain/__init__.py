"""Everything that inspects, washes and readies a car. Import as `from inspections import domain as inspections`."""

from inspections.domain.levels import begin, inspect, inspect_filled, save_filled
from inspections.domain.lights import propose_light, save_lights
from inspections.domain.ready import tell_ready
from inspections.domain.wash import (
    finish_wash,
    finish_wash_filled,
    mark_washed,
    start_wash,
    waive_wash,
)

__all__ = [
    "begin",
    "finish_wash",
    "finish_wash_filled",
    "inspect",
    "inspect_filled",
    "mark_washed",
    "propose_light",
    "save_filled",
    "save_lights",
    "start_wash",
    "tell_ready",
    "waive_wash",
]
