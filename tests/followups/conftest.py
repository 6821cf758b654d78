from types import SimpleNamespace

import pytest

from followups import domain as followups
from followups.models import FollowUpCall


@pytest.fixture
def owed(make_visit):
    """A released car whose customer has to be called: `owed.call`, `owed.visit`, `owed.caller`, `owed.advisor`."""
    visit = make_visit("follow_up")
    return SimpleNamespace(
        visit=visit,
        call=FollowUpCall.objects.get(visit=visit),
        caller=make_visit.person("customer_relations"),
        advisor=visit.advisor,
    )


@pytest.fixture
def answer(owed):
    """`answer()`: a completed call with a happy customer, unless told otherwise."""

    def record(outcome="done", **fields):
        answers = {"by": owed.caller}
        if outcome == "done":
            answers |= {"satisfaction": 9, "nps": 10, "problem": False}
        return followups.record_attempt(owed.call, outcome=outcome, **{**answers, **fields})

    return record
