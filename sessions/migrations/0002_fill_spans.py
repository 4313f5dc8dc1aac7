"""Begin the spans of the papers that are there already: what they say now has held at least since the last act recorded on them."""

from django.db import migrations
from django.db.models import Max
from django.utils import timezone


def fill(apps, schema_editor):
    """Open one span per paper."""
    entries = apps.get_model("events", "AuditEntry").objects.filter(target__startswith="paper ")
    last = dict(entries.order_by().values_list("target").annotate(last=Max("at")))
    now, spans = timezone.now(), apps.get_model("events", "AudienceSpan")
    spans.objects.bulk_create(
        [
            spans(
                event_id=paper.event_id,
                target=f"paper {paper.public_id}",
                aspect="paper",
                audience=paper.audience,
                label=paper.label,
                delegation_ids=sorted(paper.delegations.values_list("pk", flat=True)),
                within=f"session {paper.session.public_id}" if paper.session else "",
                from_at=last.get(f"paper {paper.public_id}", now),
                actor="system",
            )
            for paper in apps.get_model("agenda", "Paper").objects.select_related("session")
        ],
        batch_size=500,
    )


def empty(apps, schema_editor):
    """Take the spans of papers out again."""
    apps.get_model("events", "AudienceSpan").objects.filter(aspect="paper").delete()


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_initial"), ("events", "0003_fill_spans")]

    operations = [migrations.RunPython(fill, empty)]
