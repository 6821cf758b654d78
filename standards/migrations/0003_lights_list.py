"""The traffic-light inspection for stores that were opened before it existed."""

from django.db import migrations
from django.utils import timezone

from standards.seeds.lights import NAME, rows


def give(apps, schema_editor):
    # Not through the managers, which ask for a scope.
    stores = apps.get_model("stores", "Store")._base_manager
    checklists = apps.get_model("standards", "Checklist")._base_manager
    item_model = apps.get_model("standards", "ChecklistItem")
    operations = apps.get_model("catalogue", "Operation")._base_manager
    for store in stores.exclude(pk__in=checklists.filter(use="lights").values("store_id")):
        checklist = checklists.create(
            store_id=store.pk, use="lights", version=1, name_zh=NAME[0], name_en=NAME[1], published_at=timezone.now()
        )
        codes = dict(operations.filter(store_id=store.pk).values_list("code", "pk"))
        item_model._base_manager.bulk_create(
            item_model(store_id=store.pk, checklist_id=checklist.pk, **row) for row in rows(codes)
        )


class Migration(migrations.Migration):
    dependencies = [("standards", "0002_lights")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
