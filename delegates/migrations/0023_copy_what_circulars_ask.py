"""Copy what group messages ask of their readers from one column each to the one of all; back again, the first value of each kind stays."""

from django.db import migrations

NAMES = ("answer", "standing", "state", "category")


def gather(apps, schema_editor):
    Circular = apps.get_model("delegates", "Circular")
    for circular in Circular.objects.select_related("delegation"):
        circular.asked = {name: [getattr(circular, name)] for name in NAMES if getattr(circular, name)}
        if circular.delegation:
            circular.asked["delegation"] = [circular.delegation.public_id]
        circular.save(update_fields=["asked"])


def spread(apps, schema_editor):
    Circular = apps.get_model("delegates", "Circular")
    Delegation = apps.get_model("delegates", "Delegation")
    for circular in Circular.objects.all():
        for name in NAMES:
            setattr(circular, name, next(iter(circular.asked.get(name, [])), ""))
        circular.delegation = Delegation.objects.filter(public_id__in=circular.asked.get("delegation", [])).first()
        circular.save(update_fields=[*NAMES, "delegation"])


class Migration(migrations.Migration):
    dependencies = [("delegates", "0022_add_what_a_circular_asks")]

    operations = [migrations.RunPython(gather, spread)]
