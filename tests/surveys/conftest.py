"""A released car, its customer willing to be asked, and the answers he may give."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core import clock
from core.actors import Actor
from customers import domain as customers
from messaging.models import Message
from surveys import domain as surveys
from surveys import queries
from surveys.choices import ItemKind
from surveys.models import Invitation


@pytest.fixture
def released(make_visit):
    """`released(hours=25)`: a visit whose car left so many hours ago."""

    def make(hours: float = 25, **fields):
        visit = make_visit("follow_up", **fields)
        visit.released_at = clock.now() - timedelta(hours=hours)
        visit.save(update_fields=["released_at"])
        return visit

    return make


@pytest.fixture
def agree():
    def make(visit, allowed: bool = True):
        say = customers.give_consent if allowed else customers.withdraw_consent
        say(visit.customer, purpose="survey", channel="sms", by=Actor.customer(visit.customer_id), evidence="链接")

    return make


@pytest.fixture
def invited(released, agree):
    """`invited()`: (visit, token of the link the customer was sent)."""

    def make(**fields):
        visit = released(**fields)
        agree(visit)
        surveys.plan_invitation(visit, by=Actor.system("surveys"))
        assert surveys.invite_due() == 1
        return visit, token_of(visit)

    return make


def token_of(visit) -> str:
    invitation = Invitation.objects.get(visit=visit)
    body = Message.objects.get(dedupe_key=f"survey:{invitation.pk}").body
    return re.search(r"/c/survey/([A-Za-z0-9_-]{43})/", body)[1]


@pytest.fixture
def marks(store):
    """`marks(9, nps=10)`: the same score for every scale; other keywords: nps, problem, words, overall, only=“short”."""

    def make(
        score: int = 9, *, nps: int = 9, problem: bool = False, words: str = "", overall=None, short=False
    ) -> dict:
        items = queries.items(queries.in_force())
        core = queries.core_items(items)
        given = {} if short else {item.pk: score for item in items if item.kind == ItemKind.SCALE}
        given |= {core["overall"].pk: overall or score, core["nps"].pk: nps, core["problem"].pk: problem}
        if words:
            given[core["words"].pk] = words
        return given

    return make
