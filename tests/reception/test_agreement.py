"""The estimate is signed, or the car leaves again."""

from __future__ import annotations

import base64
import hashlib
import io
import re

import pytest
from PIL import Image

from core.errors import Conflict, DomainError, GateClosed
from core.stages import Stage
from customers.models import Consent as Contact
from journal.models import Event
from messaging.models import Message
from orders import domain as orders
from orders import queries as order_queries
from orders.models import Consent, ConsentPack
from reception import domain as reception
from reception import gates, queries
from visits import domain as visits
from visits.models import Promise, Signature, Visit


def drawn() -> str:
    out = io.BytesIO()
    Image.new("RGBA", (300, 120), (0, 0, 0, 0)).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


STROKES = [{"points": [{"x": 1, "y": 2, "time": 3}]}]


@pytest.fixture
def sign(ready_to_sign, advisor, at):
    def act(visit=None, **changes):
        values = {
            "by": advisor,
            "signer": "陈晨",
            "promised_at": at("16:00"),
            "strokes": STROKES,
            "png_data_url": drawn(),
            "ip": "10.0.0.7",
            "device": "iPad",
            **changes,
        }
        return reception.sign_estimate(visit or ready_to_sign, **values)

    return act


def nothing_happened():
    return (
        Visit.objects.get().stage == Stage.RECEPTION
        and [m.objects.count() for m in (Signature, Consent, ConsentPack, Promise)] == [0] * 4
    )


def test_a_signature_agrees_promises_and_lets_the_work_begin(sign, advisor, at, now):
    visit = sign()

    assert (visit.stage, visit.promised_at, visit.first_promised_at) == (Stage.REPAIR, at("16:00"), at("16:00"))
    assert set(visit.lines.values_list("consent_state", flat=True)) == {"approved"}
    consent, signature = Consent.objects.get(), Signature.objects.get()
    pack = ConsentPack.objects.get()
    assert (consent.method, consent.signature, consent.decided_by) == ("signature", signature, "陈晨")
    assert (signature.signer, signature.strokes, signature.ip, signature.device) == (
        "陈晨",
        STROKES,
        "10.0.0.7",
        "iPad",
    )
    assert signature.image
    assert signature.document_sha256 == pack.sha256
    assert hashlib.sha256(order_queries.pack_document(pack)).hexdigest() == pack.sha256
    assert pack.content["promised_at"] == at("16:00").isoformat()
    promise = Promise.objects.get()
    assert (promise.new_at, promise.told_how, promise.told_at) == (at("16:00"), "in_person", now)
    assert visit.order.signed_at is not None


def test_everything_is_journalled_in_one_transaction(sign):
    visit = sign()

    names = list(Event.objects.filter(visit_id=visit.pk).order_by("id").values_list("name", flat=True))
    tail = names[names.index("orders.consent_asked") :]
    assert tail == [
        "orders.consent_asked",
        "orders.consent_decided",
        "orders.line_approved",
        "orders.line_approved",
        "visits.promised",
        "visits.promise_told",
        "visits.stage_entered",
        "messaging.queued",
    ]
    assert len(set(Event.objects.filter(name__in=tail).values_list("xid", flat=True))) == 1


def test_who_came_without_a_booking_gets_his_link_once_he_has_signed(sign, client):
    visit = sign()

    message = Message.objects.get(visit_ref=visit.pk)
    assert (message.template, message.to) == ("visit_link", visit.customer.phone)
    assert client.get(re.search(r"/c/[A-Za-z0-9_-]{43}/", message.body).group()).status_code == 200


def test_who_has_a_link_or_no_address_gets_none(sign, ready_to_sign):
    visits.make_link(ready_to_sign)

    sign()

    assert Message.objects.count() == 0


def test_what_he_says_about_being_contacted_is_noted_with_where_he_said_it(sign, ready_to_sign):
    visit = sign(wishes={"survey": True, "marketing": False})

    said = Contact.objects.filter(customer=visit.customer)
    assert sorted(said.values_list("purpose", "channel", "allowed")) == [
        ("survey", "phone", True),
        ("survey", "sms", True),
    ]
    assert {row.evidence for row in said} == {f"接待签署估价单时（{visit.number}），2026-11-17 10:10，陈晨"}
    given, entered = (Event.objects.filter(name=n).last() for n in ("customers.consent_given", "visits.stage_entered"))
    assert given.xid == entered.xid


def test_whoever_says_nothing_is_served_just_the_same(sign):
    assert sign().stage == Stage.REPAIR
    assert Contact.objects.count() == 0


def test_a_signing_that_fails_notes_no_wish(sign, ready_to_sign):
    with pytest.raises(DomainError):
        sign(declined=[line.pk for line in ready_to_sign.lines.all()], wishes={"survey": True})

    assert Contact.objects.count() == 0


def test_a_typed_name_signs_too(sign):
    sign(strokes=[], png_data_url="", signer="陈晨")

    assert (Signature.objects.get().strokes, bool(Signature.objects.get().image)) == ([], False)


