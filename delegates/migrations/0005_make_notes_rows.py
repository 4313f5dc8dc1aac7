"""Each delegation's one text of notes becomes its first dated note, of the moment of this migration; who wrote it is not known."""

from django.db import migrations
from django.utils import timezone


def to_rows(apps, schema_editor):
    """Make a note of each text and empty the text."""
    Delegation, Note = (apps.get_model("delegates", name) for name in ("Delegation", "DelegationNote"))
    written = Delegation.objects.exclude(notes="").order_by("pk")
    for delegation in written:
        Note.objects.create(event_id=delegation.event_id, delegation=delegation, at=timezone.now(), text=delegation.notes)
    written.update(notes="")


def to_text(apps, schema_editor):
    """Put the notes back into one text, the oldest first."""
    Delegation, Note = (apps.get_model("delegates", name) for name in ("Delegation", "DelegationNote"))
    for delegation in Delegation.objects.filter(dated_notes__isnull=False).distinct():
        delegation.notes = "\n\n".join(Note.objects.filter(delegation=delegation).order_by("at", "pk").values_list("text", flat=True))
        delegation.save(update_fields=["notes"])


class Migration(migrations.Migration):
    """Notes as rows."""

    dependencies = [("delegates", "0004_add_delegation_notes")]
    operations = [migrations.RunPython(to_rows, to_text)]
