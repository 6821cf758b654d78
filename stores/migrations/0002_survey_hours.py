from django.db import migrations, models

from stores.choices import default_permissions

NEW = ("surveys.", "commitments.", "outreach.", "reports.", "api.", "complaints.")


def grant(apps, schema_editor):
    """Stores that exist already: their roles may open the pages that come with this release."""
    roles = apps.get_model("stores", "Role")
    for role in roles.objects.all():
        fresh = {name for name in default_permissions(role.code) if name.startswith(NEW)}
        role.permissions = sorted({*role.permissions, *fresh})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("stores", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="store",
            name="survey_hours",
            field=models.PositiveSmallIntegerField(default=24, verbose_name="questionnaire after release (hours)"),
        ),
        migrations.AddConstraint(
            model_name="store",
            constraint=models.CheckConstraint(
                condition=models.Q(("survey_hours__gte", 1), ("survey_hours__lte", 240)), name="stores_survey_hours"
            ),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
