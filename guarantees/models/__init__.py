"""Counters of the law, and comebacks."""

from guarantees.models.comeback import Comeback
from guarantees.models.counters import Alert, Courtesy, Exclusion, GuaranteeRepair, Problem, RepairProblem
from guarantees.models.ehealth import HealthFile

__all__ = ["Alert", "Comeback", "Courtesy", "Exclusion", "GuaranteeRepair", "HealthFile", "Problem", "RepairProblem"]
