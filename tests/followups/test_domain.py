"""The follow-up call: owed by a reaction, never made by the advisor, and the visit is over only after it."""

from datetime import timedelta

import pytest
import time_machine

from checkout import domain as checkout
from complaints import domain as complaints
from complaints.models import Case, Voice
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from core.stages import Stage
from followups import domain as followups
from followups import gates, queries
from followups.choices import CallState
from followups.models import CallAttempt, FollowUpCall
from journal.models import Event
from journal.testing import drain
from visits.models import Visit


def released(make_visit):
    visit = make_visit("checkout", paid=True)
    checkout.release(visit.vehicle.plate, by=make_visit.person("gate"))
    return Visit.objects.get(pk=visit.pk)


def test_a_released_car_owes_its_customer_a_call(make_visit, staff, store):
    caller = staff("customer_relations")
    visit = released(make_visit)
    drain()

    call = FollowUpCall.objects.get(visit=visit)
    assert call.due_at == visit.released_at + timedelta(hours=store.follow_up_hours)
    assert call.next_try_at == visit.released_at + timedelta(hours=24)
    assert (call.state, call.assigned_to) == (CallState.OPEN, caller)
    drain()
    followups.open_call(visit, by=caller)
    assert FollowUpCall.objects.count() == 1
    assert Event.objects.filter(name="followups.call_opened").count() == 1


def test_calls_are_shared_out_and_never_to_the_advisor(make_visit, staff):
    advisor, first, second = (staff("customer_relations") for _ in range(3))
    callers = []
    for _ in range(4):
        visit = make_visit("checkout", paid=True)
        Visit.objects.filter(pk=visit.pk).update(advisor=advisor)
        checkout.release(visit.vehicle.plate, by=make_visit.person("gate"))
        drain()
        callers.append(FollowUpCall.objects.get(visit=visit).assigned_to)

    assert callers == [first, second, first, second]


def test_a_visit_that_never_left_owes_none(make_visit, staff):
    assert followups.open_call(make_visit("handover"), by=staff("customer_relations")) is None
    assert not FollowUpCall.objects.exists()


def test_a_happy_customer_closes_the_visit(owed, answer):
    answer(words="很满意", note="接听及时")

    owed.call.refresh_from_db()
    owed.visit.refresh_from_db()
    assert (owed.call.state, owed.call.satisfaction, owed.call.nps, owed.call.problem) == ("done", 9, 10, False)
    assert (owed.visit.stage, owed.call.case) == (Stage.CLOSED, None)
    assert not Case.objects.exists()
    assert CallAttempt.objects.get().note == "接听及时"
    with pytest.raises(Conflict):
        answer()


def test_the_advisor_never_calls(owed, answer):
    role = owed.advisor.role
    role.permissions = [*role.permissions, "followups.call"]
    role.save()

    with pytest.raises(NotAllowed):
        answer(by=owed.advisor)
    with pytest.raises(NotAllowed):
        followups.give_call(owed.call, to=owed.advisor, by=owed.caller)

    assert not CallAttempt.objects.exists()
    owed.visit.refresh_from_db()
    assert owed.visit.stage == Stage.FOLLOW_UP


def test_other_roles_do_not_call(owed, answer, staff):
    with pytest.raises(NotAllowed):
        answer(by=staff("cashier"))


@pytest.mark.parametrize(
    "answers",
    [
        {"satisfaction": 9, "nps": 9, "problem": True},
        {"satisfaction": 6, "nps": 9, "problem": False},
        {"satisfaction": 9, "nps": 6, "problem": False},
    ],
)
def test_a_problem_or_a_low_score_becomes_a_case_with_the_words(owed, answer, answers):
    with pytest.raises(DomainError) as refused:
        answer(**answers)
    assert refused.value.code == "words_missing"
    assert not CallAttempt.objects.exists()

    answer(**answers, words="空调还是不冷", severity="L2")

    owed.call.refresh_from_db()
    case = Case.objects.get()
    assert owed.call.case == case
    assert (case.words, case.source, case.severity, case.visit) == ("空调还是不冷", "follow_up", "L2", owed.visit)
    assert case.owner != owed.advisor
    owed.visit.refresh_from_db()
    assert owed.visit.stage == Stage.CLOSED


