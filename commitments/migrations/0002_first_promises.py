from django.db import migrations
from django.utils import timezone

from commitments.seeds import ROWS


def publish(apps, schema_editor):
    """Stores of the time before promises start with the same six as new ones."""
    Store = apps.get_model("stores", "Store")
    Commitment = apps.get_model("commitments", "Commitment")
    now = timezone.now()
    for store in Store.objects.exclude(pk__in=Commitment.objects.values("store_id")):
        Commitment.objects.bulk_create(Commitment(store=store, version=1, published_at=now, **row) for row in ROWS)


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_promises_measured")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
