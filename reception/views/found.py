"""What an address names, or 404."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from visits.models import Visit


def find_visit(pk) -> Visit:
    rows = Visit.objects.select_related("customer", "vehicle", "advisor", "store", "greeting", "appointment__parking")
    return get_object_or_404(rows, pk=pk if str(pk).isdigit() else 0)
