"""What is promised, in versions; and what becomes of what is owed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from commitments import domain as commitments
from commitments import queries
from commitments.choices import Code
from commitments.models import Commitment, Measurement
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from journal.models import Event
from tests.commitments import targets
from visits import domain as visits


def test_a_new_store_promises_seven_things(store):
    assert [row.code for row in queries.in_force()] == list(Code.values)
    assert [row.version for row in queries.in_force()] == [1] * 7


def test_words_and_clock_never_differ(store):
    row = targets.in_force("follow_up_72h")
    assert row.text == "您离店后 72 小时内，我们回访您一次。"
    assert targets.in_force("confirm_10min").text == "预约后 10 分钟内，您会收到我们的确认。"
    with translation.override("en"):
        assert row.text == "We ask how you fare within 72 hours of your visit."
        assert (row.remedy_text, targets.in_force("ready_by_first_promise").remedy_text) == (
            "Voucher of ¥50.00",
            "10% off labour",
        )


def test_a_draft_changes_nothing_until_it_is_published(store, make_visit):
    manager = make_visit.person("service_manager")
    draft = targets.draft(make_visit)
    assert targets.in_force("follow_up_72h").version == 1

    commitments.publish(draft, by=manager)

    assert (targets.in_force("follow_up_72h").version, Commitment.objects.filter(retired_at=None).count()) == (2, 7)
    assert Event.objects.get(name="commitments.published").data == {
        "code": "follow_up_72h",
        "version": 2,
        "target_seconds": 172_800,
    }
    with pytest.raises(Conflict):
        commitments.publish(draft, by=manager)


def test_what_began_is_measured_by_the_version_of_its_day(promising, make_visit, read):
    advisor, manager = make_visit.person("advisor"), make_visit.person("service_manager")
    before, after = make_visit("reception"), make_visit("reception")
    visits.promise(before, at=clock.now() + timedelta(hours=1), by=advisor)
    draft = commitments.write("ready_by_first_promise", by=manager, text_zh="准时", remedy="free_wash")
    commitments.publish(draft, by=manager)
    visits.promise(after, at=clock.now() + timedelta(hours=1), by=advisor)
    withdrawn = commitments.withdraw(draft, by=manager)
    visits.promise(make_visit("reception"), at=clock.now() + timedelta(hours=1), by=advisor)
    read()

    rows = Measurement.objects.filter(code="ready_by_first_promise").order_by("pk")
    assert [(row.visit, row.commitment.version) for row in rows] == [(before, 1), (after, 2)]
    assert withdrawn.retired_at and "ready_by_first_promise" not in [row.code for row in queries.in_force()]
    with pytest.raises(Conflict):
        commitments.withdraw(draft, by=manager)


@pytest.mark.parametrize(
    ("code", "terms", "why"),
    [
        ("follow_up_72h", {"text_zh": "两天内回访", "target_seconds": 3600}, "time_missing"),
        ("follow_up_72h", {"text_zh": "{time}内回访"}, "target"),
        ("follow_up_72h", {"text_zh": "{time}内回访", "target_seconds": 90 * 86_400}, "target"),
        ("follow_up_72h", {"text_zh": " ", "target_seconds": 3600}, "text_missing"),
        ("ready_by_first_promise", {"text_zh": "{time}内交车"}, "no_target"),
        ("ready_by_first_promise", {"text_zh": "准时", "remedy": "voucher"}, "value_missing"),
        (
            "ready_by_first_promise",
            {"text_zh": "准时", "remedy": "labour_discount", "remedy_value": 120},
            "value_missing",
        ),
    ],
)
def test_what_cannot_be_promised(store, make_visit, code, terms, why):
    with pytest.raises(DomainError) as refused:
        commitments.write(code, by=make_visit.person("service_manager"), **terms)
    assert refused.value.code == why
    assert not Commitment.objects.filter(published_at=None).exists()


@pytest.mark.parametrize("columns", [{"target_seconds": None}, {"remedy_value": None}, {"retired_at": clock.now()}])
def test_the_database_says_no_too(store, columns):
    row = targets.in_force("follow_up_72h")
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=row.pk).update(**{"published_at": None, **columns})


# --- Remedies ------------------------------------------------------------------------------------------------------------


def test_a_remedy_is_given_once(store, make_visit):
    remedy, relations = targets.owed(make_visit), make_visit.person("customer_relations")
    commitments.settle(remedy, outcome="given", note="券号 88", by=relations)

    remedy.refresh_from_db()
    assert (remedy.state, remedy.settled_by, remedy.note, remedy.text) == (
        "given",
        relations,
        "券号 88",
        "工时费优惠 10%",
    )
    event = Event.objects.get(name="commitments.remedy_settled")
    assert (event.visit_id, event.data["state"], event.data["value"]) == (remedy.measurement.visit_id, "given", "10.00")
    with pytest.raises(Conflict):
        commitments.settle(remedy, outcome="declined", note="不要", by=relations)


def test_not_to_give_it_is_a_managers_decision(store, make_visit):
    remedy = targets.owed(make_visit)
    with pytest.raises(NotAllowed):
        commitments.settle(remedy, outcome="waived", note="不合理", by=make_visit.person("advisor"))
    with pytest.raises(NotAllowed):
        commitments.settle(remedy, outcome="given", by=make_visit.person("controller"))
    with pytest.raises(DomainError):
        commitments.settle(remedy, outcome="waived", by=make_visit.person("service_manager"))
    remedy.refresh_from_db()
    assert remedy.state == "owed"

    commitments.settle(remedy, outcome="waived", note="客户要求等新件", by=make_visit.person("service_manager"))
    assert Decimal(10) == remedy.value


def test_a_remedy_given_stays_given_when_the_verdict_is_corrected(promising, make_visit, read):
    visit = make_visit("reception")
    at = clock.now() - timedelta(hours=3)
    targets.promised(visit, at=at, due=at + timedelta(hours=1))
    read()
    remedy = queries.owed().get()
    commitments.settle(remedy, outcome="given", by=make_visit.person("customer_relations"))

    targets.ready(visit, at=at)
    read()

    remedy.refresh_from_db()
    assert (remedy.measurement.state, remedy.state) == ("kept", "given")


# --- Reads ---------------------------------------------------------------------------------------------------------------


def test_in_danger_is_the_last_quarter_of_the_time(store, make_visit):
    now = clock.now()
    near = targets.measurement(make_visit, due=timedelta(minutes=14))
    late = targets.measurement(make_visit, due=-timedelta(minutes=1))
    targets.measurement(make_visit, due=timedelta(hours=2))
    long = targets.measurement(make_visit, due=timedelta(hours=17), started_at=now - timedelta(hours=55))
    targets.measurement(make_visit, "kept")

    assert list(queries.at_risk()) == [late, near, long]
    other = make_visit.person("advisor", "second")
    assert (queries.standing(), queries.standing(advisor=other)) == (
        {"at_risk": 3, "owed": 0},
        {"at_risk": 0, "owed": 0},
    )


def test_a_figure_has_its_interval(store, make_visit):
    targets.history(make_visit, "greeted_3min", kept=9, broken=2)
    targets.measurement(make_visit, code="greeted_3min")
    targets.measurement(make_visit, "excluded", code="greeted_3min")

    figure = queries.last_year(store)["greeted_3min"]

    assert (figure.kept, figure.broken, figure.n, figure.enough) == (9, 2, 11, True)
    assert [round(value, 4) for value in (figure.low, figure.rate, figure.high)] == [0.523, 0.8182, 0.9486]
    nothing = queries.last_year(store)["complaint_1h"]
    assert (nothing.n, nothing.rate, nothing.low) == (0, None, None)


def test_what_a_visit_and_a_customer_were_promised(store, make_visit, django_assert_num_queries):
    remedy = targets.owed(make_visit)
    visit = remedy.measurement.visit
    targets.measurement(make_visit)

    with django_assert_num_queries(1):
        (row,) = queries.of_visit(visit)
        assert (row, row.remedy, row.commitment.version) == (remedy.measurement, remedy, 1)
    assert queries.of_customer(visit.customer) == [remedy.measurement]
