"""Taking an answer: figures, what is low, one per visit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from complaints.models import Case, Voice
from core import clock
from core.actors import Actor
from core.errors import Conflict, DomainError
from journal.models import Event
from surveys import domain as surveys
from surveys import queries
from surveys.models import Answer, FactorScore, Invitation, Response
from visits import domain as visits


@pytest.fixture
def by_link():
    def send(visit, token, answers, **fields):
        by = Actor.customer(visit.customer_id)
        return surveys.answer(visit, answers=answers, channel="link", by=by, token=token, **fields)

    return send


def test_a_content_customer(invited, by_link, marks):
    visit, token = invited()

    response = by_link(visit, token, marks(9, nps=10, words=" 很好 "), seconds=75)

    assert (response.csi, response.overall, response.nps, response.problem) == (Decimal("900.0"), 9, 10, False)
    assert (response.low, response.comment, response.seconds, response.case) == (False, "很好", 75, None)
    assert response.advisor_id == visit.advisor_id
    assert response.technician_id is not None
    assert set(FactorScore.objects.values_list("code", "score")) == {
        (code, Decimal("9.00")) for code in ("initiation", "advisor", "facility", "pickup", "quality")
    }
    assert Answer.objects.count() == 17
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.answered_at) == ("answered", response.at)
    event = Event.objects.get(name="surveys.answered")
    assert event.visit_id == visit.pk
    assert event.data["csi"] == "900.0"
    assert event.data["factors"]["quality"] == "9.00"
    assert event.payload.factors["quality"] == Decimal(9)
    assert event.data["released_on"] == clock.local_day(visit.store.tz, visit.released_at).isoformat()
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "given",
    [{"score": 6, "overall": 9}, {"nps": 6}, {"problem": True}, {"overall": 3}],
    ids=["an item", "recommendation", "problem", "overall"],
)
def test_a_low_answer_opens_a_case(invited, by_link, marks, given):
    visit, token = invited()

    response = by_link(visit, token, marks(**given))

    case = Case.objects.get()
    assert (response.low, response.case_id) == (True, case.pk)
    assert (case.visit_id, case.customer_id, case.source, case.severity) == (
        visit.pk,
        visit.customer_id,
        "survey",
        "L2",
    )
    assert case.owner_id not in (None, visit.advisor_id) or case.owner_id is None
    assert case.first_response_due_at is not None
    assert case.words
    assert Event.objects.get(name="surveys.answered").data["case_id"] == case.pk


def test_seven_is_not_low(invited, by_link, marks):
    visit, token = invited()

    assert by_link(visit, token, marks(7, nps=7)).low is False


def test_the_customers_words_are_the_cases_words(invited, by_link, marks):
    visit, token = invited()

    by_link(visit, token, marks(9, nps=3, words="等了三个小时"))

    assert Case.objects.get().words == "等了三个小时"


def test_without_words_the_case_says_what_was_marked_low(invited, by_link, marks):
    visit, token = invited()

    by_link(visit, token, marks(9, overall=2, nps=1))

    words = Case.objects.get().words
    assert "总体来说，您对本次服务的满意程度？ 2" in words
    assert Response.objects.get().comment == ""


def test_a_low_answer_joins_the_open_case_of_the_visit(invited, by_link, marks, staff):
    from complaints import domain as complaints

    visit, token = invited()
    case = complaints.open_case(
        store=visit.store, words="异响没修好", source="desk", by=staff("customer_relations"), visit=visit
    )

    response = by_link(visit, token, marks(2, nps=0, problem=True, words="还是响"))

    assert Case.objects.get() == case == response.case
    assert Voice.objects.filter(case=case, words="还是响").count() == 1


def test_the_second_answer_is_refused_whoever_gives_it(invited, by_link, marks, staff):
    visit, token = invited()
    first = by_link(visit, token, marks(9))

    with pytest.raises(Conflict) as by_the_same_link:
        by_link(visit, token, marks(1, nps=0))
    with pytest.raises(Conflict):
        surveys.answer(visit, answers=marks(1, nps=0), channel="phone", by=staff("customer_relations"))

    assert by_the_same_link.value.code == "already_answered"
    assert Response.objects.get() == first
    assert Case.objects.count() == 0


def test_on_the_phone_a_short_form_does(invited, marks, staff):
    visit, _token = invited()
    caller = staff("customer_relations")

    response = surveys.answer(
        visit, answers=marks(8, short=True), channel="phone", by=caller, comment="挺好", problem=False
    )

    assert (response.csi, response.overall, response.nps, response.comment) == (None, 8, 9, "挺好")
    assert response.taken_by == caller
    assert FactorScore.objects.count() == 0
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.reason) == ("closed", "phone")
    assert Event.objects.filter(name="surveys.invitation_ended").count() == 1


def test_half_a_factor_counts_less_than_half_does_not(invited, by_link, marks):
    visit, token = invited()
    answers = marks(10)
    items = queries.items(queries.in_force())
    advisor = [item.pk for item in items if item.factor and item.factor.code == "advisor"]
    facility = [item.pk for item in items if item.factor and item.factor.code == "facility"]
    del answers[advisor[0]], answers[advisor[1]], answers[facility[0]]

    response = by_link(visit, token, answers)

    assert response.csi is None
    assert set(FactorScore.objects.values_list("code", flat=True)) == {"initiation", "facility", "pickup", "quality"}


class TestRefused:
    def test_a_required_question_left_out(self, invited, by_link, marks):
        visit, token = invited()
        answers = marks(9)
        del answers[queries.core_items(queries.items(queries.in_force()))["nps"].pk]

        with pytest.raises(DomainError) as refused:
            by_link(visit, token, answers)

        assert refused.value.code == "answer_missing"
        assert Response.objects.count() == 0
        assert Invitation.objects.get().state == "sent"

    @pytest.mark.parametrize("value", [0, 11, -1, True, "9", 9.5])
    def test_no_score(self, invited, by_link, marks, value):
        visit, token = invited()
        overall = queries.core_items(queries.items(queries.in_force()))["overall"].pk

        with pytest.raises(DomainError) as refused:
            by_link(visit, token, marks(9) | {overall: value})

        assert refused.value.code == "answer_range"

    def test_an_item_of_another_questionnaire(self, invited, by_link, marks):
        visit, token = invited()

        with pytest.raises(DomainError) as refused:
            by_link(visit, token, marks(9) | {999_999: 9})

        assert refused.value.code == "unknown_item"

    def test_after_the_time(self, invited, by_link, marks):
        visit, token = invited()

        with time_machine.travel(clock.now() + timedelta(days=8), tick=False), pytest.raises(DomainError) as refused:
            by_link(visit, token, marks(9))

        assert refused.value.code == "expired"

    def test_with_another_visits_link(self, invited, by_link, marks):
        visit, _token = invited()
        _other, token = invited()

        with pytest.raises(DomainError) as refused:
            by_link(visit, token, marks(9))

        assert refused.value.code == "token_unknown"

    def test_before_the_release(self, make_visit, marks, staff):
        visit = make_visit("repair")

        with pytest.raises(DomainError) as refused:
            surveys.answer(visit, answers=marks(9), channel="phone", by=staff("customer_relations"))

        assert refused.value.code == "not_released"


def test_by_the_link_of_the_visit_he_may_answer_uninvited(released, by_link, marks):
    visit = released(hours=1)
    surveys.plan_invitation(visit, by=Actor.system("surveys"))

    by_link(visit, visits.make_link(visit), marks(9))

    assert Invitation.objects.get().state == "answered"
    assert surveys.invite_due(clock.now() + timedelta(days=2)) == 0
