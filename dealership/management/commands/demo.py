"""Open the demo store: people in every role, two years of visits, cars that are here today."""

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.errors import DomainError
from dealership.demo import DEMO_LOGINS, PASSWORD, load, today

STEPS = {
    "store": "Store and people",
    "visits": "Visits",
    "rules": "Constraints and indexes",
    "today": "Cars that are here today",
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--visits", type=int, default=300, help="closed visits in the last two years (default 300)")
        parser.add_argument(
            "--seed", type=int, default=load.SEED, help="the same seed on the same day gives the same store"
        )
        parser.add_argument("--no-today", action="store_true", help="history only, no car in the store")

    def handle(self, *args, visits, seed, no_today, **options):
        if not 0 <= visits <= 5_000_000:
            raise CommandError("--visits takes a number from 0 to 5,000,000.")
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Progress(*columns) as bars:
            shown = {}

            def progress(step: str, done: int, total: int) -> None:
                if step not in shown:
                    shown[step] = bars.add_task(STEPS[step], total=total)
                bars.update(shown[step], completed=done)

            try:
                store = load.load(visits, progress=progress, seed=seed)
                if not no_today:
                    today.fill(store, progress=progress)
            except DomainError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"{store.name_zh}: {visits:,} visits. Password of every login: {PASSWORD}")
        for role, username, name in DEMO_LOGINS:
            self.stdout.write(f"  {username:<12} {role.label} · {name}")
