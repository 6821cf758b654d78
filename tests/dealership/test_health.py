"""Probes tell whether the process can do its work."""

import pytest


def test_healthz_answers_without_a_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_reaches_database_and_redis(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ok", "database": "ok", "redis": "ok"})


@pytest.mark.django_db
def test_readyz_names_what_is_missing(client, monkeypatch):
    def refuse(key):
        raise ConnectionError

    monkeypatch.setattr("dealership.health.cache.get", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "ok", "redis": "ConnectionError"}
