"""`python -m dealership.embedded.remove`: delete the data of this project's embedded servers (`make clean`)."""

from __future__ import annotations

import sys
from pathlib import Path

from dealership.embedded.place import EmbeddedError, InUse, Place

VAR = Path(__file__).resolve().parent.parent.parent / "var"


def main() -> int:
    try:
        for folder in [VAR / "embedded", *(VAR / "test").glob("*/"), *(VAR / "bench").glob("*/")]:
            if folder.is_dir():
                Place(folder).claim().remove()
    except InUse as error:
        print(f"{error} Stop it first.", file=sys.stderr)
        return 1
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
