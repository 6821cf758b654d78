"""Link and call are one task: nobody is asked twice about one visit."""

from __future__ import annotations

import pytest
from django.urls import reverse

from complaints.models import Case
from core.actors import Actor
from core.errors import Conflict
from core.stages import Stage
from followups import domain as followups
from followups.choices import CallState
from followups.models import CallAttempt, FollowUpCall
from journal.testing import drain
from surveys import domain as surveys
from surveys import queries
from surveys.models import Invitation, Response
from tests.together import together

SYSTEM = Actor.system("surveys")


def core() -> dict:
    return queries.core_items(queries.items(queries.in_force()))


def by_link(visit, *, overall=9, nps=9, problem=False, **fields):
    items = core()
    answers = {items["overall"].pk: overall, items["nps"].pk: nps, items["problem"].pk: problem}
    return surveys.answer(visit, answers=answers, channel="link", by=Actor.customer(visit.customer_id), **fields)


@pytest.fixture
def invited(owed):
    return surveys.plan_invitation(owed.visit, by=SYSTEM)


def test_a_completed_call_is_the_answer(owed, answer, invited):
    items = queries.items(queries.in_force())
    marks = {item.pk: 8 for item in items if item.factor_id}

    answer(satisfaction=9, nps=10, words="挺好", answers=marks)

    response = Response.objects.get()
    assert (response.channel, response.overall, response.nps, response.csi) == ("phone", 9, 10, 800)
    assert (response.taken_by, response.comment) == (owed.caller, "挺好")
    invited.refresh_from_db()
    assert (invited.state, invited.reason) == ("closed", "phone")


def test_a_low_call_opens_one_case_for_call_and_answer(owed, answer, invited):
    answer(satisfaction=4, words="漏油")

    case = Case.objects.get()
    owed.call.refresh_from_db()
    assert owed.call.case == case == Response.objects.get().case
    assert (case.source, case.severity) == ("follow_up", "L2")


def test_a_low_mark_of_one_question_is_low_too(owed, answer, invited):
    mark = next(item for item in queries.items(queries.in_force()) if item.factor_id)

    answer(answers={mark.pk: 5}, words="停车难")

    assert Case.objects.get().words == "停车难"


def test_an_answer_by_link_closes_call_and_visit(owed, invited):
    by_link(owed.visit, overall=8, nps=7, comment="不错")
    drain()

    owed.call.refresh_from_db()
    owed.visit.refresh_from_db()
    assert owed.call.state == CallState.ANSWERED
    assert (owed.call.satisfaction, owed.call.nps, owed.call.problem, owed.call.words) == (8, 7, False, "不错")
    assert owed.visit.stage == Stage.CLOSED
    with pytest.raises(Conflict):
        followups.record_attempt(owed.call, outcome="done", by=owed.caller, satisfaction=9, nps=9, problem=False)
    assert CallAttempt.objects.count() == 0


def test_a_low_answer_by_link_stands_on_the_call(owed, invited):
    by_link(owed.visit, problem=True, comment="空调不冷")
    drain()

    owed.call.refresh_from_db()
    assert owed.call.case == Case.objects.get()


def test_an_answer_before_the_reaction_has_run_refuses_the_call(owed, answer, invited):
    by_link(owed.visit)

    with pytest.raises(Conflict):
        answer()

    assert Response.objects.get().channel == "link"
    assert CallAttempt.objects.count() == 0


def test_an_answer_that_overtakes_the_opening_of_the_call(owed, invited):
    FollowUpCall.objects.all().delete()
    by_link(owed.visit)
    drain()

    assert FollowUpCall.objects.get().state == CallState.ANSWERED


def test_who_does_not_want_to_be_asked_gets_no_link(owed, answer, invited):
    answer("refused")

    invited.refresh_from_db()
    assert (invited.state, invited.reason) == ("closed", "refused")
    assert surveys.invite_due(invited.due_at) == 0


def test_who_was_not_reached_may_still_answer_by_link(owed, answer, invited):
    FollowUpCall.objects.filter(pk=owed.call.pk).update(state="unreachable", completed_at=owed.visit.released_at)

    by_link(owed.visit)
    drain()

    owed.call.refresh_from_db()
    assert owed.call.state == CallState.UNREACHABLE


@pytest.mark.django_db(transaction=True)
def test_link_and_call_at_the_same_moment_one_wins(owed, invited, store):
    """Whoever is first, the visit has one answer, one case, one end."""
    outcomes = together(
        store,
        [
            lambda: by_link(owed.visit, overall=2, comment="链接"),
            lambda: followups.record_attempt(
                owed.call, outcome="done", by=owed.caller, satisfaction=3, nps=3, problem=True, words="电话"
            ),
            lambda: by_link(owed.visit, overall=1, comment="链接二"),
        ],
    )
    drain()

    lost = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(lost) == 2, outcomes
    assert Response.objects.count() == Case.objects.count() == 1
    owed.call.refresh_from_db()
    owed.visit.refresh_from_db()
    phone = Response.objects.get().channel == "phone"
    assert owed.call.state == (CallState.DONE if phone else CallState.ANSWERED)
    assert owed.visit.stage == Stage.CLOSED
    assert Invitation.objects.get().state == ("closed" if phone else "answered")


class TestPage:
    def test_the_call_page_asks_the_whole_questionnaire(self, owed, client_as):
        page = client_as(owed.caller).get(reverse("followups:call", args=[owed.call.pk])).content.decode()

        assert "服务启动" in page
        assert "按约定时间交车" in page

    def test_marks_of_the_call_page_reach_the_answer(self, owed, client_as):
        marks = {f"item-{item.pk}": "9" for item in queries.items(queries.in_force()) if item.factor_id}
        data = {"outcome": "done", "satisfaction": "9", "nps": "9", "problem": "no", "words": ""}

        sent = client_as(owed.caller).post(reverse("followups:call", args=[owed.call.pk]), data | marks)

        assert sent.status_code == 303
        assert Response.objects.get().csi == 900

    def test_answered_meanwhile_the_caller_is_told(self, owed, invited, client_as):
        browser = client_as(owed.caller)
        by_link(owed.visit)
        data = {"outcome": "done", "satisfaction": "9", "nps": "9", "problem": "no", "words": "挺好"}

        sent = browser.post(reverse("followups:call", args=[owed.call.pk]), data)

        assert sent.status_code == 409
        assert "挺好" in sent.content.decode()
