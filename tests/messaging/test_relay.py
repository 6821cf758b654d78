"""Handing over: once each, whoever dies; consent and quiet hours at the last moment; unclear is not sent again."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core import clock
from customers import domain as customers
from journal.models import Event
from messaging import domain as messaging
from messaging.choices import MessageStatus
from messaging.domain import relay
from messaging.gateways.http import HttpGateway
from messaging.models import Message
from messaging.quiet import wait_until
from tests import factories

DAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 11:00 in Shanghai
MINUTE = timedelta(minutes=1)
NIGHT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 22:00


def write(store, key="m:1", template="follow_up_thanks", **more):
    customer = more.pop("customer", None) or factories.customer(store)
    return messaging.send(store=store, template=template, customer=customer, dedupe_key=key, **more)


def state(message):
    message.refresh_from_db()
    return message.status, message.attempts, message.last_error


def key_of(message):
    return f"{message.store_id}:{message.dedupe_key}"


def test_development_gateway_delivers_and_says_so(store, make_visit):
    visit = make_visit("reception")
    message = write(store, visit_id=visit.pk)

    assert messaging.relay_due() == 1

    assert state(message) == ("delivered", 1, "")
    assert message.sent_at is not None
    event = Event.objects.get(name="messaging.sent")
    assert (event.visit_id, event.subject_id) == (visit.pk, message.pk)
    assert messaging.relay_due() == 0


def test_the_hub_gets_it_once_signed_in_the_customers_language(store, hub):
    message = write(store, customer=factories.customer(store, name="John", language="en"))

    messaging.relay_due()

    assert state(message) == ("sent", 1, "")
    assert (hub.handed[key_of(message)], hub.refused_signatures) == (1, 0)
    assert hub.bodies[key_of(message)]["body"].startswith("[North] Dear John, Thank you for taking our call.")
    assert message.provider_id == f"hub-{key_of(message)}"


def test_wrong_signature_is_refused_for_good(store, hub, settings):
    settings.MESSAGE_HTTP_SECRET = "other"
    message = write(store)

    messaging.relay_due()

    assert state(message) == ("failed", 1, "http_401")
    assert Event.objects.filter(name="messaging.failed").count() == 1


def test_surely_not_accepted_is_tried_again_later_and_then_fails(store, hub):
    hub.behave = lambda key, data: (503, {})
    message = write(store)

    now = clock.now()
    with time_machine.travel(now, tick=False) as traveller:
        for attempt, wait in enumerate(relay.RETRY_AFTER, start=1):
            messaging.relay_due()
            assert state(message) == ("pending", attempt, "http_503")
            assert message.next_at == clock.now() + wait
            messaging.relay_due()  # not yet due
            assert message.attempts == attempt
            traveller.shift(wait)
        messaging.relay_due()

    assert state(message) == ("failed", len(relay.RETRY_AFTER) + 1, "http_503")


def test_the_provider_may_ask_for_more_patience(store, hub):
    hub.behave = lambda key, data: (429, {}, {"Retry-After": "600"})
    message = write(store)

    with time_machine.travel(clock.now(), tick=False):
        messaging.relay_due()
        message.refresh_from_db()
        assert message.next_at == clock.now() + timedelta(seconds=600)


def test_no_connection_at_all_is_tried_again(store, hub, settings):
    settings.MESSAGE_HTTP_URL = "http://127.0.0.1:1/messages"
    message = write(store)

    messaging.relay_due()

    assert state(message) == ("pending", 1, "ConnectError")


def test_broken_after_accepting_is_unclear_and_looked_up_instead_of_sent_again(store, hub):
    hub.break_after_accepting = True
    message = write(store)

    messaging.relay_due()
    assert state(message)[:2] == ("unknown", 1)
    assert hub.handed[key_of(message)] == 1

    with time_machine.travel(clock.now() + relay.LOOK_UP_AFTER):
        messaging.relay_due()
    assert state(message)[:2] == ("sent", 2)
    assert (hub.handed[key_of(message)], hub.asked[key_of(message)]) == (1, 1)


def test_unclear_that_the_provider_never_saw_is_sent(store, hub):
    hub.behave = lambda key, data: (500, {})
    message = write(store)
    messaging.relay_due()
    assert state(message) == ("unknown", 1, "http_500")

    hub.behave = None
    with time_machine.travel(clock.now() + relay.LOOK_UP_AFTER):
        messaging.relay_due()

    assert state(message) == ("sent", 2, "")
    assert hub.handed[key_of(message)] == 1


def test_unclear_for_ever_waits_for_a_person(store, hub, settings):
    hub.behave = lambda key, data: (500, {})
    message = write(store)
    messaging.relay_due()
    settings.MESSAGE_HTTP_URL = "http://127.0.0.1:1/messages"

    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _n in range(20):
            message.refresh_from_db()
            if message.next_at > clock.now() + timedelta(days=300):
                break
            traveller.move_to(message.next_at)
            messaging.relay_due()

    assert (state(message)[0], message.attempts) == ("unknown", relay.LOOK_UPS)


def test_a_gateway_with_a_defect_does_not_stop_the_others(store, hub, monkeypatch):
    broken, fine = write(store, "m:1"), write(store, "m:2")
    send = HttpGateway.send

    def breaks(self, message):
        if message.pk == broken.pk:
            raise RuntimeError("defect")
        return send(self, message)

    monkeypatch.setattr(HttpGateway, "send", breaks)
    messaging.relay_due()

    assert (state(broken)[0], state(fine)[0]) == ("unknown", "sent")


class TestConsent:
    @pytest.fixture
    def message(self, store):
        with time_machine.travel(DAY):
            return write(store, template="maintenance_due", params={"plate": "京A12345", "day": DAY})

    def test_no_consent_no_message(self, message):
        with time_machine.travel(DAY + MINUTE):
            assert messaging.relay_due() == 0

        assert state(message) == ("suppressed", 1, "")
        assert Event.objects.filter(name="messaging.suppressed").count() == 1

    def test_what_is_said_after_writing_counts(self, message, staff):
        with time_machine.travel(DAY + MINUTE):
            advisor = staff("advisor")
            customers.give_consent(message.customer, purpose="marketing", channel="sms", by=advisor)
            customers.withdraw_consent(message.customer, purpose="marketing", channel="sms", by=advisor)
            messaging.relay_due()

        assert state(message)[0] == "suppressed"

    def test_consent_lets_it_go(self, message, staff):
        with time_machine.travel(DAY + MINUTE):
            customers.give_consent(message.customer, purpose="marketing", channel="sms", by=staff("advisor"))
            messaging.relay_due()

        assert state(message)[0] == "delivered"

    def test_at_night_it_waits_for_the_morning(self, message, staff, store):
        with time_machine.travel(NIGHT):
            customers.give_consent(message.customer, purpose="marketing", channel="sms", by=staff("advisor"))
            messaging.relay_due()

        assert state(message)[0] == "pending"
        assert message.next_at.astimezone(store.tz).isoformat() == "2026-11-24T09:00:00+08:00"

    def test_the_repair_itself_writes_at_any_hour(self, store):
        assert wait_until(store, "service", NIGHT) is None

    @pytest.mark.parametrize(
        ("local", "expected"),
        [("08:59", "23 09:00"), ("09:00", None), ("20:29", None), ("20:30", "24 09:00"), ("00:10", "23 09:00")],
    )
    def test_quiet_hours(self, store, local, expected):
        at = datetime.fromisoformat(f"2026-11-23T{local}:00+08:00")
        until = wait_until(store, "marketing", at)

        assert (until and f"{until:%d %H:%M}") == expected


class TestClaims:
    def test_two_relays_take_different_messages(self, store):
        messages = {write(store, f"m:{n}").pk for n in range(6)}

        first, second = relay.claim(4), relay.claim(4)

        assert [len(first), len(second)] == [4, 2]
        assert {claim.message.pk for claim in first + second} == messages

    def test_a_claim_is_not_taken_before_its_lease_ends(self, store, hub):
        message = write(store)
        relay.claim()

        with time_machine.travel(clock.now() + relay.LEASE - timedelta(seconds=5)):
            assert relay.claim() == []
        with time_machine.travel(clock.now() + relay.LEASE):
            again = relay.claim()
        assert [(claim.message.pk, claim.unsure) for claim in again] == [(message.pk, True)]

    def test_who_lost_the_claim_writes_nothing(self, store, hub):
        message = write(store)
        (mine,) = relay.claim()
        with time_machine.travel(clock.now() + relay.LEASE):
            messaging.relay_due()
        assert state(message)[0] == "sent"

        assert relay._mark(mine.message, status=MessageStatus.FAILED) is False
        assert state(message)[0] == "sent"

    def test_too_slow_a_relay_gives_the_rest_back(self, store, hub):
        message = write(store)
        (mine,) = relay.claim()

        with time_machine.travel(clock.now() + relay.LEASE - timedelta(seconds=1)):
            assert relay._settle(mine) == 0

        assert (state(message)[0], hub.handed.total()) == ("pending", 0)

    def test_a_message_that_kills_every_relay_is_given_up(self, store, hub):
        message = write(store)
        Message.objects.update(attempts=relay.MAX_CLAIMS)

        messaging.relay_due()

        assert state(message) == ("failed", relay.MAX_CLAIMS + 1, "gave_up")

    def test_messages_of_every_store_leave(self, store, other_store):
        here, there = write(store), write(other_store)

        messaging.relay_due()

        assert state(here)[0] == "delivered"
        assert Message._base_manager.get(pk=there.pk).status == "delivered"
