# Loaded with Django, so that `task.delay()` of every process finds this project's broker.
from dealership.celery import app as celery_app

__all__ = ["celery_app"]
