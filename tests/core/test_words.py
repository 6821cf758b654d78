"""Errors, actors, stages, bilingual names."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import models
from django.utils import translation

from core.actors import Actor, actor_of
from core.errors import Conflict, DomainError, GateClosed, NotAllowed
from core.fields import MoneyField
from core.models import BilingualName
from core.stages import ENDS, IN_STORE, JOURNEY, OPEN, SIDE_EXITS, Stage, step_of


def test_every_refusal_has_its_status_and_its_sentence():
    assert [(error.status, str(error)) for error in (DomainError("no"), Conflict("late"), NotAllowed("not you"))] == [
        (422, "no"),
        (409, "late"),
        (403, "not you"),
    ]


def test_a_closed_gate_says_all_that_is_missing():
    error = GateClosed(["Sign here.", "Ask there."])
    assert (error.status, str(error), error.blockers) == (409, "Sign here. Ask there.", ["Sign here.", "Ask there."])


def test_the_actor_behind_by():
    @dataclass
    class Person:
        actor: Actor

    actor = Actor.staff(7, "Li")
    assert actor_of(Person(actor)) == actor_of(actor) == actor
    assert (Actor.system("sweep").id, Actor.customer(3).kind, Actor.api(4).kind) == (None, "customer", "api")


@pytest.mark.parametrize(("kind", "actor_id"), [("staff", None), ("system", 3), ("ghost", 1)])
def test_an_impossible_actor_is_refused(kind, actor_id):
    with pytest.raises(ValueError, match="actor"):
        Actor(kind, actor_id)


def test_every_stage_is_a_step_or_a_side_exit():
    assert [step_of(stage) for stage in JOURNEY] == list(range(1, 10))
    assert {*JOURNEY, *SIDE_EXITS} == set(Stage)
    assert {*OPEN, *ENDS} == set(Stage)
    assert not {*OPEN} & {*ENDS}
    assert {*IN_STORE} < {*OPEN}
    assert step_of(Stage.NO_SHOW) is None


class Thing(BilingualName):
    class Meta:
        app_label = "core"
        managed = False


@pytest.mark.parametrize(
    ("zh", "en", "language", "shown"),
    [
        ("机油", "oil", "zh-hans", "机油"),
        ("机油", "oil", "en", "oil"),
        ("机油", "", "en", "机油"),
        ("机油", "oil", None, "机油"),
    ],
)
def test_a_name_is_shown_in_the_readers_language(zh, en, language, shown):
    with translation.override(language):
        assert str(Thing(name_zh=zh, name_en=en)) == shown


class Priced(models.Model):
    amount = MoneyField(null=True)

    class Meta:
        app_label = "core"
        managed = False


def test_a_computed_amount_is_rounded_half_up_before_it_is_stored():
    row = Priced(amount=Decimal("0.125"))
    assert Priced._meta.get_field("amount").pre_save(row, add=True) == row.amount == Decimal("0.13")
    assert Priced._meta.get_field("amount").pre_save(Priced(), add=True) is None


def test_the_money_field_migrates_without_its_fixed_size():
    _name, path, args, kwargs = MoneyField(default=0).deconstruct()
    assert (path, args, kwargs) == ("core.fields.MoneyField", [], {"default": 0})
