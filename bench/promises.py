"""`python -m bench.promises`: the computed promise on months it has not seen, beside an advisor's guess and the standard hours."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from bench.workshop import DAY, Car, history
from reception.backtest import Case, Judged, judged, totals
from reception.forecast import SHARE, Work

HELD_OUT = 3  # months


def cases(cars: list[Car]) -> list[Case]:
    """The paper workshop's cars as the backtest reads them; days are business days."""
    return [
        Case(
            work=Work(standard=car.standard, cars=car.cars, job=car.kind.name, kin=car.kind.skill),
            minutes=car.minutes,
            guess=car.guess,
            agreed_day=car.agreed / DAY * 7 / 6,
            ended_day=car.ready / DAY * 7 / 6,
            month=car.month,
        )
        for car in cars
    ]


def run(seed: int = 7) -> list[Judged]:
    """One row per kind of job and a last one for all."""
    rows = cases(history(seed=seed))
    last = max(row.month for row in rows)
    found = judged(rows, months=range(last - HELD_OUT + 1, last + 1))
    return [*found, totals(found)]


def main() -> None:
    table = Table(title=f"Computed promises on {HELD_OUT} held-out months (generated workshop)")
    heads = (
        "Job type",
        "Cars",
        f"Ready within the {SHARE:.0%} quantile",
        "Computed: MAE",
        "Advisor's guess: MAE",
        "kept",
    )
    for head in (*heads, "Standard hours: MAE"):
        table.add_column(head, justify="left" if head == "Job type" else "right")
    for row in run():
        table.add_row(
            str(row.job),
            str(row.cars),
            f"{row.coverage:.1%}",
            f"{row.error:.0f} min",
            f"{row.guess_error:.0f} min",
            f"{row.guess_kept:.1%}",
            f"{row.standard_error:.0f} min",
        )
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
