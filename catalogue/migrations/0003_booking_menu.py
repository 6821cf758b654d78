from django.db import migrations

FAST = ["B001", "B002", "B004", "B005", "B010", "B011", "B013", "L001", "L002", "L003", "E001", "X003", "X004"]
EV = ["N001", "N002", "N003", "N004", "N005", "N006"]
BODY = ["J001", "J002", "J003"]
BOOKABLE = [
    *["B001", "B002", "B003", "B004", "B005", "B006", "B007", "B008", "B009", "B010", "B011", "B012", "B013"],
    *["N001", "N002", "N003", "N006", "L001", "L002", "L003", "L004"],
    *["Z001", "Z002", "Z003", "E001", "X001", "X002", "X003", "X004", "J003", "Q001"],
]


def put_on_the_menu(apps, schema_editor):
    """Stores that were opened before get the menu and the bays of a new one, for the operations they still call by these codes."""
    operations = apps.get_model("catalogue", "Operation")._base_manager
    operations.filter(code__in=BOOKABLE).update(bookable=True)
    for kind, codes in {"fast": FAST, "ev": EV, "body": BODY, "paint": ["Q001"]}.items():
        operations.filter(code__in=codes).update(bay_kind=kind)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_bookable")]

    operations = [migrations.RunPython(put_on_the_menu, migrations.RunPython.noop)]
