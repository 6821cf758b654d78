"""Rows of this app; import them from here."""

from complaints.models.case import Case, CaseEntry, CaseLink, CaseToken, ClockNotice
from complaints.models.comfort import Comfort
from complaints.models.imports import CaseImport
from complaints.models.plan import Measure, Recheck, RecoveryLimit, RecoveryPlan, SalesFeedback
from complaints.models.voice import Voice

__all__ = [
    "Case",
    "CaseEntry",
    "CaseImport",
    "CaseLink",
    "CaseToken",
    "ClockNotice",
    "Comfort",
    "Measure",
    "Recheck",
    "RecoveryLimit",
    "RecoveryPlan",
    "SalesFeedback",
    "Voice",
]
