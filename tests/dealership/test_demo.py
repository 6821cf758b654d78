"""The demo store: believable, quick, and silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django_scopes import scopes_disabled

from appointments.models import Appointment, Ticket, WaitlistEntry, WaitlistOffer
from commitments.models import Measurement
from complaints.models import Case
from core import clock
from core.errors import Conflict
from core.plates import is_plate
from core.stages import OPEN
from core.vin import check_digit_ok
from customers.models import Consent, Entitlement, Vehicle
from dealership.demo import DEMO_LOGINS, PASSWORD, copying, load, today
from followups.models import CallAttempt, FollowUpCall
from guarantees.models import Alert, Comeback, Exclusion
from inspections.models import Light
from journal.models import Event
from journal.testing import drain
from messaging.models import Message
from orders.models import DiscountRequest, Line, Redemption
from outreach.models import Task
from reception.models import CustomerCall
from repairs.models import Job, JobShare, PartRequest, Sublet
from repairs.queries.signing import waiting_for_signature
from reports.choices import WaitKind
from reports.queries import waits
from reports.queries.csi import Dashboard, Part
from reports.queries.periods import Period
from reports.queries.reasons import reasons
from stores.access import in_store
from stores.models import Leave, LoanCar, User
from surveys.models import Response
from visits.models import Promise, Visit


def nothing(*_progress) -> None:
    pass


@pytest.fixture
def demo(no_store):
    with scopes_disabled():
        yield load.load(120, progress=nothing)


def test_every_visit_has_its_lines_and_its_story(demo):
    assert Visit.objects.count() == 120
    assert set(Visit.objects.values_list("stage", "origin")) == {("closed", "demo")}
    assert not Visit.objects.filter(lines=None).exists()
    assert Line.objects.filter(consent=None).count() == 0
    told = set(Event.objects.filter(name="visits.released").values_list("visit_id", flat=True))
    assert told == set(Visit.objects.values_list("pk", flat=True))
    assert not Visit.objects.filter(ended_at__gt=demo.created_at).exists()


def test_cars_and_promises_are_believable(demo):
    cars = list(Vehicle.objects.all())
    assert [car.plate for car in cars if not is_plate(car.plate)] == []
    assert [car.vin for car in cars if not check_digit_ok(car.vin)] == []
    kept = sum(1 for visit in Visit.objects.all() if visit.ready_at <= visit.first_promised_at)
    assert 0.7 < kept / 120 < 0.99
    assert Promise.objects.filter(sequence=2).exists()


def test_no_promise_was_measured_before_it_was_given(demo):
    assert Measurement.objects.exists()
    assert not Measurement.objects.filter(started_at__lt=F("commitment__published_at")).exists()


def test_nobody_was_telephoned_at_night(demo):
    hours = {at.astimezone(demo.tz).hour for at in CallAttempt.objects.values_list("at", flat=True)}
    assert hours and hours <= set(range(9, 20))


def test_history_stays_silent(demo):
    calls = FollowUpCall.objects.count()
    drain()
    assert Message.objects.count() == 0
    assert FollowUpCall.objects.count() == calls


def test_the_same_seed_gives_the_same_store(no_store):
    from django.db import transaction

    seen = []
    with scopes_disabled():
        for _again in range(2):
            with transaction.atomic():
                load.load(30, progress=nothing)
                seen.append(
                    list(Visit.objects.order_by("number").values_list("number", "mileage_in", "first_promised_at"))
                )
                transaction.set_rollback(True)
    assert seen[0] == seen[1]


def test_logins_work_and_a_second_store_is_refused(demo):
    assert {login for _role, login, _name in DEMO_LOGINS} <= set(
        User.objects.filter(is_active=True).values_list("username", flat=True)
    )
    assert User.objects.get(username="advisor").check_password(PASSWORD)
    with pytest.raises(Conflict):
        load.load(1, progress=nothing)


def test_cars_are_here_today_at_every_stage(demo):
    today.fill(demo, progress=nothing)
    standing = set(Visit.objects.filter(ended_at=None).values_list("stage", flat=True))
    assert standing == set(OPEN)
    # What the workshop's pages are there for is on them.
    assert {row.threshold for row in Alert.objects.all()} == {3, 4}
    assert Exclusion.objects.count() == Sublet.objects.count() == JobShare.objects.count() == 1
    assert Comeback.objects.filter(state="suggested", visit__ended_at=None).exists()
    assert Entitlement.objects.count() == 2 and Redemption.objects.count() == 1
    assert DiscountRequest.objects.filter(decided_at=None).count() == 1
    assert CustomerCall.objects.filter(answered_at=None).exists()
    assert PartRequest.objects.filter(status="ordered").exists()
    assert PartRequest.objects.filter(reserved__gt=0).exists()
    assert {job.bay is None for job in Job.objects.filter(state="started", shares=None)} == {False}
    assert [row.key_step for row in [result.step for result in waiting_for_signature()]] == [True]
    assert Light.objects.filter(line__isnull=False).count() == 1
    coming = Appointment.objects.filter(status="booked", during__startswith__date__gt=clock.local_day(demo.tz))
    assert coming.count() > 15
    assert coming.exclude(displaced_at=None).exists() and coming.exclude(stand_in_for=None).exists()
    assert coming.filter(loan_car=True).count() == LoanCar.objects.count() == 2
    assert Leave.objects.exists() and WaitlistOffer.objects.exists()
    assert WaitlistEntry.objects.filter(state="waiting", loan_car=True, offers=None).count() == 2
    assert set(Ticket.objects.values_list("state", flat=True)) == {"waiting", "called", "served"}


def test_what_is_set_aside_comes_back_after_a_crash(transactional_db):
    tables = [model._meta.db_table for model in (Line, Visit)]
    assert copying.set_aside(tables) > 10
    assert len(copying.left_over()) > 10
    load.finish_interrupted(nothing)
    assert copying.left_over() == []
    with scopes_disabled():
        assert copying.set_aside(tables) > 10
    load.finish_interrupted(nothing)


def test_customers_were_asked_and_their_problems_put_right(demo):
    answers = Response.objects.count()
    assert 0.7 < answers / 120 < 0.98
    assert set(Response.objects.values_list("channel", flat=True)) == {"link", "phone"}
    low = Response.objects.filter(low=True)
    assert set(low.values_list("case", flat=True)) == set(Case.objects.values_list("pk", flat=True))
    assert Case.objects.exclude(state="closed").count() == 0
    assert Case.objects.filter(rechecks=None).count() == Case.objects.filter(feedback=None).count() == 0
    assert FollowUpCall.objects.filter(state="open").count() == 0
    # Nobody was reminded who had not agreed to it.
    agreed = set(Consent.objects.filter(purpose="marketing", allowed=True).values_list("customer_id", flat=True))
    assert set(Task.objects.values_list("customer_id", flat=True)) <= agreed


def test_planted_spots_are_what_the_pages_show_first(no_store):
    with scopes_disabled():
        store = load.load(1500, progress=nothing)
        drain()
    with in_store(store):
        today_ = clock.local_day(store.tz)
        period = Period(today_ - timedelta(days=179), today_)
        lost = [line.kind for line in waits.ranking(store, period) if not line.kind.is_stage]
        assert lost[0] == WaitKind.WASH
        board = Dashboard(period, Part(), today=today_)
        weakest = min(board.factors(), key=lambda row: row.score.value)
        assert weakest.code == "pickup"
        assert (weakest.real, weakest.change < 0) == (True, True)
        said = reasons(
            board,
            headline=board.headline(),
            factors=board.factors(),
            splits=board.splits(),
            questions=board.questions(),
        )
        assert weakest.label in said[0].text
