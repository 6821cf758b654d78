"""A store whose promises have been in force for a year, and a way to let their one reaction read."""

from datetime import timedelta

import pytest

from commitments.models import Commitment
from core import clock
from journal import registry, runner


@pytest.fixture
def promising(store):
    """The store, its promises published a year ago: what a test journals in the past is measured."""
    Commitment.objects.update(published_at=clock.now() - timedelta(days=365))
    return store


@pytest.fixture
def read():
    """`read()`: the reaction that measures digests all there is; no other reaction runs."""

    def digest() -> None:
        while runner.run(registry.reaction("commitments.measure"), raising=True).more:
            pass

    return digest
