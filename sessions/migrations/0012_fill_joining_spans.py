"""Begin the spans of the join details that are there already: what they say now has held at least since they were last set."""

from django.db import migrations
from django.db.models import Max
from django.utils import timezone


def fill(apps, schema_editor):
    """Open one span per join details."""
    entries = apps.get_model("events", "AuditEntry").objects.filter(verb="session.join")
    last = dict(entries.order_by().values_list("target").annotate(last=Max("at")))
    now, spans = timezone.now(), apps.get_model("events", "AudienceSpan")
    spans.objects.bulk_create(
        [
            spans(
                event_id=joining.event_id,
                target=f"joining {joining.session.public_id}",
                aspect="joining",
                audience=joining.audience,
                within=f"session {joining.session.public_id}",
                minutes_before=joining.minutes_before,
                from_at=last.get(f"session {joining.session.public_id}", now),
                actor="system",
            )
            for joining in apps.get_model("agenda", "Joining").objects.select_related("session")
        ],
        batch_size=500,
    )


def empty(apps, schema_editor):
    """Take the spans of join details out again."""
    apps.get_model("events", "AudienceSpan").objects.filter(aspect="joining").delete()


class Migration(migrations.Migration):
    dependencies = [("agenda", "0011_add_joining"), ("events", "0013_keep_who_may_join")]

    operations = [migrations.RunPython(fill, empty)]
