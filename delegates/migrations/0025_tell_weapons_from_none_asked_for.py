"""Tell a weapon that waits for a decision from none asked for."""

from django.db import migrations, models

DECISIONS = [
    ("none", "No weapon asked for"),
    ("pending", "Waits for the security officer"),
    ("cleared", "Allowed"),
    ("refused", "Refused"),
]
KNOWN = "registration_weapon_decision_known"


class Migration(migrations.Migration):
    dependencies = [("delegates", "0024_drop_single_choices_of_circulars")]

    operations = [
        migrations.RemoveConstraint("registration", KNOWN),
        migrations.AlterField(
            "registration",
            "weapon_decision",
            models.CharField(choices=DECISIONS, default="pending", max_length=16, verbose_name="decision on the weapon"),
        ),
        migrations.AddConstraint(
            "registration",
            models.CheckConstraint(condition=models.Q(weapon_decision__in=[key for key, _words in DECISIONS]), name=KNOWN),
        ),
    ]
