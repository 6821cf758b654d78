"""Questionnaires: drafted, weighed, published; what is published stays."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import Conflict, DomainError
from surveys import domain as surveys
from surveys import queries
from surveys.models import Factor, Questionnaire


@pytest.fixture
def manager(staff):
    return staff("service_manager")


@pytest.fixture
def draft(manager):
    return surveys.draft(by=manager)


def test_a_new_store_has_one_in_force(store):
    current = queries.in_force()
    items = queries.items(current)

    assert current.version == 1
    assert {factor.code: factor.weight for factor in queries.factors(current)} == {
        "initiation": 15,
        "advisor": 20,
        "facility": 15,
        "pickup": 18,
        "quality": 32,
    }
    assert len([item for item in items if item.factor]) == 13
    assert set(queries.core_items(items)) == {"overall", "nps", "problem", "words"}
    assert all(item.text_zh and item.text_en for item in items)


def test_a_draft_is_a_copy_and_there_is_one(draft, manager):
    assert surveys.draft(by=manager) == draft
    assert [i.text_zh for i in queries.items(draft)] == [i.text_zh for i in queries.items(queries.in_force())]
    assert queries.in_force().version == 1


def test_publishing_retires_the_one_before(draft, manager):
    surveys.set_weights(
        draft, weights={"initiation": 10, "advisor": 25, "facility": 15, "pickup": 18, "quality": 32}, by=manager
    )
    surveys.publish(draft, by=manager)

    assert queries.in_force() == draft
    assert Questionnaire.objects.get(version=1).retired_at is not None
    with pytest.raises(Conflict):
        surveys.publish(draft, by=manager)
    with pytest.raises(Conflict):
        surveys.set_weights(draft, weights=dict.fromkeys(["quality"], 100), by=manager)


@pytest.mark.parametrize("quality", [31, 33, 0, -68])
def test_weights_that_do_not_sum_to_100_are_refused(draft, manager, quality):
    with pytest.raises(DomainError) as refused:
        surveys.set_weights(
            draft,
            weights={"initiation": 15, "advisor": 20, "facility": 15, "pickup": 18, "quality": quality},
            by=manager,
        )

    assert refused.value.code == "weights_sum"


def test_a_negative_weight_is_refused_though_the_sum_is_right(draft, manager):
    weights = {"initiation": -10, "advisor": 45, "facility": 15, "pickup": 18, "quality": 32}

    with pytest.raises(DomainError):
        surveys.set_weights(draft, weights=weights, by=manager)


def test_the_database_refuses_a_published_sum_other_than_100(store):
    factor = Factor.objects.filter(code="quality").first()

    with pytest.raises(IntegrityError, match="sum to 99"), transaction.atomic():
        Factor.objects.filter(pk=factor.pk).update(weight=31)
        with connection.cursor() as sql:
            sql.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_weighted_factor_needs_a_question(draft, manager):
    for item in queries.items(draft):
        if item.factor and item.factor.code == "facility":
            surveys.remove_item(item, by=manager)

    with pytest.raises(DomainError) as refused:
        surveys.publish(draft, by=manager)

    assert refused.value.code == "empty_factor"
    assert "服务设施" in str(refused.value)


@pytest.mark.parametrize("core", ["overall", "nps", "problem"])
def test_the_core_questions_are_asked_once_each(draft, manager, core):
    surveys.remove_item(queries.core_items(queries.items(draft))[core], by=manager)

    with pytest.raises(DomainError) as refused:
        surveys.publish(draft, by=manager)

    assert refused.value.code == "core_missing"


def test_a_question_is_added_changed_and_moved(draft, manager):
    item = surveys.add_item(
        draft, item=surveys.ItemInput(text_zh="餐饮", text_en="Food", factor="facility"), by=manager
    )
    assert item.position == 18
    surveys.change_item(item, item=surveys.ItemInput(text_zh="茶水餐饮", factor="facility"), by=manager)
    surveys.move_item(item, up=True, by=manager)

    item.refresh_from_db()
    assert (item.position, item.text_zh, item.factor.code) == (17, "茶水餐饮", "facility")
    surveys.publish(draft, by=manager)
    with pytest.raises(Conflict):
        surveys.change_item(item, item=surveys.ItemInput(text_zh="别的"), by=manager)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (surveys.ItemInput(text_zh=" "), "text_missing"),
        (surveys.ItemInput(text_zh="推荐", kind="nps"), "only_one"),
        (surveys.ItemInput(text_zh="总体", kind="scale"), "only_one"),
        (surveys.ItemInput(text_zh="有吗", kind="yes_no", factor="quality"), "factor_scale"),
    ],
)
def test_questions_that_make_no_sense_are_refused(draft, manager, item, code):
    with pytest.raises(DomainError) as refused:
        surveys.add_item(draft, item=item, by=manager)

    assert refused.value.code == code


def test_a_second_yes_or_no_question_opens_no_case(draft, manager):
    item = surveys.add_item(draft, item=surveys.ItemInput(text_zh="铺了三件套吗", kind="yes_no"), by=manager)

    assert item.asks_problem is False


def test_a_draft_thrown_away_changes_nothing(draft, manager):
    surveys.discard(draft, by=manager)

    assert Questionnaire.objects.get() == queries.in_force()
    with pytest.raises(Conflict):
        surveys.publish(draft, by=manager)
