"""Which operations stand on the booking menu of a new store, and the bays they are worked in (a lift unless named here)."""

from stores.choices import BayKind

BOOKABLE = {
    *("B001", "B002", "B003", "B004", "B005", "B006", "B007", "B008", "B009", "B010", "B011", "B012", "B013"),
    *("N001", "N002", "N003", "N006"),
    *("L001", "L002", "L003", "L004"),
    *("Z001", "Z002", "Z003", "E001", "X001", "X002", "X003", "X004", "J003", "Q001"),
}
BAYS = {
    **dict.fromkeys(
        ["B001", "B002", "B004", "B005", "B010", "B011", "B013", "L001", "L002", "L003", "E001", "X003", "X004"],
        BayKind.FAST,
    ),
    **dict.fromkeys(["N001", "N002", "N003", "N004", "N005", "N006"], BayKind.EV),
    **dict.fromkeys(["J001", "J002", "J003"], BayKind.BODY),
    "Q001": BayKind.PAINT,
}
