"""A draft is changed piece by piece and published only when every way through it ends."""

from __future__ import annotations

import pytest

from core.errors import Conflict, DomainError
from journal.models import Event
from symptoms import domain as symptoms
from symptoms import queries
from symptoms.models import Choice, LikelyOperation, Question, TreeVersion
from tests import factories


@pytest.fixture
def manager(staff):
    return staff("service_manager")


@pytest.fixture
def draft(tree, manager):
    return symptoms.draft(by=manager)


def shape(tree):
    """A tree in words, to compare versions."""
    asked = [
        (q.code, q.name_zh, q.first, [(a.name_zh, (a.result or a.next_question).code) for a in q.answers])
        for q in queries.questions(tree)
    ]
    ends = [(r.code, r.urgency, r.advice_en, [e.operation.code for e in r.likely.all()]) for r in queries.results(tree)]
    return asked, sorted(ends)


def test_a_draft_is_a_copy_and_there_is_one_at_a_time(tree, draft, manager):
    assert (draft.version, draft.published_at) == (2, None)
    assert shape(draft) == shape(tree)
    assert symptoms.draft(by=manager) == draft
    assert queries.in_force() == tree


def test_a_store_without_a_tree_begins_with_the_usual_one(tree, manager):
    symptoms.discard(symptoms.draft(by=manager), by=manager)
    TreeVersion.objects.update(retired_at=tree.created_at)

    assert shape(symptoms.draft(by=manager)) == shape(tree)


def test_publishing_replaces_the_version_in_force_and_is_journalled(tree, draft, manager):
    symptoms.publish(draft, by=manager)

    tree.refresh_from_db()
    assert queries.in_force() == draft
    assert tree.retired_at is not None
    assert Event.objects.get(name="symptoms.tree_published").data == {"version": 2}
    for change in (
        lambda: symptoms.publish(draft, by=manager),
        lambda: symptoms.discard(draft, by=manager),
        lambda: symptoms.add_question(draft, name_zh="什么颜色？", by=manager),
        lambda: symptoms.remove_choice(queries.questions(draft)[0].answers[0], by=manager),
    ):
        with pytest.raises(Conflict):
            change()


def test_a_draft_thrown_away_leaves_nothing(tree, draft, manager):
    before = (Question.objects.filter(tree=tree).count(), Choice.objects.filter(question__tree=tree).count())
    symptoms.discard(draft, by=manager)

    assert list(TreeVersion.objects.all()) == [tree]
    assert (Question.objects.count(), Choice.objects.count()) == before
    assert LikelyOperation.objects.exclude(result__tree=tree).count() == 0
    with pytest.raises(Conflict):
        symptoms.publish(draft, by=manager)


def test_what_is_added_has_to_be_reached_and_to_end(store, draft, manager):
    question = symptoms.add_question(draft, name_zh="拖车吗？", by=manager)
    result = symptoms.add_result(
        draft, result=symptoms.ResultInput(name_zh="拖车", urgency="days", likely=[]), by=manager
    )
    texts = [text for text, _kind, _id in symptoms.faults(draft)]
    assert texts == [
        "“拖车吗？”的选项少于两个。",
        "没有任何选项通向“拖车吗？”。",
        "没有任何选项通向结果“拖车”。",
        "“拖车”没有对应的维修项目，无法给出时间和价格。",
    ]
    with pytest.raises(symptoms.TreeFaulty) as refused:
        symptoms.publish(draft, by=manager)
    assert refused.value.blockers == texts

    operation = factories.operation(store)
    symptoms.change_result(
        result, result=symptoms.ResultInput(name_zh="拖车", urgency="days", likely=[operation, operation]), by=manager
    )
    for text in ("要", "不要"):
        symptoms.add_choice(question, choice=symptoms.ChoiceInput(text, result=result), by=manager)
    first = queries.questions(draft)[0]
    symptoms.change_choice(first.answers[-1], choice=symptoms.ChoiceInput("都不是", next_question=question), by=manager)
    # What “none of these” led to before is out of reach now.
    assert [text for text, _kind, _id in symptoms.faults(draft)] == ["没有任何选项通向结果“需要到店诊断”。"]
    symptoms.remove_result(draft.results.get(code="diagnosis"), by=manager)
    symptoms.publish(draft, by=manager)


def test_a_circle_cannot_be_published(draft, manager):
    noise = draft.questions.get(code="noise-brake")
    symptoms.add_choice(
        noise, choice=symptoms.ChoiceInput("不确定", next_question=draft.questions.get(code="brake")), by=manager
    )

    with pytest.raises(symptoms.TreeFaulty, match="回到之前问过的问题"):
        symptoms.publish(draft, by=manager)


def test_answers_lead_somewhere_in_the_same_version(tree, draft, manager):
    here, there = draft.questions.get(code="leak"), tree.questions.get(code="leak")
    result = draft.results.first()
    wrong = [
        symptoms.ChoiceInput("哪里都不去"),
        symptoms.ChoiceInput("两处", next_question=draft.questions.get(code="body"), result=result),
        symptoms.ChoiceInput("旧版", next_question=there),
        symptoms.ChoiceInput("自己", next_question=here),
        symptoms.ChoiceInput(" ", result=result),
    ]
    for choice in wrong:
        with pytest.raises(DomainError):
            symptoms.add_choice(here, choice=choice, by=manager)
    assert here.choices.count() == there.choices.count()


def test_what_is_still_led_to_stays(draft, manager):
    with pytest.raises(Conflict):
        symptoms.remove_question(draft.questions.get(code="leak-oil"), by=manager)
    with pytest.raises(Conflict):
        symptoms.remove_result(draft.results.get(code="fuel"), by=manager)


def test_answers_change_places(draft, manager):
    def order():
        return list(draft.questions.get(code="body").choices.values_list("name_en", flat=True))

    rows = list(draft.questions.get(code="body").choices.all())
    before = order()
    symptoms.move_choice(rows[1], up=True, by=manager)
    symptoms.move_choice(rows[-1], up=False, by=manager)

    assert order() == [before[1], before[0], *before[2:]]
    assert symptoms.change_question(rows[0].question, name_zh="哪里坏了？", by=manager).name_en == ""
