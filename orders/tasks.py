"""Long work of the orders: a file of history."""

from celery import shared_task
from django.db.models import Q
from django_scopes import scopes_disabled

from orders.choices import ImportState
from orders.domain import imports
from orders.models import ImportRun
from stores.access import in_store

SWEEP_SECONDS = 10.0

BEAT_SCHEDULE = {
    "orders-imports": {
        "task": "orders.tasks.carry_out_imports",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
}


@shared_task(name="orders.tasks.carry_out_imports", ignore_result=True)
def carry_out_imports():
    """Carry out every import that was started. One worker takes a run; a run whose worker died is taken again."""
    with scopes_disabled():
        waiting = list(
            ImportRun.objects.filter(Q(state=ImportState.RUNNING)).values_list("pk", "store_id").order_by("pk")
        )
    for pk, store_id in waiting:
        with in_store(store_id):
            imports.carry_out_once(pk)
