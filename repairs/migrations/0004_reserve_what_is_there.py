"""Requests that were open before the stock kept anything for them: what is there is theirs, who asked first before the others."""

from decimal import Decimal

from django.db import migrations


def reserve(apps, schema_editor):
    # Not through the managers, which ask for a scope.
    requests = apps.get_model("repairs", "PartRequest")._base_manager
    parts = apps.get_model("catalogue", "Part")._base_manager
    opened = requests.filter(status__in=["requested", "ordered"], line_part__part__isnull=False)
    free: dict[int, Decimal] = {}
    for row in opened.select_related("line_part").order_by("requested_at", "pk").iterator():
        part = row.line_part.part_id
        if part not in free:
            kept = opened.filter(line_part__part_id=part).values_list("reserved", flat=True)
            free[part] = parts.get(pk=part).stock - sum(kept, Decimal(0))
        more = min(row.quantity - row.reserved, free[part])
        if more > 0:
            requests.filter(pk=row.pk).update(reserved=row.reserved + more)
            free[part] -= more


class Migration(migrations.Migration):
    dependencies = [("repairs", "0003_share_follows_job")]

    operations = [migrations.RunPython(reserve, migrations.RunPython.noop)]
