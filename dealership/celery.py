"""The Celery application: what workers and beat load."""

import os
from importlib import import_module
from importlib.util import find_spec

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealership.settings")

app = Celery("dealership")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def collect_schedule(sender: Celery, **kwargs) -> None:
    """Beat's schedule: the `BEAT_SCHEDULE` of every app's `tasks.py`, each entry beside the task it starts."""
    schedule = {}
    for name in settings.PRODUCT_APPS:
        if find_spec(f"{name}.tasks"):
            schedule |= getattr(import_module(f"{name}.tasks"), "BEAT_SCHEDULE", {})
    sender.conf.beat_schedule = schedule
