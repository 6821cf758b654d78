"""Many customers at once for the last places of a nearly full week, over real HTTP and several processes: nothing is booked
twice, nothing breaks, and whoever loses is told where there is still room."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from appointments import domain as appointments
from appointments.domain import Item, Wish
from appointments.models import Appointment
from core import clock
from dealership.embedded import process
from messaging.models import Message
from stores.access import in_store
from stores.models import OpeningPeriod
from tests import factories
from tests.api.conftest import issue
from tests.appointments.test_ledger_property import over
from visits.models import Visit

ROOT = Path(__file__).resolve().parent.parent.parent
EACH_KEY = 50
CLIENTS = [40, pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(300)])]
PLACES_LEFT, WANTED = 5, 3


@pytest.fixture
def week(transactional_db):
    """Two advisors, four hours a day, two weeks all booked but five places, of which everybody wants the first three."""
    store = factories.store(slot_minutes=60)
    with in_store(store):
        OpeningPeriod.objects.all().delete()
        OpeningPeriod.objects.bulk_create(
            OpeningPeriod(store=store, weekday=day, opens="09:00", closes="13:00") for day in range(7)
        )
        people = [factories.staff(store, "advisor") for _ in range(2)]
        first = clock.local_day(store.tz) + timedelta(days=1)
        answers = appointments.offers(store, Wish(), first=first, days=7)
        offers = [offer for answer in answers for offer in answer.offers]
        left = offers[: 2 * PLACES_LEFT : 2]
        for offer in offers:
            if offer not in left:
                _book(store, offer)
        yield store, people[0], [offer.start for offer in left[:WANTED]], first


def _book(store, offer):
    car = factories.vehicle(store, factories.customer(store, phone=""))
    appointments.book(
        store=store,
        customer=car.owner,
        vehicle=car,
        advisor=offer.advisor,
        start=offer.start,
        items=[Item("maintenance")],
        by=offer.advisor,
        channel="desk",
    )


@pytest.fixture
def server(week, tmp_path):
    """Granian with two processes on the test's own database, as it runs in production."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = connection.settings_dict
    url = f"postgres://{found['USER']}@/{found['NAME']}?host={found['HOST'] or found['OPTIONS']['host']}"
    environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": "race-" + uuid4().hex, "DEBUG": "0"}
    environment["REDIS_URL"] = settings.REDIS_URL
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--backlog", "1024", "--no-ws", "--log-level", "warning"]
    log = tmp_path / "server.log"
    with log.open("w") as output:
        child = process.spawn(
            [*command, "dealership.wsgi:application"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            die_with_parent=signal.SIGTERM,
        )
    try:
        _wait(port, child, log)
        yield port
    finally:
        process.stop(child, [(signal.SIGTERM, 5), (signal.SIGKILL, 5)])


def _wait(port: int, child, log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            if ask(port, "GET", "/health/live", {})[0] < 500:
                return
        except OSError:
            if child.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the server did not start: {process.last_lines(log, 15)}")
            time.sleep(0.1)


def ask(port: int, method: str, path: str, headers: dict, body: dict | None = None) -> tuple[int, dict]:
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        wire.request(method, path, json.dumps(body) if body else None, headers)
        answer = wire.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text[:1] == b"{" else {}
    finally:
        wire.close()


@pytest.mark.parametrize("clients", CLIENTS)
def test_a_nearly_full_week_is_filled_and_never_overbooked(week, server, clients):
    store, _advisor, wanted, first = week
    # A key may only ask so often in a minute: as many systems as that takes.
    keys = [issue(store) for _ in range(-(-clients // EACH_KEY))]
    cars = [factories.vehicle(store) for _ in range(clients)]
    before = Appointment.objects.count()
    together, outcomes = threading.Barrier(clients), [(0, {})] * clients

    def client(n):
        headers = {
            "Authorization": f"Bearer {keys[n // EACH_KEY].secret}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
            "Host": "localhost",
        }
        body = {
            "customer": cars[n].owner_id,
            "vehicle": cars[n].pk,
            "start": wanted[n % WANTED].isoformat(),
            "services": ["maintenance"],
        }
        together.wait(timeout=60)
        outcomes[n] = ask(server, "POST", "/api/v1/appointments", headers, body)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)

    assert Counter(status for status, _body in outcomes) == {201: WANTED, 409: clients - WANTED}, outcomes[:3]
    losers = [body for status, body in outcomes if status == 409]
    assert {body["code"] for body in losers} == {"slot_taken"}
    assert all(body["alternatives"] for body in losers)
    assert over() == []
    booked = Appointment.objects.order_by("pk")[before:]
    assert sorted(row.start for row in booked) == sorted(wanted)
    assert Visit.objects.count() == before + WANTED
    assert Message.objects.filter(template="appointment_confirmed").count() == WANTED
    free = [offer for answer in appointments.offers(store, Wish(), first=first, days=7) for offer in answer.offers]
    assert len(free) == PLACES_LEFT - WANTED