def test_a_problem_joins_the_case_that_is_open(owed, answer, store, staff):
    voice = complaints.take_voice(
        store=store, kind="problem", words="等太久", plate=owed.visit.vehicle.plate, by=staff("cashier")
    )
    answer(problem=True, words="车还在抖")

    owed.call.refresh_from_db()
    assert owed.call.case == voice.case
    assert list(Voice.objects.order_by("id").values_list("words", flat=True)) == ["等太久", "车还在抖"]


@pytest.mark.parametrize("missing", ["satisfaction", "nps", "problem"])
def test_a_completed_call_has_all_answers(owed, answer, missing):
    with pytest.raises(DomainError) as refused:
        answer(**{missing: None})
    assert refused.value.code == f"{missing}_missing"
    with pytest.raises(DomainError):
        answer(satisfaction=11)
    assert not CallAttempt.objects.exists()


def test_not_reached_is_tried_again_tomorrow(owed, answer):
    before = clock.now()
    answer("no_answer")

    owed.call.refresh_from_db()
    assert owed.call.state == CallState.OPEN
    assert owed.call.next_try_at >= before + timedelta(hours=23)
    assert len(gates.leave_follow_up(owed.visit)) == 1


def test_later_means_when(owed, answer):
    with pytest.raises(DomainError):
        answer("later")
    with pytest.raises(DomainError):
        answer("later", next_try_at=clock.now() - timedelta(minutes=1))
    at = clock.now() + timedelta(hours=3)
    answer("later", next_try_at=at)

    owed.call.refresh_from_db()
    assert owed.call.next_try_at == at


def test_five_different_days_count_as_not_reachable(owed, answer):
    start = clock.now()
    for day in range(5):
        with time_machine.travel(start + timedelta(days=day)):
            owed.call.refresh_from_db()
            assert owed.call.state == CallState.OPEN
            # A second try on the same day is a try, not another day.
            if day < 4:
                answer("off")
            answer("no_answer")

    owed.call.refresh_from_db()
    owed.visit.refresh_from_db()
    assert (owed.call.state, owed.visit.stage) == (CallState.UNREACHABLE, Stage.CLOSED)
    assert owed.call.attempts.count() == 9
    assert gates.leave_follow_up(owed.visit) == []


def test_five_tries_on_one_day_are_one_day(owed, answer):
    for _ in range(6):
        answer("no_answer")
    owed.call.refresh_from_db()
    assert owed.call.state == CallState.OPEN


def test_who_does_not_want_to_be_called_is_left_in_peace(owed, answer):
    answer("refused")
    owed.call.refresh_from_db()
    owed.visit.refresh_from_db()
    assert (owed.call.state, owed.visit.stage) == (CallState.REFUSED, Stage.CLOSED)


def test_an_unknown_outcome(answer):
    with pytest.raises(DomainError):
        answer("perhaps")


def test_the_promise_is_told_as_it_was_kept(owed):
    assert queries.promise_kept(owed.visit) is True
    owed.visit.first_promised_at = owed.visit.ready_at - timedelta(minutes=1)
    assert queries.promise_kept(owed.visit) is False
    owed.visit.first_promised_at = None
    assert queries.promise_kept(owed.visit) is None


def test_the_earliest_due_call_is_on_top(make_visit):
    late, early = make_visit("follow_up"), make_visit("follow_up")
    FollowUpCall.objects.filter(visit=late).update(due_at=clock.now() + timedelta(hours=9))
    FollowUpCall.objects.filter(visit=early).update(due_at=clock.now() - timedelta(hours=1))
    assert [call.visit for call in queries.open_calls()] == [early, late]
    assert [call.state for call in queries.ended_calls()] == []
