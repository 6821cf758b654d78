from __future__ import annotations

from uuid import uuid4

import pytest

from symptoms import domain as symptoms
from symptoms import queries


@pytest.fixture
def tree(store):
    """The tree a new store starts with."""
    return queries.in_force()


@pytest.fixture
def path(tree):
    """`path("what", "刹车不对劲", …)`: ids of the choices with these Chinese words, from the first question on."""

    def find(*words: str) -> list[int]:
        chosen: list[int] = []
        for text in words:
            question = queries.walk(tree, chosen).question
            chosen.append(next(answer.pk for answer in question.answers if answer.name_zh == text))
        return chosen

    return find


@pytest.fixture
def squeal(path):
    """Brakes squeal when braking, for a week or two: brake pads are likely."""
    return path("有异响", "踩刹车时", "尖锐的吱吱声", "最近一两周")


@pytest.fixture
def check(store, squeal):
    return symptoms.record_check(store=store, choices=squeal, token=uuid4(), words="早上第一脚刹车吱一声")
