"""What reports keeps. Import as `from reports import domain`; the sums are in `rollups`, the waits in `waits`, the five rules in `never_miss`."""

from reports.domain.rollups import Cell, Tally, add, rebuild

__all__ = ["Cell", "Tally", "add", "rebuild"]
