"""Opening a store with everything it works with, across the apps."""

from __future__ import annotations

from django.db import transaction

from catalogue import seeds as catalogue_seeds
from commitments import seeds as commitments_seeds
from complaints import domain as complaints
from rescue import domain as rescue
from standards import seeds as standards_seeds
from stores import domain as stores
from stores.access import in_store
from stores.models import Store
from surveys import seeds as surveys_seeds
from symptoms import seeds as symptoms_seeds


@transaction.atomic
def open_full_store(*, code: str, name_zh: str, name_en: str = "", **fields) -> Store:
    """Open a store with roles, calendar and bays, and with operations, parts, rules, checklists and questionnaire in force.

    `fields` are other columns of Store. Conflict if the code is taken.
    """
    store = stores.open_store(code=code, name_zh=name_zh, name_en=name_en, **fields)
    with in_store(store):
        catalogue_seeds.seed(store)
        standards_seeds.seed(store)
        complaints.seed_limits(store)
        rescue.seed(store)
        commitments_seeds.seed(store)
        surveys_seeds.seed(store)
        symptoms_seeds.seed(store)
    return store
