from types import SimpleNamespace

import pytest

from handover import domain as handovers
from tests.checklists import good_results


@pytest.fixture
def ready(make_visit):
    """A car that is washed and told of, with its advisor: `ready.visit`, `ready.advisor`."""
    visit = make_visit("handover", need="")
    return SimpleNamespace(visit=visit, advisor=visit.advisor)


@pytest.fixture
def give_back(ready):
    """`give_back()` does everything right; keywords replace single answers."""

    def complete(visit=None, **fields):
        visit = visit or ready.visit
        answers = {
            "by": ready.advisor,
            "results": good_results("handover"),
            "old_parts_shown": True,
            "settings_reset": True,
            "mileage_out": 23_452,
            "next_service": "remind",
            "next_service_km": 33_000,
            "signer": visit.customer.name,
        }
        return handovers.complete_filled(visit, **{**answers, **fields})

    return complete


@pytest.fixture
def explained(ready):
    handovers.prepare(ready.visit, by=ready.advisor, mileage_out=23_452)
    handovers.explain_bill(ready.visit, by=ready.advisor)
    return ready
