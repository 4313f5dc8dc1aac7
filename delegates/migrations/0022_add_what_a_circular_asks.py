"""Add one column for what a group message asks of its readers, several values of each kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delegates", "0021_remember_who_was_to_come_in_person")]

    operations = [migrations.AddField("circular", "asked", models.JSONField(blank=True, default=dict))]
