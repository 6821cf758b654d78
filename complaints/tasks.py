"""Background work of cases: clocks that run out, files of complaints."""

from celery import shared_task
from django_scopes import scopes_disabled

from complaints import domain as complaints
from complaints.choices import ImportState
from complaints.domain import imports
from complaints.models import Case, CaseImport
from core import clock
from stores.access import in_store
from stores.models import Store

CLOCK_SECONDS = 60.0
IMPORT_SECONDS = 10.0

BEAT_SCHEDULE = {
    "complaints-clocks": {
        "task": "complaints.tasks.run_clocks",
        "schedule": CLOCK_SECONDS,
        "options": {"expires": CLOCK_SECONDS},
    },
    "complaints-imports": {
        "task": "complaints.tasks.carry_out_imports",
        "schedule": IMPORT_SECONDS,
        "options": {"expires": IMPORT_SECONDS},
    },
}


@shared_task(name="complaints.tasks.run_clocks", ignore_result=True)
def run_clocks():
    """Warn of every clock that runs out. Any number of these may run at once: each warning is given once."""
    with scopes_disabled():
        due = Case.objects.filter(next_notice_at__lte=clock.now()).values("store_id")
        stores = list(Store.objects.filter(pk__in=due))
    for store in stores:
        with in_store(store):
            complaints.run_clocks(store)


@shared_task(name="complaints.tasks.carry_out_imports", ignore_result=True)
def carry_out_imports():
    """Carry out every import that was started. One worker takes a run; a run whose worker died is taken again."""
    with scopes_disabled():
        waiting = list(
            CaseImport.objects.filter(state=ImportState.RUNNING).values_list("pk", "store_id").order_by("pk")
        )
    for pk, store_id in waiting:
        with in_store(store_id):
            imports.carry_out_once(pk)
