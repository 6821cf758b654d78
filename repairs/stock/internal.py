"""The store's own small stock: a figure per part in the catalogue, and what open requests have reserved of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from catalogue.models import Part
from core.errors import Conflict
from repairs.models import PartRequest

NOTHING = Decimal(0)


class InternalStock:
    """Rows of the part are locked, so two clerks queue and the second one reads what is left; last in the house's order of
    locks."""

    def free(self, parts: Iterable[Part]) -> dict[int, Decimal]:
        parts = list(parts)
        kept = self._kept([part.pk for part in parts])
        return {part.pk: max(part.stock - kept.get(part.pk, NOTHING), NOTHING) for part in parts}

    def reserve(self, request: PartRequest) -> Decimal:
        part = self._locked(request.line_part.part_id)
        if part is None:
            return NOTHING
        others = self._kept([part.pk], but=request).get(part.pk, NOTHING)
        return min(request.quantity, max(part.stock - others, NOTHING))

    def take(self, request: PartRequest, quantity: Decimal) -> None:
        part = self._locked(request.line_part.part_id)
        if part is None:
            return
        free = part.stock - self._kept([part.pk], but=request).get(part.pk, NOTHING)
        if free < quantity:
            raise Conflict(self._refusal(request, part, max(free, NOTHING)), code="no_stock")
        part.stock -= quantity
        part.save(update_fields=["stock"])

    def put_back(self, part: Part, quantity: Decimal) -> None:
        part = self._locked(part.pk)
        part.stock += quantity
        part.save(update_fields=["stock"])

    @staticmethod
    def _locked(key: int | None) -> Part | None:
        return Part.objects.select_for_update(of=("self",), no_key=True).get(pk=key) if key else None

    @staticmethod
    def _kept(keys: list[int], *, but: PartRequest | None = None) -> dict[int, Decimal]:
        rows = PartRequest.objects.filter(line_part__part__in=keys, reserved__gt=0)
        if but is not None:
            rows = rows.exclude(pk=but.pk)
        sums = rows.values_list("line_part__part").annotate(kept=Sum("reserved")).order_by()
        return dict(sums)

    @staticmethod
    def _refusal(request: PartRequest, part: Part, free: Decimal) -> str:
        words = {"part": request.line_part.name, "stock": f"{free.normalize():f}", "unit": part.unit}
        if free:
            return _("Only %(stock)s %(unit)s of “%(part)s” are left; issue those and order the rest.") % words
        if part.stock:
            return (
                _("What is left of “%(part)s” is kept for other cars; order it with the day it will be here.") % words
            )
        return _("“%(part)s” is out of stock; order it with the day it will be here.") % words


internal = InternalStock()
