"""The journal's background work. Both tasks may run anywhere, any number of times at once; losing one costs seconds, since the next sweep comes."""

from celery import shared_task

from journal import runner

SWEEP_SECONDS = 5.0
# One run leaves room for other work on the same worker; what is left, the next one does.
RUN_SECONDS = 20.0
# An event is often committed while an older transaction still runs; most end within this time.
PATIENCE_SECONDS = 0.5

# Collected by dealership.celery.
BEAT_SCHEDULE = {
    "journal-sweep": {"task": "journal.tasks.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
}


@shared_task(name="journal.tasks.run_reactions", acks_late=False, ignore_result=True)
def run_reactions():
    """Asked for by a commit (`journal.poke`)."""
    runner.run_all(seconds=RUN_SECONDS, patience=PATIENCE_SECONDS)


@shared_task(name="journal.tasks.sweep", acks_late=False, ignore_result=True)
def sweep():
    """The guarantee: reads what no poke announced, and tries again what was set aside."""
    runner.run_all(seconds=RUN_SECONDS)
    runner.retry_due()
