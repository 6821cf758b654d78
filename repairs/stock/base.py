"""What the workshop asks of a stock. Each method runs inside the transaction of the change it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from catalogue.models import Part
from repairs.models import PartRequest


class Stock(Protocol):
    """Quantities are in the part's own unit. A refusal is a Conflict whose sentence the parts counter can act on."""

    def free(self, parts: Iterable[Part]) -> dict[int, Decimal]:
        """What could be promised to one more request, by part id: there and not kept for anybody."""

    def reserve(self, request: PartRequest) -> Decimal:
        """Keep as much of the part as there is for an open request, at most what it asks for; how much is kept now.

        The caller saves `request.reserved`. Asking again adds what has come in since.
        """

    def take(self, request: PartRequest, quantity: Decimal) -> None:
        """Hand out for a request: what is kept for it first. Conflict when there is not that much."""

    def put_back(self, part: Part, quantity: Decimal) -> None:
        """Goods came in, or material came back unused."""
