"""The customer's answer: two steps, four digits, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from core import clock
from orders import domain as orders
from orders import queries
from orders.models import Consent, ConsentPack, Recommendation
from visits.models import WriteToken


def choices(pack, lines, *answers: str) -> dict:
    return {"pack": pack.pk, **{f"line-{line.pk}": answer for line, answer in zip(lines, answers, strict=True)}}


def token_in(answer) -> str:
    return re.search(r'name="write" value="([^"]+)"', answer.content.decode())[1]


@pytest.fixture
def page(asked, client, link):
    """The customer at his page: `page.post({...})` sends to the answer's address."""

    class Page:
        visit, pack, lines = asked
        address = link(asked[0])
        tail = asked[0].customer.phone[-4:]
        wrong = "0000" if tail != "0000" else "1111"

        def post(self, data, **kwargs):
            return client.post(f"{self.address}decide/", data, **kwargs)

        def review(self, *answers):
            return self.post(choices(self.pack, self.lines, *answers))

        def confirm(self, *answers, write="", tail=None, **extra):
            data = choices(self.pack, self.lines, *answers)
            data |= {"write": write or token_in(self.review(*answers)), "tail": self.tail if tail is None else tail}
            return self.post(data | extra)

        @property
        def states(self):
            return [line.consent_state for line in self.visit.lines.filter(pack=self.pack)]

    return Page()


def test_the_first_step_shows_the_total_and_counts_for_nothing(page):
    answer = page.review("yes", "no")

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "588.50" in text
    assert "60.00" not in text
    assert 'name="tail"' in text
    assert page.states == ["asked", "asked"]
    assert Consent.objects.filter(pack=page.pack).count() == 0


def test_the_second_step_counts(page):
    answer = page.confirm("yes", "no", **{f"reason-{page.lines[1].pk}": "还能用"})

    assert (answer.status_code, answer["Location"]) == (303, page.address)
    assert page.states == ["approved", "declined"]
    consent = Consent.objects.get(pack=page.pack)
    assert (consent.method, consent.phone) == ("link", page.visit.customer.phone)
    assert consent.decided_by == page.visit.customer.name
    assert "127.0.0.1" in consent.evidence
    assert page.visit.lines.get(pk=page.lines[1].pk).declined_reason == "还能用"
    page.visit.refresh_from_db()
    assert page.visit.promised_at.isoformat() == page.pack.content["promised_at"]


def test_declining_everything_needs_no_digits_and_is_remembered(page):
    answer = page.review("no", "no")
    assert 'name="tail"' not in answer.content.decode()

    assert page.confirm("no", "no", tail="").status_code == 303

    assert page.states == ["declined", "declined"]
    assert Recommendation.objects.get().line == page.lines[0]


def test_an_unanswered_item_keeps_what_was_chosen(page):
    answer = page.post({"pack": page.pack.pk, f"line-{page.lines[0].pk}": "yes"})

    assert answer.status_code == 422
    assert re.search(rf'name="line-{page.lines[0].pk}" value="yes" checked', answer.content.decode())
    assert WriteToken.objects.count() == 0


def test_wrong_digits_keep_the_answer_and_say_how_many_tries_are_left(page):
    write = token_in(page.review("yes", "yes"))

    answer = page.confirm("yes", "yes", write=write, tail=page.wrong)

    assert answer.status_code == 422
    assert "4" in answer.content.decode()
    assert token_in(answer) == write
    assert page.states == ["asked", "asked"]
    assert page.confirm("yes", "yes", write=write).status_code == 303


@pytest.mark.parametrize("tail", ["", "12", "abcd", "１２３"])
def test_digits_are_four_digits(page, tail):
    assert page.confirm("yes", "no", tail=tail).status_code == 422
    assert ConsentPack.objects.get(pk=page.pack.pk).wrong_tries == 0


def test_five_wrong_tries_lock_and_a_new_offer_unlocks(page, advisor):
    write = token_in(page.review("yes", "yes"))
    statuses = [page.confirm("yes", "yes", write=write, tail=page.wrong).status_code for _ in range(5)]

    assert statuses == [422, 422, 422, 422, 409]
    assert page.confirm("yes", "yes", write=write).status_code == 409
    assert page.states == ["asked", "asked"]

    orders.take_back(page.pack, by=advisor)
    page.pack = orders.ask_consent(page.visit, by=advisor)
    assert page.confirm("yes", "yes").status_code == 303


def test_used_twice(page):
    write = token_in(page.review("yes", "yes"))
    page.confirm("yes", "yes", write=write)

    answer = page.confirm("no", "no", write=write)

    assert answer.status_code == 409
    assert page.states == ["approved", "approved"]
    assert Consent.objects.filter(pack=page.pack).count() == 1


def test_too_late(page):
    write = token_in(page.review("yes", "yes"))

    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        answer = page.confirm("yes", "yes", write=write)

    assert answer.status_code == 410
    assert page.states == ["asked", "asked"]


def test_another_offer_took_its_place(page, advisor):
    write = token_in(page.review("yes", "yes"))
    orders.change_line(page.lines[1], title="更换雨刮一对", by=advisor)
    orders.ask_consent(page.visit, by=advisor)

    answer = page.confirm("yes", "yes", write=write)

    assert answer.status_code == 409
    assert queries.open_pack(page.visit).decided_at is None
    assert Consent.objects.filter(pack__visit=page.visit, method="link").count() == 0


def test_a_token_for_another_offer_is_worth_nothing(page, advisor):
    write = token_in(page.review("yes", "yes"))
    orders.take_back(page.pack, by=advisor)
    page.pack = orders.ask_consent(page.visit, by=advisor)

    answer = page.confirm("yes", "yes", write=write)

    assert answer.status_code == 422
    assert page.states == ["asked", "asked"]


def test_an_invented_token_is_worth_nothing(page):
    assert page.confirm("yes", "yes", write="x" * 43).status_code == 422
    assert page.states == ["asked", "asked"]


def test_a_token_of_another_visits_page_is_worth_nothing(page, make_visit, link, client):
    """Forwarded or mixed up: the token was made for one visit."""
    write = token_in(page.review("yes", "yes"))
    other = link(make_visit("repair"))

    answer = client.post(
        f"{other}decide/", choices(page.pack, page.lines, "yes", "yes") | {"write": write, "tail": page.tail}
    )

    assert answer.status_code == 409
    assert page.states == ["asked", "asked"]


def test_a_forwarded_link_reads_and_cannot_approve(page):
    """Somebody else has the address and not the phone."""
    for _ in range(4):
        page.confirm("yes", "yes", tail=page.wrong)

    assert page.states == ["asked", "asked"]


def test_a_revoked_link_cannot_answer(page):
    write = token_in(page.review("yes", "yes"))
    page.visit.links.update(revoked_at=clock.now())

    assert page.confirm("yes", "yes", write=write).status_code == 410
    assert page.states == ["asked", "asked"]


def test_a_reload_of_the_answers_address_leads_to_the_page(page, client):
    answer = client.get(f"{page.address}decide/")

    assert (answer.status_code, answer["Location"]) == (302, page.address)


def test_a_browser_without_origin_may_answer(page):
    """A page without referrer makes browsers send `Origin: null`; the write token is the proof instead."""
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    answer = strict.post(f"{page.address}decide/", choices(page.pack, page.lines, "yes", "no"))

    assert answer.status_code == 200


def test_the_page_says_thank_you_afterwards(page, client):
    page.confirm("yes", "yes")

    text = client.get(page.address).content.decode()
    assert 'id="ask"' not in text
    assert 'id="answered"' in text
