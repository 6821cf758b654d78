from django.db import migrations, models

# As catalogue.seeds.words.KEY_STEPS on the day of this migration.
KEY_STEPS = [
    "踏板行程正常",
    "制动磨合及路试",
    "制动率",
    "锁紧螺母扭矩",
    "方向盘居中、路试不跑偏",
    "断电、挂牌、验电（高压作业）",
    "绝缘电阻",
]


def mark(apps, schema_editor):
    """Stores that were opened before: the steps of safety-critical operations that still have their first names."""
    steps = apps.get_model("catalogue", "WorkStep")._base_manager
    steps.filter(operation__key_operation=True, name_zh__in=KEY_STEPS).update(key_step=True)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_booking_menu")]

    operations = [
        migrations.AddField(
            model_name="workstep",
            name="key_step",
            field=models.BooleanField(default=False, verbose_name="second signature"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