def test_a_declined_item_is_not_worked(sign, ready_to_sign):
    oil, diagnosis = ready_to_sign.lines.all()

    visit = sign(declined=[diagnosis.pk])

    assert visit.stage == Stage.REPAIR
    assert dict(visit.lines.values_list("pk", "consent_state")) == {oil.pk: "approved", diagnosis.pk: "declined"}


def test_who_agrees_to_nothing_signs_nothing(sign, ready_to_sign):
    with pytest.raises(DomainError) as refused:
        sign(declined=[line.pk for line in ready_to_sign.lines.all()])

    assert refused.value.code == "nothing_agreed"
    assert nothing_happened()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"signer": "  "}, "signer_missing"),
        ({"png_data_url": "data:image/png;base64,AAAA"}, "bad_signature"),
    ],
)
def test_a_bad_signature_leaves_everything_as_it_was(sign, wrong, code):
    with pytest.raises(DomainError) as refused:
        sign(**wrong)

    assert refused.value.code == code
    assert nothing_happened()


def test_the_promised_time_lies_in_the_future(sign, at):
    for moment in (at("10:10"), at("09:00")):
        with pytest.raises(DomainError) as refused:
            sign(promised_at=moment)
        assert refused.value.code == "past"
    assert nothing_happened()


def test_what_changed_since_it_was_shown_is_not_signed(sign, ready_to_sign, advisor):
    shown = ready_to_sign.version
    orders.add_line(ready_to_sign, by=advisor, title="换雨刮", hours=1, hour_rate=180)

    for _ in range(2):
        with pytest.raises(Conflict):
            sign(version=shown)
    assert nothing_happened()


def test_a_line_of_another_visit_cannot_be_declined_here(sign):
    with pytest.raises(Conflict):
        sign(declined=[987_654])
    assert nothing_happened()


def test_signing_twice_is_a_conflict(sign):
    sign()

    with pytest.raises(Conflict) as refused:
        sign()
    assert refused.value.code == "not_at_reception"
    assert Consent.objects.count() == Signature.objects.count() == 1


def test_what_was_agreed_by_link_before_needs_only_the_signature(sign, ready_to_sign, advisor):
    from core.actors import Actor

    pack = orders.ask_consent(ready_to_sign, by=advisor)
    orders.decide(
        pack,
        decisions={line.pk: True for line in ready_to_sign.lines.all()},
        method="link",
        decided_by="陈晨",
        by=Actor.customer(ready_to_sign.customer_id),
    )

    visit = sign()

    assert visit.stage == Stage.REPAIR
    assert Signature.objects.get().document_sha256 == pack.sha256


# --- Gates ----------------------------------------------------------------------------------------------------------


def test_the_gate_names_all_that_is_missing(arrived, advisor, sheet, at):
    assert len(gates.leave_reception(arrived)) == 3
    with pytest.raises(GateClosed) as refused:
        visits.advance(arrived, to=Stage.REPAIR, by=advisor)
    assert len(refused.value.blockers) == 3

    reception.check_in(arrived, **sheet(valuables_reminded=False))
    orders.add_line(arrived, by=advisor, title="换机油", hours=1, hour_rate=180)
    visits.promise(arrived, at=at("16:00"), by=advisor)
    arrived.refresh_from_db()
    assert len(gates.leave_reception(arrived)) == 2  # valuables, signature


def test_nothing_is_signed_before_the_walk_around(arrived, advisor, sign, ready_to_sign):
    ready_to_sign.check_in.delete()

    with pytest.raises(GateClosed) as refused:
        sign()
    assert len(refused.value.blockers) == 1
    assert nothing_happened()


# --- The earliest time ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("0.00", "17 11:00"),  # half an hour around the work, a third on top; rounded up to the quarter
        ("1.00", "17 13:15"),  # lunch from twelve to one
        ("2.00", "17 14:45"),
        ("8.00", "18 14:15"),  # the store closes at six
    ],
)
def test_without_history_the_earliest_time_counts_labour_within_opening_hours(store, arrived, advisor, hours, expected):
    line = orders.add_line(arrived, by=advisor, title="项目", hours=hours, hour_rate=180)

    earliest = queries.earliest_ready(store, [line])

    assert f"{earliest.at.astimezone(store.tz):%d %H:%M}" == expected


# --- Leaving --------------------------------------------------------------------------------------------------------


def test_a_car_leaves_without_service_with_its_reason(ready_to_sign, advisor):
    with pytest.raises(DomainError):
        reception.leave_without_service(ready_to_sign, reason=" ", by=advisor)

    visit = reception.leave_without_service(ready_to_sign, reason="价格", by=advisor, version=ready_to_sign.version)

    assert (visit.stage, visit.end_reason, visit.next_update_due_at) == (Stage.LEFT_WITHOUT_SERVICE, "价格", None)
    assert visit.ended_at is not None
