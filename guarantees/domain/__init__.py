"""Everything that changes counters and comebacks. Import as `from guarantees import domain as guarantees`."""

from guarantees.domain.comebacks import confirm, dismiss, look, mark
from guarantees.domain.counters import keep, sweep, warn
from guarantees.domain.decisions import (
    exclude,
    handle_alert,
    note_towing,
    regroup,
    settle_courtesy,
    withdraw_exclusion,
)
from guarantees.domain.ehealth import write_day, write_days

__all__ = [
    "confirm",
    "dismiss",
    "exclude",
    "handle_alert",
    "keep",
    "look",
    "mark",
    "note_towing",
    "regroup",
    "settle_courtesy",
    "sweep",
    "warn",
    "withdraw_exclusion",
    "write_day",
    "write_days",
]
