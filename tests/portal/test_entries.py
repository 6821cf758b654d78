"""The one link of a visit also leads to the questionnaire and to the complaint, once there is something to say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import domain as complaints
from core import clock
from surveys import domain as surveys
from surveys.models import Invitation, Response
from surveys.queries import in_force

ASK = "只需一分钟"


@pytest.fixture
def gone(make_visit):
    """A car that left yesterday, whose customer may be asked."""
    visit = make_visit("follow_up")
    surveys.plan_invitation(visit, by=visit.advisor)
    return visit


def test_who_has_his_car_back_is_led_to_the_questions(gone, client, link):
    page = client.get(link(gone)).content.decode()

    assert ASK in page
    assert "/c/survey/" in page


def test_while_the_car_is_here_nothing_is_asked(make_visit, client, link):
    assert ASK not in client.get(link(make_visit("handover"))).content.decode()


def test_when_the_time_is_over_nothing_is_asked(gone, client, link):
    now = clock.now()
    Invitation.objects.filter(visit=gone).update(due_at=now - timedelta(days=9), expires_at=now - timedelta(days=1))

    assert ASK not in client.get(link(gone)).content.decode()


def test_who_has_answered_is_thanked(gone, client, link):
    Response.objects.create(
        store=gone.store,
        visit=gone,
        questionnaire=in_force(),
        channel="link",
        at=clock.now(),
        released_at=gone.released_at,
    )

    page = client.get(link(gone)).content.decode()

    assert "我们已收到您" in page
    assert ASK not in page


def test_a_complaint_is_seen_with_the_time_of_the_answer(gone, client, link):
    case = complaints.open_case(
        store=gone.store, words="车门上多了一道划痕", source="desk", by=gone.advisor, visit=gone, customer=gone.customer
    )

    page = client.get(link(gone)).content.decode()

    assert "车门上多了一道划痕" in page
    assert case.number in page
    assert "前答复您" in page
