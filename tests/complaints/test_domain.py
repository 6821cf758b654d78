"""What customers said, and the cases problems become: an owner, a clock, an answer, an end."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from complaints import domain as complaints
from complaints import queries, rules
from complaints.models import Case, CaseEntry, Voice
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from journal.models import Event
from stores import calendar
from tests import factories

# A Tuesday, 17:45 in Shanghai: a quarter of an hour before the store closes (opens again 08:30).
LATE = datetime(2026, 11, 17, 9, 45, tzinfo=UTC)


def test_a_case_has_the_words_an_owner_and_a_clock(open_case, visit, relations):
    case = open_case("  空调不冷，来了三次  ", visit=visit)

    assert case.words == "空调不冷，来了三次"
    assert (case.customer, case.vehicle, case.owner) == (visit.customer, visit.vehicle, relations)
    assert case.number.startswith("TS")
    assert case.first_response_due_at > case.opened_at
    assert Event.objects.get(name="complaints.case_opened").data["number"] == case.number


def test_without_words_there_is_no_case(open_case):
    with pytest.raises(DomainError):
        open_case("  ")
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("severity", "due"),
    [
        ("L1", datetime(2026, 11, 18, 0, 45, tzinfo=UTC)),  # 08:45 on the next morning
        ("L2", datetime(2026, 11, 18, 1, 15, tzinfo=UTC)),
        ("L3", datetime(2026, 11, 18, 1, 15, tzinfo=UTC)),
        ("L4", LATE + timedelta(minutes=30)),  # round the clock
    ],
)
def test_clocks_run_in_opening_hours_but_grave_ones_round_the_clock(open_case, severity, due):
    with time_machine.travel(LATE, tick=False):
        assert open_case(severity=severity).first_response_due_at == due


def test_owners_by_severity(open_case, staff, relations):
    manager, director, general = (staff(r) for r in ("service_manager", "aftersales_director", "general_manager"))
    owners = [open_case(severity=s).owner for s in ("L1", "L2", "L3", "L4")]
    assert owners == [relations, manager, director, general]


def test_the_ladder_goes_up_where_a_role_is_empty_and_shares_out_the_work(open_case, staff, relations):
    second = staff("customer_relations")
    assert open_case(severity="L4").owner == relations
    assert [open_case().owner, open_case().owner] == [second, relations]


def test_the_owner_is_never_the_person_it_is_about(open_case, make_visit, staff, relations):
    advisor = staff("customer_relations")
    visit = make_visit("handover", advisor=advisor)
    second = open_case(visit=visit)
    named = open_case(about=relations)

    assert second.owner == relations
    assert named.owner == advisor
    assert rules.complained_about(named) == {relations.pk}
    assert rules.complained_about(second) == {advisor.pk}


def test_signals_of_one_visit_join_one_case(open_case, visit):
    first = open_case("空调不冷", visit=visit)
    due = first.first_response_due_at
    again = open_case("还是不冷", visit=visit, source="follow_up")

    assert again == first
    assert Case.objects.count() == 1
    voice = Voice.objects.get()
    assert (voice.words, voice.case, voice.source) == ("还是不冷", first, "follow_up")
    assert again.first_response_due_at == due


def test_a_graver_signal_raises_severity_and_shortens_the_clock(open_case, visit):
    with time_machine.travel(LATE, tick=False):
        first = open_case(visit=visit)
        graver = open_case("刹车失灵", visit=visit, severity="L4")
        milder = open_case("态度不好", visit=visit, severity="L1")

    assert (graver.severity, milder.severity) == ("L4", "L4")
    assert graver.first_response_due_at == LATE + timedelta(minutes=30) < first.first_response_due_at


def test_a_closed_case_is_not_joined(open_case, finished, visit, relations):
    first = finished(visit=visit)
    assert open_case("还有一件事", visit=visit) == first  # until it is closed
    complaints.close_case(first, note="已更换压缩机", by=relations)

    assert open_case("又坏了", visit=visit) != first


def test_the_first_answer_stops_the_clock(open_case, visit, relations):
    case = open_case(visit=visit)
    with pytest.raises(DomainError):
        complaints.respond(case, text=" ", by=relations)
    complaints.respond(case, text="已致歉，约明早检查", by=relations)
    complaints.respond(case, text="检查完毕", by=relations)

    case.refresh_from_db()
    first = CaseEntry.objects.filter(case=case).first()
    assert case.first_response_at == first.at
    event = Event.objects.get(name="complaints.customer_answered")
    assert event.data["in_time"] is True


def test_a_late_answer_is_late(open_case, relations):
    case = open_case()
    with time_machine.travel(case.first_response_due_at + timedelta(minutes=1)):
        complaints.respond(case, text="抱歉", by=relations)
    assert Event.objects.get(name="complaints.customer_answered").data["in_time"] is False


def test_a_case_is_closed_with_a_note_and_then_rests(finished, relations):
    case = finished()
    with pytest.raises(DomainError):
        complaints.close_case(case, note="", by=relations)

    closed = complaints.close_case(case, note="已更换压缩机", by=relations)

    assert (closed.state, closed.closing_note) == ("closed", "已更换压缩机")
    for act in (complaints.respond, complaints.note):
        with pytest.raises(Conflict):
            act(case, text="还有", by=relations)


def test_nobody_works_on_a_case_about_himself(open_case, visit, relations, staff):
    role = visit.advisor.role
    role.permissions = [*role.permissions, "complaints.work"]
    role.save()
    case = open_case(visit=visit)

    with pytest.raises(NotAllowed):
        complaints.respond(case, text="我解释", by=visit.advisor)
    with pytest.raises(NotAllowed):
        complaints.give_case(case, owner=visit.advisor, by=relations)
    with pytest.raises(NotAllowed):
        complaints.respond(case, text="我解释", by=staff("cashier"))

    assert not CaseEntry.objects.exists()


def test_a_case_changes_hands(open_case, relations, staff):
    case, manager = open_case(), staff("service_manager")
    assert complaints.give_case(case, owner=manager, by=manager).owner == manager
    complaints.give_case(case, owner=manager, by=manager)
    assert Event.objects.filter(name="complaints.owner_changed").count() == 1


def test_the_inbox_has_the_nearest_clock_on_top_and_answered_ones_last(open_case, relations):
    answered, slow, urgent = open_case("a"), open_case("b"), open_case("c", severity="L4")
    complaints.respond(answered, text="x", by=relations)
    Case.objects.filter(pk=urgent.pk).update(first_response_due_at=clock.now())
    assert list(queries.inbox()) == [urgent, slow, answered]
    assert list(queries.inbox(owner=answered.owner)) != []


# --- Customer said … -------------------------------------------------------------------------------------------------


def test_a_problem_taken_in_passing_opens_a_case(store, visit, relations, staff):
    cashier = staff("cashier")
    voice = complaints.take_voice(
        store=store, kind="problem", words="洗车没洗干净", plate=visit.vehicle.plate, by=cashier
    )

    assert (voice.visit, voice.case.visit, voice.taken_by) == (visit, visit, cashier)
    assert (voice.case.words, voice.case.owner) == ("洗车没洗干净", relations)
    again = complaints.take_voice(
        store=store, kind="problem", words="还很脏", plate=visit.vehicle.plate[-4:], by=cashier
    )
    assert again.case == voice.case
    assert Voice.objects.count() == 2


def test_a_plate_nobody_knows_is_kept_as_it_was_typed(store, relations):
    voice = complaints.take_voice(store=store, kind="problem", words="没人理我", plate="沪b·12345", by=relations)
    assert (voice.plate, voice.visit, voice.case.visit) == ("沪B12345", None, None)


def test_a_tail_that_fits_two_cars_in_the_store_is_not_guessed(store, relations, make_visit):
    make_visit("repair", vehicle=factories.vehicle(store, plate="京A77001"))
    inside = make_visit("repair", vehicle=factories.vehicle(store, plate="京B88001"))
    make_visit("closed", vehicle=factories.vehicle(store, plate="京C88001"))

    assert queries.visit_of_plate("001") is None
    assert queries.visit_of_plate("88001") == inside
    assert queries.visit_of_plate("01") is None


@pytest.mark.parametrize("kind", ["praise", "idea"])
def test_praise_and_ideas_open_no_case(store, visit, relations, kind):
    voice = complaints.take_voice(store=store, kind=kind, words="技师很细心", by=relations)
    assert voice.case is None
    assert not Case.objects.exists()


def test_praise_reaches_the_person(store, visit, relations, staff):
    technician = staff("technician")
    complaints.take_voice(store=store, kind="praise", words="技师很细心", about=technician, by=relations)
    complaints.take_voice(store=store, kind="praise", words="顾问讲解清楚", plate=visit.vehicle.plate, by=relations)

    assert [voice.words for voice in queries.praise_for(technician)] == ["技师很细心"]
    assert [voice.words for voice in queries.praise_for(visit.advisor)] == ["顾问讲解清楚"]
    assert queries.praise_for(relations) == []
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert queries.praise_for(technician) == []


def test_a_voice_needs_words_and_a_kind(store, relations):
    for fields in ({"kind": "problem", "words": " "}, {"kind": "", "words": "x"}):
        with pytest.raises(DomainError):
            complaints.take_voice(store=store, by=relations, **fields)
    assert not Voice.objects.exists()


def test_the_clock_is_the_stores_calendar(open_case, store):
    case = open_case(severity="L2")
    assert case.first_response_due_at == calendar.add_business_time(store, case.opened_at, timedelta(hours=1))


def test_grading_up_hurries_and_only_a_manager_grades_down(open_case, people):
    case = open_case()
    graver = complaints.grade(case, severity="L4", category="product", by=people.relations)
    assert (graver.severity, graver.category) == ("L4", "product")
    assert graver.plan_due_at <= case.plan_due_at
    with pytest.raises(NotAllowed):
        complaints.grade(case, severity="L1", category="", by=people.relations)
    with pytest.raises(DomainError):
        complaints.grade(case, severity="L4", category="nonsense", by=people.relations)
    assert complaints.grade(case, severity="L2", category="", by=people.manager).severity == "L2"
