"""When an answer is low: the customer has to hear from us (domain.md 5.6)."""

from __future__ import annotations

from collections.abc import Iterable

LOW = 6


def is_low(scores: Iterable[int | None], nps: int | None, problem: bool | None) -> bool:
    """True if any score (1-10) is 6 or less, the recommendation (0-10) is 6 or less, or there is a problem."""
    return bool(problem) or (nps is not None and nps <= LOW) or any(s is not None and s <= LOW for s in scores)
