"""Who is asked, when, and who is left in peace."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from checkout import domain as checkout
from core.actors import Actor
from journal.models import Event
from journal.testing import drain
from messaging.domain import relay_due
from messaging.models import Message
from surveys import domain as surveys
from surveys.models import Invitation
from visits.tokens import token_hash

SYSTEM = Actor.system("surveys")


@pytest.fixture
def plan(released, agree):
    def make(**fields):
        visit = released(**fields)
        agree(visit)
        return visit, surveys.plan_invitation(visit, by=SYSTEM)

    return make


def messages():
    return Message.objects.filter(template="survey_invitation")


def test_due_a_day_after_release_and_not_before(plan):
    visit, invitation = plan(hours=23.9)
    assert invitation.due_at == visit.released_at + timedelta(hours=24)

    assert surveys.invite_due() == 0
    assert surveys.invite_due(invitation.due_at) == 1

    invitation.refresh_from_db()
    assert (invitation.state, invitation.sent_at) == ("sent", invitation.due_at)
    message = messages().get()
    assert (message.customer_id, message.purpose, message.visit_ref) == (visit.customer_id, "survey", visit.pk)
    assert Event.objects.get(name="surveys.invited").data["advisor_id"] == visit.advisor_id
    assert surveys.invite_due(invitation.due_at + timedelta(minutes=1)) == 0
    assert messages().count() == 1


def test_the_hours_are_the_stores(plan, store):
    store.survey_hours = 3
    store.save()

    _visit, invitation = plan(hours=2)

    assert surveys.invite_due() == 0
    assert surveys.invite_due(invitation.due_at) == 1


def test_only_the_hash_of_the_token_is_stored(invited):
    _visit, token = invited()

    assert Invitation.objects.get().token_hash == token_hash(token)


def test_planning_twice_is_once(plan):
    visit, invitation = plan()

    assert surveys.plan_invitation(visit, by=SYSTEM) == invitation
    assert Invitation.objects.count() == 1


def test_a_released_car_is_planned_by_the_journal(make_visit, staff):
    visit = make_visit("checkout", paid=True)
    drain()
    checkout.release(visit.vehicle.plate, by=staff("gate"))
    assert Invitation.objects.count() == 0

    drain()

    assert Invitation.objects.get().visit_id == visit.pk


def test_an_unreleased_visit_is_never_planned(make_visit):
    assert surveys.plan_invitation(make_visit("repair"), by=SYSTEM) is None


@pytest.mark.parametrize("withdrawn", [False, True], ids=["never given", "withdrawn a second ago"])
def test_without_consent_nobody_is_asked(released, agree, withdrawn):
    visit = released()
    surveys.plan_invitation(visit, by=SYSTEM)
    if withdrawn:
        agree(visit)
        agree(visit, allowed=False)

    assert surveys.invite_due() == 0

    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.reason) == ("suppressed", "no_consent")
    assert messages().count() == 0


@time_machine.travel("2026-11-20T10:00:00+08:00", tick=False)
def test_consent_withdrawn_between_writing_and_sending(plan, agree):
    visit, invitation = plan()
    assert surveys.invite_due() == 1
    agree(visit, allowed=False)

    relay_due()
    drain()

    assert messages().get().status == "suppressed"
    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == ("suppressed", "no_consent")


def test_at_night_the_message_waits_for_the_morning(plan):
    with time_machine.travel("2026-11-20T22:00:00+08:00", tick=False):
        plan()
        assert surveys.invite_due() == 1
        assert relay_due() == 0
        message = messages().get()
        assert message.status == "pending"
        assert message.next_at.astimezone(message.store.tz).hour == 9


def test_a_car_that_is_back_in_the_store_is_not_asked_about(plan, make_visit):
    visit, _invitation = plan()
    make_visit("repair", vehicle=visit.vehicle, customer=visit.customer)

    assert surveys.invite_due() == 0

    assert Invitation.objects.get().reason == "in_rework"


def test_whoever_complained_is_asked_all_the_same(plan, staff):
    from complaints import domain as complaints

    visit, _invitation = plan()
    complaints.open_case(store=visit.store, words="贵", source="desk", by=staff("customer_relations"), visit=visit)

    assert surveys.invite_due() == 1


def test_nobody_without_an_address(plan):
    visit, _invitation = plan()
    visit.customer.phone = ""
    visit.customer.save()

    assert surveys.invite_due() == 0
    assert Invitation.objects.get().reason == "no_address"


def test_asked_by_phone_before_the_hour(plan, marks, staff):
    visit, invitation = plan(hours=20)
    surveys.answer(visit, answers=marks(9, short=True), channel="phone", by=staff("customer_relations"))

    assert surveys.invite_due(invitation.due_at) == 0
    assert messages().count() == 0


def test_what_is_not_answered_expires(invited):
    _visit, _token = invited()
    invitation = Invitation.objects.get()

    assert surveys.expire_due() == 0
    assert surveys.expire_due(invitation.expires_at) == 1
    assert surveys.expire_due(invitation.expires_at) == 0

    assert Invitation.objects.get().state == "expired"
    assert Event.objects.get(name="surveys.invitation_ended").data["state"] == "expired"


def test_a_defect_in_one_does_not_keep_the_others(plan, monkeypatch):
    plan()
    broken, _invitation = plan()
    from surveys.domain import invitations

    reason = invitations._reason_not_to_ask

    def failing(visit):
        if visit.pk == broken.pk:
            raise RuntimeError("defect")
        return reason(visit)

    monkeypatch.setattr(invitations, "_reason_not_to_ask", failing)

    assert surveys.invite_due() == 1
    assert Invitation.objects.get(visit=broken).state == "waiting"


def test_other_stores_are_asked_by_the_same_run(plan, other_store):
    """The beat runs outside any store's scope."""
    from django_scopes.state import state

    plan()
    token = state.set(None)
    try:
        assert surveys.invite_due() == 1
    finally:
        state.reset(token)
