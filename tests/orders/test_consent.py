"""Asking the customer and taking his word: what is frozen, who answers, and what a second answer gets."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection

from core import clock
from core.actors import Actor
from core.errors import Conflict, DomainError
from journal.models import Event
from messaging.models import Message
from orders import domain as orders
from orders import queries
from orders.choices import ConsentState
from orders.models import Consent, ConsentPack, Recommendation
from stores.access import in_store
from tests import factories
from visits import domain as visits
from visits.models import VisitLink


def customer_of(visit) -> Actor:
    return Actor.customer(visit.customer_id)


def by_link(pack, decisions, **fields) -> Consent:
    visit = pack.visit
    return orders.decide(
        pack,
        decisions=decisions,
        method="link",
        decided_by=visit.customer.name,
        by=customer_of(visit),
        **fields,
    )


def signed(visit, pack):
    return visits.sign(
        visit,
        purpose="estimate",
        signer=visit.customer.name,
        document=queries.pack_document(pack),
    )


def test_a_pack_freezes_what_is_asked(visit, advisor):
    line = orders.add_line(visit, title="保养", hours=Decimal("1.5"), hour_rate=Decimal("199.99"), by=advisor)
    at = clock.now() + timedelta(hours=3)

    pack = orders.ask_consent(visit, promised_at=at, by=advisor)

    line.refresh_from_db()
    assert (line.consent_state, line.pack) == (ConsentState.ASKED, pack)
    assert pack.content["lines"] == [queries.line_view(line)]
    assert pack.content["lines"][0]["amount"] == "299.99"
    assert pack.content["promised_at"] == at.isoformat()
    assert pack.sha256 == queries.digest(pack.content)


def test_the_document_is_the_same_after_the_database(visit, advisor):
    orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)
    pack = orders.ask_consent(visit, by=advisor)
    before = queries.pack_document(pack)

    pack.refresh_from_db()

    assert queries.pack_document(pack) == before


def test_no_person_stands_in_the_pack(asked):
    visit, pack, _lines = asked
    text = queries.pack_document(pack).decode()

    for personal in (visit.customer.name, visit.customer.phone, visit.vehicle.plate):
        assert personal not in text


def test_nothing_to_ask(visit, advisor):
    with pytest.raises(DomainError) as refused:
        orders.ask_consent(visit, by=advisor)

    assert refused.value.code == "nothing_to_ask"


def test_asking_the_same_again_is_the_same_question(asked, advisor):
    visit, pack, _lines = asked

    assert orders.ask_consent(visit, by=advisor) == pack
    assert visit.packs.filter(superseded_at=None, decided_at=None).count() == 1


def test_a_new_item_makes_a_new_question_with_the_old_items(asked, advisor):
    visit, pack, lines = asked
    third = orders.add_line(visit, title="空调滤芯", hours=Decimal(0), by=advisor)

    newer = orders.ask_consent(visit, by=advisor)

    pack.refresh_from_db()
    assert pack.superseded_at is not None
    assert newer.version == pack.version + 1
    assert [v["id"] for v in newer.content["lines"]] == [line.pk for line in (*lines, third)]


def test_each_item_is_decided_by_itself(asked):
    visit, pack, (brakes, wiper) = asked

    consent = by_link(pack, {brakes.pk: False, wiper.pk: True}, reasons={brakes.pk: "下次再换"})

    brakes.refresh_from_db()
    wiper.refresh_from_db()
    assert (wiper.consent_state, wiper.consent) == (ConsentState.APPROVED, consent)
    assert (brakes.consent_state, brakes.declined_reason) == ("declined", "下次再换")
    assert queries.open_pack(visit) is None
    assert len(consent.evidence_sha256) == 64


def test_a_declined_risk_is_kept_with_the_car(asked):
    visit, pack, (brakes, wiper) = asked

    by_link(pack, {brakes.pk: False, wiper.pk: False})

    kept = Recommendation.objects.get()
    assert (kept.line, kept.vehicle, kept.risk) == (brakes, visit.vehicle, "safety")
    assert list(queries.open_recommendations(visit.vehicle)) == [kept]


def test_the_journal_tells_of_each_line(asked):
    visit, pack, (brakes, wiper) = asked

    by_link(pack, {brakes.pk: False, wiper.pk: True})

    names = list(Event.objects.filter(visit_id=visit.pk).order_by("id").values_list("name", flat=True))
    assert names[-4:] == [
        "orders.consent_decided",
        "orders.line_declined",
        "orders.line_approved",
        "orders.recommended",
    ]
    decided = Event.objects.get(name="orders.consent_decided")
    assert (decided.actor_kind, decided.data["approved"]) == ("customer", 1)
    assert decided.data["amount"] == "60.00"


@pytest.mark.parametrize("missing", ["one", "all", "stranger"])
def test_an_answer_names_every_item_and_no_other(asked, missing):
    _visit, pack, (brakes, wiper) = asked
    answers = {
        "one": {brakes.pk: True},
        "all": {},
        "stranger": {brakes.pk: True, wiper.pk: True, 999_999: True},
    }

    with pytest.raises(DomainError) as refused:
        by_link(pack, answers[missing])

    assert refused.value.code == "answer_incomplete"
    assert Consent.objects.filter(pack=pack).count() == 0


def test_the_first_answer_counts(asked):
    _visit, pack, (brakes, wiper) = asked
    by_link(pack, {brakes.pk: True, wiper.pk: True})

    with pytest.raises(Conflict) as refused:
        by_link(pack, {brakes.pk: False, wiper.pk: False})

    assert refused.value.code == "decided"
    brakes.refresh_from_db()
    assert brakes.consent_state == ConsentState.APPROVED


def test_a_replaced_question_cannot_be_answered(asked, advisor):
    visit, pack, (brakes, wiper) = asked
    orders.add_line(visit, title="空调滤芯", hours=Decimal(0), by=advisor)
    orders.ask_consent(visit, by=advisor)

    with pytest.raises(Conflict) as refused:
        by_link(pack, {brakes.pk: True, wiper.pk: True})

    assert refused.value.code == "superseded"


def test_a_line_changed_behind_the_pack_is_noticed(asked):
    _visit, pack, (brakes, wiper) = asked
    with connection.cursor() as sql:
        sql.execute("UPDATE orders_line SET labour = 1 WHERE id = %s", [brakes.pk])

    with pytest.raises(Conflict) as refused:
        by_link(pack, {brakes.pk: True, wiper.pk: True})

    assert refused.value.code == "changed"


def test_a_signature_is_under_this_very_document(visit, advisor):
    line = orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)
    pack = orders.ask_consent(visit, by=advisor)
    answer = {"decisions": {line.pk: True}, "method": "signature", "decided_by": "张三"}

    with pytest.raises(DomainError):
        orders.decide(pack, **answer, by=advisor)
    with pytest.raises(Conflict) as refused:
        orders.decide(pack, **answer, signature=factories.signature(visit), by=advisor)
    assert refused.value.code == "other_document"

    consent = orders.decide(pack, **answer, signature=signed(visit, pack), by=advisor)
    assert consent.taken_by == advisor
    assert visit.order.signed_at == consent.at


@pytest.mark.parametrize("fields", [{"evidence": ""}, {"phone": ""}, {"by": Actor.system("x")}])
def test_a_word_on_the_phone_needs_its_recording(asked, advisor, fields):
    _visit, pack, (brakes, wiper) = asked
    call = {"evidence": "REC-1", "phone": "13800000000", "by": advisor} | fields

    with pytest.raises(DomainError) as refused:
        orders.decide(
            pack,
            decisions={brakes.pk: True, wiper.pk: True},
            method="phone",
            decided_by="张三",
            **call,
        )

    assert refused.value.code == "evidence_missing"


@pytest.mark.parametrize("yes", [True, False])
def test_the_first_yes_binds_to_the_terms(visit, advisor, yes):
    line = orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)
    pack = orders.ask_consent(visit, by=advisor)

    consent = by_link(pack, {line.pk: yes})

    assert visit.order.signed_at == (consent.at if yes else None)


def test_staff_cannot_answer_by_link(asked, advisor):
    _visit, pack, (brakes, wiper) = asked

    with pytest.raises(DomainError) as refused:
        orders.decide(
            pack,
            decisions={brakes.pk: True, wiper.pk: True},
            method="link",
            decided_by="张三",
            by=advisor,
        )

    assert refused.value.code == "not_customer"


def test_a_new_ready_time_is_promised_with_the_yes(make_visit, advisor):
    visit = make_visit("repair", lines=1)
    line = orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)
    later = clock.now() + timedelta(hours=9)
    pack = orders.ask_consent(visit, promised_at=later, by=advisor)

    by_link(pack, {line.pk: True})

    visit.refresh_from_db()
    promise = visit.promises.order_by("-sequence").first()
    assert visit.promised_at == later
    assert (promise.sequence, promise.told_how) == (2, "link")


def test_a_no_changes_no_promise(make_visit, advisor):
    visit = make_visit("repair", lines=1)
    line = orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)
    pack = orders.ask_consent(visit, promised_at=clock.now() + timedelta(hours=9), by=advisor)

    by_link(pack, {line.pk: False})

    assert visit.promises.count() == 1


def test_an_answer_after_the_offered_time_still_counts(make_visit, advisor):
    visit = make_visit("repair", lines=1)
    line = orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)
    pack = orders.ask_consent(visit, promised_at=clock.now() + timedelta(minutes=20), by=advisor)

    with time_machine.travel(clock.now() + timedelta(hours=1)):
        by_link(pack, {line.pk: True})

    line.refresh_from_db()
    assert line.consent_state == ConsentState.APPROVED
    assert visit.promises.count() == 1


def test_a_link_goes_to_the_customer(make_visit, advisor):
    visit = make_visit("repair", lines=1)
    orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)

    pack = orders.ask_by_link(visit, by=advisor)

    message = Message.objects.get()
    link = message.params["link"]
    assert (message.template, message.visit_ref) == ("approval_asked", visit.pk)
    assert message.to == visit.customer.phone
    assert VisitLink.objects.get(visit=visit).token_hash not in link
    assert pack.visit == visit


def test_without_a_phone_nothing_is_asked_by_link(make_visit, advisor):
    visit = make_visit("repair", lines=1)
    orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)
    visit.customer.phone = ""
    visit.customer.save()

    with pytest.raises(DomainError) as refused:
        orders.ask_by_link(visit, by=advisor)

    assert refused.value.code == "no_phone"
    assert queries.open_pack(visit) is None


def test_five_wrong_digits_lock_the_pack(asked):
    visit, pack, _lines = asked
    right = visit.customer.phone[-4:]
    wrong = "0000" if right != "0000" else "1111"

    for left in (4, 3, 2, 1):
        with pytest.raises(DomainError) as refused:
            orders.verify_phone(pack, tail=wrong, by=customer_of(visit))
        assert refused.value.code == "wrong_digits"
        assert str(left) in str(refused.value)
    with pytest.raises(Conflict) as refused:
        orders.verify_phone(pack, tail=wrong, by=customer_of(visit))
    assert refused.value.code == "locked"
    with pytest.raises(Conflict):
        orders.verify_phone(pack, tail=right, by=customer_of(visit))
    pack.refresh_from_db()
    assert pack.wrong_tries == 5
    assert Event.objects.filter(name="orders.consent_locked").count() == 1


def test_right_digits_pass_and_cost_nothing(asked):
    visit, pack, _lines = asked

    orders.verify_phone(pack, tail=visit.customer.phone[-4:], by=customer_of(visit))

    pack.refresh_from_db()
    assert pack.wrong_tries == 0


def test_a_locked_pack_is_answered_by_phone(asked, advisor):
    _visit, pack, (brakes, wiper) = asked
    ConsentPack.objects.filter(pk=pack.pk).update(wrong_tries=5)

    consent = orders.decide(
        pack,
        decisions={brakes.pk: True, wiper.pk: False},
        method="phone",
        decided_by="张三",
        phone="13800000000",
        evidence="REC-7",
        by=advisor,
    )

    assert consent.taken_by == advisor


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_one_wins(asked, store):
    visit, pack, (brakes, wiper) = asked
    barrier, results = threading.Barrier(8), []

    def answer(yes: bool):
        try:
            with in_store(store):
                barrier.wait()
                by_link(pack, {brakes.pk: yes, wiper.pk: yes})
                results.append(yes)
        except Conflict as refused:
            results.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(n % 2 == 0,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won = [result for result in results if isinstance(result, bool)]
    assert len(won) == 1
    assert results.count("decided") == 7
    assert Consent.objects.filter(pack=pack).count() == 1
    states = set(visit.lines.filter(pack=pack).values_list("consent_state", flat=True))
    assert states == {"approved" if won[0] else "declined"}
