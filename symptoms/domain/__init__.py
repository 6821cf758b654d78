"""Everything that changes symptom trees and checks. Import as `from symptoms import domain as symptoms`."""

from symptoms.domain.checks import attach, compare, record_check
from symptoms.domain.content import (
    ChoiceInput,
    ResultInput,
    add_choice,
    add_question,
    add_result,
    change_choice,
    change_question,
    change_result,
    move_choice,
    remove_choice,
    remove_question,
    remove_result,
)
from symptoms.domain.versions import TreeFaulty, discard, draft, faults, publish

__all__ = [
    "ChoiceInput",
    "ResultInput",
    "TreeFaulty",
    "add_choice",
    "add_question",
    "add_result",
    "attach",
    "change_choice",
    "change_question",
    "change_result",
    "compare",
    "discard",
    "draft",
    "faults",
    "move_choice",
    "publish",
    "record_check",
    "remove_choice",
    "remove_question",
    "remove_result",
]
