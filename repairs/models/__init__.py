"""The workshop: who works on which line, where and when, what each work step measured, and which parts it took."""

from repairs.models.job import LIVE, ClockEntry, Job, JobShare, ShiftEntry
from repairs.models.outside import Sublet
from repairs.models.parts import PartRequest
from repairs.models.steps import Finding, StepResult

__all__ = [
    "LIVE",
    "ClockEntry",
    "Finding",
    "Job",
    "JobShare",
    "PartRequest",
    "ShiftEntry",
    "StepResult",
    "Sublet",
]
