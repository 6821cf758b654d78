"""Where parts come from: `settings.STOCK` names a stock as a dotted path of an object, the store's own by default.

A dealership whose DMS keeps the stock writes a class with the methods of `repairs.stock.base.Stock` and names an object of
it in STOCK; nothing else of the workshop knows where parts lie.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from repairs.stock.base import Stock

__all__ = ["Stock", "stock"]


def stock() -> Stock:
    """The stock this product works with."""
    return import_string(settings.STOCK)
