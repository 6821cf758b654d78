"""The page of messages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging import domain as messaging
from messaging.choices import MessageStatus
from messaging.models import Message
from tests import factories

URL = reverse("messaging:list")


def write(store, key, **fields):
    customer = fields.pop("customer", None) or factories.customer(store)
    message = messaging.send(store=store, template="follow_up_thanks", customer=customer, dedupe_key=key)
    if fields:
        Message.objects.filter(pk=message.pk).update(**fields)
        message.refresh_from_db()
    return message


@pytest.fixture
def advisor(client_as):
    return client_as("advisor")


def shown(response):
    return [message.dedupe_key for message in response.context["page"]]


def test_who_may_see_it(client_as, client, store, staff):
    assert "<h1>" in client_as("advisor").get(URL).content.decode()
    assert client_as("washer").get(URL).status_code == 403
    assert client.get(URL).status_code == 302


def test_empty_page_says_what_will_be_here(advisor):
    assert "empty-title" in advisor.get(URL).content.decode()


def test_filters_stand_in_the_address(advisor, store):
    write(store, "a", status=MessageStatus.FAILED, last_error="http_401")
    write(store, "b", channel="wechat", to="o1")
    write(store, "c", customer=factories.customer(store, name="欧阳修", phone="13900001111"))

    assert shown(advisor.get(URL)) == ["c", "b", "a"]
    assert shown(advisor.get(URL, {"status": "failed"})) == ["a"]
    assert shown(advisor.get(URL, {"channel": "wechat"})) == ["b"]
    assert shown(advisor.get(URL, {"q": "欧阳"})) == ["c"]
    assert shown(advisor.get(URL, {"q": "139 0000 1111"})) == ["c"]
    assert shown(advisor.get(URL, {"template": "car_ready"})) == []
    assert shown(advisor.get(URL, {"status": "nonsense"})) == ["c", "b", "a"]


def test_trouble_is_told_in_words(advisor, store):
    write(store, "a", status=MessageStatus.FAILED, last_error="ConnectError")

    page = advisor.get(URL).content.decode()

    assert "ConnectError" not in page
    assert "?status=failed" in page


def test_phone_is_masked_for_who_may_not_see_it(client_as, store, staff):
    write(store, "a", customer=factories.customer(store, phone="13912345678"))
    nosy = staff("advisor")
    nosy.role.permissions = [p for p in nosy.role.permissions if p != "customers.see_phone"]
    nosy.role.save()

    page = client_as(nosy).get(URL).content.decode()
    assert ("13912345678" in page, "139****5678" in page) == (False, True)


def test_resend_and_cancel(advisor, store):
    failed, waiting = write(store, "a", status=MessageStatus.FAILED), write(store, "b")

    assert advisor.post(reverse("messaging:resend", args=[failed.pk])).status_code == 303
    assert advisor.post(reverse("messaging:cancel", args=[waiting.pk])).status_code == 303

    failed.refresh_from_db(), waiting.refresh_from_db()
    assert (failed.status, waiting.status) == ("pending", "cancelled")


def test_too_late_is_a_conflict_and_changes_nothing(advisor, store):
    sent = write(store, "a")
    messaging.relay_due()

    for action in ("resend", "cancel"):
        assert advisor.post(reverse(f"messaging:{action}", args=[sent.pk])).status_code == 409
    sent.refresh_from_db()
    assert sent.status == "delivered"


def test_buttons_are_posts(advisor, store):
    assert advisor.get(reverse("messaging:cancel", args=[write(store, "a").pk])).status_code == 405


def test_another_stores_message_is_not_there(advisor, store, other_store):
    there = write(other_store, "x", customer=factories.customer(other_store))

    assert shown(advisor.get(URL)) == []
    assert advisor.post(reverse("messaging:cancel", args=[there.pk])).status_code == 404


def test_a_washer_cancels_nothing(client_as, store):
    waiting = write(store, "a")

    assert client_as("washer").post(reverse("messaging:cancel", args=[waiting.pk])).status_code == 403
    waiting.refresh_from_db()
    assert waiting.status == "pending"


def test_queries_do_not_grow_with_rows(advisor, store):
    counts = []
    for n in (1, 3):
        while Message.objects.count() < n:
            write(store, f"m:{Message.objects.count()}")
        with CaptureQueriesContext(connection) as captured:
            advisor.get(URL)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_in_production_staff_do_not_read_a_one_time_code(store, client_as, settings):
    messaging.send(store=store, template="phone_code", to="13812345678", params={"code": "482913"}, dedupe_key="code:1")
    page = reverse("messaging:list")
    assert "482913" in client_as("booking_desk").get(page).content.decode()
    settings.PRODUCTION = True
    shown = client_as("booking_desk").get(page).content.decode()
    assert "482913" not in shown and "••••••" in shown
