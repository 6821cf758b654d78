"""The questionnaire by link: read by anybody, sent once, nothing marked is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from complaints.models import Case
from core import clock
from core.actors import Actor
from customers import domain as customers
from customers.queries import allows
from journal.models import Event
from messaging.models import Message
from surveys import domain as surveys
from surveys import queries
from surveys.choices import ItemKind
from surveys.models import Invitation, Response
from visits import domain as visits
from visits.models import WriteToken


@pytest.fixture
def page(make_visit, client):
    """An invited customer at his page."""

    class Page:
        visit = make_visit("follow_up")

        def __init__(self):
            self.visit.released_at = clock.now() - timedelta(hours=25)
            self.visit.save(update_fields=["released_at"])
            by = Actor.customer(self.visit.customer_id)
            customers.give_consent(self.visit.customer, purpose="survey", channel="sms", by=by, evidence="交车单")
            surveys.plan_invitation(self.visit, by=Actor.system("surveys"))
            assert surveys.invite_due() == 1
            body = Message.objects.get(template="survey_invitation").body
            self.address = re.search(r"/c/survey/[A-Za-z0-9_-]{43}/", body)[0]

        def get(self, **kwargs):
            return client.get(self.address, **kwargs)

        def write(self) -> str:
            return re.search(r'name="write" value="([^"]+)"', self.get().content.decode())[1]

        def marks(self, score=9, nps=9, problem="no", **more) -> dict:
            data = {}
            for item in queries.items(queries.in_force()):
                name = f"item-{item.pk}"
                if item.kind == ItemKind.SCALE:
                    data[name] = score
                elif item.kind == ItemKind.NPS:
                    data[name] = nps
                elif item.kind == ItemKind.YES_NO:
                    data[name] = problem
                else:
                    data[name] = more.get("words", "")
            return data

        def send(self, write=None, **marks):
            return client.post(self.address, self.marks(**marks) | {"write": write or self.write()})

        @property
        def item(self):
            return {
                name: f"item-{row.pk}" for name, row in queries.core_items(queries.items(queries.in_force())).items()
            }

    return Page()


def test_reading_changes_nothing_however_often_a_scanner_does(page, client):
    before = Event.objects.count()

    for _ in range(3):
        answer = page.get()
        assert answer.status_code == 200
    client.head(page.address)

    assert Invitation.objects.get().state == "sent"
    assert (Event.objects.count(), Response.objects.count(), WriteToken.objects.count()) == (before, 0, 0)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_the_page_tells_a_stranger_neither_name_nor_phone_nor_plate(page):
    text = page.get().content.decode()

    assert page.visit.customer.name not in text
    assert page.visit.customer.phone not in text
    assert page.visit.vehicle.plate not in text


def test_he_answers_and_is_thanked(page):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        write = page.write()
        traveller.shift(90)
        answer = page.send(write=write, words="师傅很细心")

    assert (answer.status_code, answer["Location"]) == (303, page.address)
    response = Response.objects.get()
    assert (response.channel, response.csi, response.comment, response.seconds) == ("link", 900, "师傅很细心", 90)
    assert Event.objects.get(name="surveys.answered").actor_kind == "customer"
    thanks = page.get()
    assert thanks.status_code == 200
    assert "感谢" in thanks.content.decode()
    assert "师傅很细心" not in thanks.content.decode()


def test_the_second_sending_is_refused_and_counts_for_nothing(page):
    write = page.write()
    page.send(write=write)

    again = page.send(write=write, score=1, nps=0)

    assert again.status_code == 409
    assert Response.objects.get().csi == 900
    assert Case.objects.count() == 0


def test_a_low_answer_opens_a_case_and_says_when_we_call(page):
    page.send(score=3, nps=2, problem="yes", words="空调没修好")

    case = Case.objects.get()
    assert case.words == "空调没修好"
    assert "专人" in page.get().content.decode()


def test_a_question_left_out_keeps_everything_else(page, client):
    data = page.marks(score=8, words="等太久") | {"write": page.write()}
    del data[page.item["nps"]]

    answer = client.post(page.address, data)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "等太久" in text
    assert re.search(rf'name="{page.item["overall"]}" value="8" checked', text)
    assert Response.objects.count() == 0


def test_a_page_open_too_long_keeps_the_answers_and_can_be_sent_again(page, client):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        write = page.write()
        traveller.shift(3 * 3600)
        answer = page.send(write=write, words="不错")
        assert answer.status_code == 422
        assert "不错" in answer.content.decode()
        fresh = re.search(r'name="write" value="([^"]+)"', answer.content.decode())[1]
        assert fresh != write
        assert page.send(write=fresh).status_code == 303


@pytest.mark.parametrize("write", ["x", "eyJ9:1:forged", "WzEsMSwxXQ:1abc:xx"])
def test_without_a_right_of_ours_nothing_is_written(page, write):
    assert page.send(write=write).status_code == 422
    assert Response.objects.count() == 0


def test_the_right_of_one_invitation_does_not_open_another(page, make_visit):
    write = page.write()
    other = make_visit("follow_up")
    surveys.plan_invitation(other, by=Actor.system("surveys"))
    page.address = reverse("portal:survey", args=[visits.make_link(other)])

    assert page.send(write=write).status_code == 422
    assert Response.objects.count() == 0


def test_after_a_week_it_is_too_late(page):
    write = page.write()
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1), tick=False):
        assert page.get().status_code == 410
        assert page.send(write=write).status_code == 410
        surveys.expire_due()
        assert page.get().status_code == 410
    assert Response.objects.count() == 0


def test_answered_on_the_phone_meanwhile(page, staff):
    write = page.write()
    core = queries.core_items(queries.items(queries.in_force()))
    answers = {core["overall"].pk: 9, core["nps"].pk: 9, core["problem"].pk: False}
    surveys.answer(page.visit, answers=answers, channel="phone", by=staff("customer_relations"))

    assert page.send(write=write, score=1).status_code == 409
    assert "电话" in page.get().content.decode()
    assert Response.objects.get().channel == "phone"


def test_unknown_links_are_not_found(client, store):
    assert client.get(reverse("portal:survey", args=["A" * 43])).status_code == 404


def test_by_the_link_of_the_visit_until_it_is_revoked(page):
    page.address = reverse("portal:survey", args=[visits.make_link(page.visit)])
    assert page.get().status_code == 200

    visits.revoke_links(page.visit)
    assert page.get().status_code == 404


def test_a_new_version_meanwhile_does_not_lose_what_was_marked(page, client, staff):
    write, data = page.write(), page.marks(score=10)
    manager = staff("service_manager")
    surveys.publish(surveys.draft(by=manager), by=manager)

    assert client.post(page.address, data | {"write": write}).status_code == 303
    assert Response.objects.get().questionnaire.version == 1


def test_in_english(page, client):
    assert client.get(f"{page.address}?lang=en").status_code == 302
    assert "All in all, how satisfied are you with this visit?" in page.get().content.decode()


def test_who_wants_no_questions_is_not_asked_again(page, client):
    stop = f"{page.address}stop/"
    assert client.get(stop).status_code == 405
    assert client.post(stop, {"write": "made up"}).status_code == 303
    assert allows(page.visit.customer, "survey", "sms")

    assert client.post(stop, {"write": page.write()}).status_code == 303

    assert not allows(page.visit.customer, "survey", "sms")
    assert Invitation.objects.get().reason == "refused"
    assert page.get().status_code == 410
