"""When a symptom tree may be asked: pure, on ids alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAX_QUESTIONS = 6
MIN_CHOICES = 2


class To(NamedTuple):
    """Where a choice leads: kind "question" or "result", and the id there."""

    kind: str
    id: int


class Fault(NamedTuple):
    """What keeps a tree from being asked; `id` is the question's or the result's, None where it is the whole tree."""

    code: str  # no_first, few_choices, unreached_question, unreached_result, loop, too_long
    id: int | None = None


@dataclass(frozen=True)
class Outline:
    """A tree as ids: its first question, where each question's choices lead, and its results."""

    first: int | None
    choices: Mapping[int, Sequence[To]]
    results: frozenset[int]


def faults(tree: Outline) -> list[Fault]:
    """Everything that is wrong, each thing once. Empty: from the first question every way ends in a result after at most
    MAX_QUESTIONS questions, and nothing in the tree is out of reach."""
    if tree.first is None:
        return [Fault("no_first")]
    found = [Fault("few_choices", pk) for pk, leads in tree.choices.items() if len(leads) < MIN_CHOICES]
    asked, ends = _reached(tree)
    found += [Fault("unreached_question", pk) for pk in tree.choices if pk not in asked]
    found += [Fault("unreached_result", pk) for pk in sorted(tree.results - ends)]
    longest = _longest(tree)
    if longest is None:
        found.append(Fault("loop"))
    elif longest > MAX_QUESTIONS:
        found.append(Fault("too_long"))
    return found


def _reached(tree: Outline) -> tuple[set[int], set[int]]:
    """Questions and results that some answers lead to."""
    asked, ends, waiting = set(), set(), [tree.first]
    while waiting:
        pk = waiting.pop()
        if pk in asked:
            continue
        asked.add(pk)
        for to in tree.choices.get(pk, ()):
            ends.add(to.id) if to.kind == "result" else waiting.append(to.id)
    return asked, ends


def _longest(tree: Outline) -> int | None:
    """Questions on the longest way from the first; None where a way comes back to itself."""
    length: dict[int, int] = {}
    on_the_way: set[int] = set()
    # Each question twice on the pile: to go down, and to be counted once everything below it is. No recursion: a draft may
    # be of any depth.
    pile = [(tree.first, False)]
    while pile:
        pk, counted = pile.pop()
        below = [to.id for to in tree.choices.get(pk, ()) if to.kind == "question"]
        if counted:
            on_the_way.discard(pk)
            length[pk] = 1 + max((length[other] for other in below), default=0)
        elif pk in on_the_way:
            return None
        elif pk not in length:
            on_the_way.add(pk)
            pile.append((pk, True))
            pile += [(other, False) for other in below]
    return length[tree.first]
