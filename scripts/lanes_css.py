"""Writes static/css/lanes.css: places on a day's lane as classes, because our pages carry no style attributes.

A lane is a grid of five-minute columns. `hours-N` sets how many hours it shows, `at-N` the first column of a block, `for-N`
how many columns it takes. Run `python scripts/lanes_css.py` after changing the numbers; repairs.queries.board counts alike.
"""

from pathlib import Path

HOURS, PER_HOUR = 24, 12
TARGET = Path(__file__).resolve().parent.parent / "static" / "css" / "lanes.css"


def rules() -> list[str]:
    columns = HOURS * PER_HOUR
    return [
        "/* Made by scripts/lanes_css.py; change it there. */",
        *(f".hours-{n}{{grid-template-columns:repeat({n * PER_HOUR},minmax(0,1fr))}}" for n in range(1, HOURS + 1)),
        *(f".at-{n}{{grid-column-start:{n}}}" for n in range(1, columns + 1)),
        *(f".for-{n}{{grid-column-end:span {n}}}" for n in range(1, columns + 1)),
    ]


if __name__ == "__main__":
    TARGET.write_text("\n".join(rules()) + "\n")
