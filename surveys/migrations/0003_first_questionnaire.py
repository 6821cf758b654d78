from django.db import migrations

from surveys import seeds


def seed(apps, schema_editor):
    """Stores that exist already start with the same questionnaire as a new one."""
    questionnaires = apps.get_model("surveys", "Questionnaire").objects
    asked = set(questionnaires.values_list("store_id", flat=True))
    for store in apps.get_model("stores", "Store").objects.exclude(pk__in=asked):
        seeds.place(
            store.pk,
            questionnaires,
            apps.get_model("surveys", "Factor").objects,
            apps.get_model("surveys", "Item").objects,
        )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_weights_sum"), ("stores", "0002_survey_hours")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
