"""Rights that came with booking by capacity and the workshop floor, for stores that were opened before."""

from django.db import migrations

RIGHTS = {
    "appointments.queue": ["advisor", "service_manager", "booking_desk", "customer_relations"],
    "appointments.prepare": ["controller", "parts_clerk", "service_manager"],
    "symptoms.edit": ["service_manager", "aftersales_director", "general_manager", "controller"],
    "rescue.take": ["advisor", "service_manager", "booking_desk", "customer_relations", "controller", "gate"],
    "rescue.drive": ["technician"],
    "rescue.edit": ["service_manager", "aftersales_director", "general_manager", "controller"],
    "reception.answer_calls": ["advisor", "service_manager", "booking_desk", "customer_relations"],
    "repairs.sign_step": ["technician", "inspector", "controller"],
    "guarantees.view": [
        "advisor",
        "service_manager",
        "aftersales_director",
        "general_manager",
        "controller",
        "customer_relations",
    ],
    "guarantees.edit": ["service_manager", "aftersales_director", "general_manager"],
    "complaints.comfort": [
        "advisor",
        "booking_desk",
        "controller",
        "technician",
        "inspector",
        "washer",
        "cashier",
        "gate",
        "customer_relations",
        "parts_clerk",
        "service_manager",
        "aftersales_director",
        "general_manager",
    ],
}


def grant(apps, schema_editor):
    # Not through the manager, which asks for a scope.
    roles = apps.get_model("stores", "Role")._base_manager
    for role in roles.iterator():
        new = {right for right, holders in RIGHTS.items() if role.code in holders}
        role.permissions = sorted({*role.permissions, *new})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("stores", "0002_places_and_leave")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
