"""A draft of the symptom tree with something in it to open pages on."""

from __future__ import annotations

from symptoms import domain as symptoms
from symptoms.choices import Urgency
from symptoms.models import Choice, Question, Result, TreeVersion
from tests.visits_at_stage import Maker


def draft(maker: Maker) -> TreeVersion:
    return symptoms.draft(by=maker.person("service_manager"))


def question(maker: Maker) -> Question:
    """One no answer leads to yet."""
    return symptoms.add_question(draft(maker), name_zh="什么颜色？", by=maker.person("service_manager"))


def choice(maker: Maker) -> Choice:
    return draft(maker).questions.get(code="body").choices.last()


def result(maker: Maker) -> Result:
    """One no answer leads to yet."""
    words = symptoms.ResultInput(name_zh="拖车", urgency=Urgency.STOP)
    return symptoms.add_result(draft(maker), result=words, by=maker.person("service_manager"))
