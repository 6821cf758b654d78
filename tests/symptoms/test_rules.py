"""A tree may be asked when every way through it ends, and soon enough: held against walking every way there is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from symptoms.rules import MAX_QUESTIONS, Fault, Outline, To, faults


@st.composite
def outlines(draw):
    """Small graphs of all kinds: trees, shared ends, circles, pieces nothing leads to."""
    questions = list(range(1, draw(st.integers(1, 9)) + 1))
    results = list(range(101, 101 + draw(st.integers(0, 4))))
    target = st.sampled_from([To("question", pk) for pk in questions] + [To("result", pk) for pk in results])
    # Mostly downwards, so that sound trees come up too.
    forward = draw(st.booleans())
    choices = {}
    for pk in questions:
        leads = draw(st.lists(target, min_size=0, max_size=3))
        if forward:
            leads = [to for to in leads if to.kind == "result" or to.id > pk]
        choices[pk] = leads
    return Outline(draw(st.sampled_from([1, 1, 1, None])), choices, frozenset(results))


def walked(tree: Outline) -> set[Fault]:
    """The same by trying every sequence of answers; shares no code with the rule."""
    if tree.first is None:
        return {Fault("no_first")}
    ways, found = [(tree.first,)], set()
    seen, ended, longest = set(), set(), 0
    while ways:
        way = ways.pop()
        seen.add(way[-1])
        longest = max(longest, len(way))
        for kind, pk in tree.choices[way[-1]]:
            if kind == "result":
                ended.add(pk)
            elif pk in way:
                found.add(Fault("loop"))
            else:
                ways.append((*way, pk))
    found |= {Fault("few_choices", pk) for pk, leads in tree.choices.items() if len(leads) < 2}
    found |= {Fault("unreached_question", pk) for pk in tree.choices.keys() - seen}
    found |= {Fault("unreached_result", pk) for pk in tree.results - ended}
    if longest > MAX_QUESTIONS and Fault("loop") not in found:
        found.add(Fault("too_long"))
    return found


@given(outlines())
@settings(max_examples=400, deadline=None)
def test_faults_are_those_a_walk_along_every_way_finds(tree):
    found = faults(tree)

    assert set(found) == walked(tree)
    assert len(found) == len(set(found))


@st.composite
def sound(draw):
    """A tree as staff would build it: every question is asked after some answer to an earlier one, every way ends."""
    count = draw(st.integers(1, MAX_QUESTIONS))
    choices = {pk: [To("result", 100), To("result", 100 + draw(st.integers(0, 3)))] for pk in range(1, count + 1)}
    for pk in range(2, count + 1):
        choices[draw(st.integers(1, pk - 1))].append(To("question", pk))
    return Outline(1, choices, frozenset(to.id for leads in choices.values() for to in leads if to.kind == "result"))


@given(sound(), st.data())
@settings(max_examples=100, deadline=None)
def test_in_a_sound_tree_any_answers_reach_a_result_after_six_questions_at_most(tree, data):
    assert faults(tree) == []
    at, asked = To("question", tree.first), 0
    while at.kind == "question":
        asked += 1
        at = data.draw(st.sampled_from(tree.choices[at.id]))

    assert at.id in tree.results
    assert asked <= MAX_QUESTIONS


def test_a_way_of_seven_questions_is_too_long_and_one_of_six_is_not():
    def chain(length):
        last = (To("result", 100), To("result", 100))
        choices = {pk: (To("question", pk + 1), To("result", 100)) for pk in range(1, length)}
        return Outline(1, choices | {length: last}, frozenset([100]))

    assert (faults(chain(6)), faults(chain(7))) == ([], [Fault("too_long")])
