"""How the computed promises would have done in the last months of a store, beside its advisors' promises and the standard hours."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django_scopes import scopes_disabled
from rich.console import Console
from rich.table import Table

from catalogue.models import Operation
from reception import queries
from reception.backtest import Judged, judged, totals
from reception.forecast import SHARE
from stores.access import in_store
from stores.models import Store

MOST_ROWS = 25


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("store", help="code of the store")
        parser.add_argument("--months", type=int, default=3, help="months at the end that are held out (default 3)")

    def handle(self, *args, store: str, months: int, **options):
        with scopes_disabled():
            found = Store.objects.filter(code=store).first()
        if found is None:
            raise CommandError(f"There is no store with the code {store!r}.")
        with in_store(found):
            cases = queries.finished_cases(found)
            names = {operation.pk: str(operation) for operation in Operation.objects.all()}
        if not cases:
            raise CommandError("No finished car is known; durations are learned from the journal as it is read.")
        last = max(case.month for case in cases)
        rows = judged(cases, months=range(last - months + 1, last + 1))
        self._show(rows, names, title=f"{found.code}: {len(cases)} finished cars, the last {months} months held out")

    def _show(self, rows: list[Judged], names: dict, *, title: str) -> None:
        table = Table(title=title)
        heads = ("Cars", f"Ready within the {SHARE:.0%} quantile", "Computed: MAE", "Advisor: MAE", "Advisor kept")
        table.add_column("Job type")
        for head in (*heads, "Standard hours: MAE"):
            table.add_column(head, justify="right")
        for row in [*rows[:MOST_ROWS], totals(rows)]:
            table.add_row(
                names.get(row.job, str(row.job)),
                str(row.cars),
                f"{row.coverage:.1%}",
                f"{row.error:.0f} min",
                "–" if row.guess_error is None else f"{row.guess_error:.0f} min",
                "–" if row.guess_kept is None else f"{row.guess_kept:.1%}",
                f"{row.standard_error:.0f} min",
            )
        Console(file=self.stdout, width=140).print(table)
