"""`python -m bench.fill N`: bring the demo store to N open visits through the domain, each car to a stage of its own."""

from __future__ import annotations

import sys
from random import Random

import django

django.setup()

from django.db.models import Max  # noqa: E402 - models need Django first

from core import clock  # noqa: E402
from core.stages import IN_STORE, Stage  # noqa: E402 - models need Django first
from dealership.demo.today import Driver  # noqa: E402
from repairs.models import Job  # noqa: E402
from stores.access import in_store  # noqa: E402
from stores.models import Store  # noqa: E402
from visits.models import Visit  # noqa: E402

PAST = 200
# Of ten cars: most in repair, some everywhere else.
STAGES = (
    Stage.RECEPTION,
    Stage.REPAIR,
    Stage.REPAIR,
    Stage.REPAIR,
    Stage.REPAIR,
    Stage.INSPECTION,
    Stage.WASH,
    Stage.HANDOVER,
    Stage.CHECKOUT,
    Stage.RECEPTION,
)


class Filler(Driver):
    """As the demo store's driver, but cars at repair wait for dispatch: its technicians have their hands full already."""

    def __init__(self, store: Store, random: Random, *, count: int):
        super().__init__(store, random)
        self.count = count
        planned = Job.objects.filter(planned__endswith__gt=clock.now()).values_list("technician_id")
        self.free_from = dict(planned.annotate(Max("planned__endswith")))

    def _steps(self, target: Stage) -> list:
        return [self.receive] if target == Stage.REPAIR else super()._steps(target)


def main(wanted: int) -> None:
    store = Store.objects.get()
    with in_store(store):
        here = Visit.objects.filter(ended_at=None, stage__in=IN_STORE).count()
        # Past the cars that the demo store has made itself.
        filler = Filler(store, Random(2), count=PAST + here)
        for number in range(wanted - here):
            filler.carry(STAGES[number % len(STAGES)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
