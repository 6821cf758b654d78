"""What an operator watches: figures that follow the state, for who holds the token."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from core import clock
from dealership import metrics
from dealership.celery import app as celery
from journal.testing import drain
from messaging import domain as messaging
from messaging.models import Message
from tests import factories

TOKEN = "watch-0123456789"


def read(client, **headers) -> dict[tuple, float]:
    """{(name, label values…): figure} of the page."""
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {
        (sample.name.removeprefix("aftersale_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def queue(store, key: str, **changes) -> Message:
    message = messaging.send(
        store=store,
        template="visit_link",
        customer=factories.customer(store),
        params={"plate": "沪A12345", "at": "16:00", "link": "-", "advisor": "-"},
        dedupe_key=key,
    )
    Message.objects.filter(pk=message.pk).update(**changes or {"attempts": 0})
    return message


@pytest.mark.parametrize(
    ("sent", "status"),
    [("", 401), ("Bearer wrong", 401), ("Bearer ", 401), (TOKEN, 401), ("Bearer 码", 401), (f"Bearer {TOKEN}", 200)],
)
def test_only_the_token_opens_the_page(db, client, settings, sent, status):
    settings.METRICS_TOKEN = TOKEN

    response = client.get("/metrics", headers={"Authorization": sent})

    assert response.status_code == status
    assert ("aftersale_" in response.content.decode()) is (status == 200)


def test_production_without_a_token_has_no_such_page(client, settings):
    settings.METRICS_TOKEN, settings.PRODUCTION = "", True

    assert client.get("/metrics").status_code == 404


def test_nothing_but_reading(db, client):
    assert client.post("/metrics").status_code == 405


def test_the_journal_lags_until_its_reactions_have_read(store, client):
    drain()
    queue(store, "a")

    before = read(client)
    drain()
    after = read(client)

    lagging = {key for key, figure in before.items() if key[0] == "journal_lag_events" and figure}
    assert ("journal_lag_events", "messaging.relay_soon") in lagging
    assert [key for key in after if key[0] == "journal_lag_events" and after[key]] == []
    assert {key: after[key] for key in after if key[0] == "metrics_up"} == {
        ("metrics_up", part): 1 for part in metrics.PARTS
    }


def test_the_outbox_ages_past_its_time_only(store, client):
    queue(store, "a", next_at=clock.now() - timedelta(minutes=7))
    queue(store, "b", next_at=clock.now() + timedelta(hours=9))

    figures = read(client)

    assert figures["outbox_messages", "pending"] == 2
    assert figures["outbox_due",] == 1
    assert 420 <= figures["outbox_oldest_due_seconds",] < 480


def test_the_queue_has_its_depth(db, client):
    assert read(client)["queue_depth", "default"] == 0

    for priority in (0, 6):
        celery.send_task("messaging.tasks.relay", priority=priority)

    assert read(client)["queue_depth", "default"] == 2


def test_a_part_that_fails_hides_no_other(db, client, monkeypatch):
    def refuse():
        raise ConnectionError

    monkeypatch.setitem(metrics.PARTS, "queue", refuse)

    figures = read(client)

    assert (figures["metrics_up", "queue"], figures["metrics_up", "outbox"]) == (0, 1)
    assert ("outbox_due",) in figures
