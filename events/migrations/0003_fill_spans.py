"""Begin the spans of what is there already.

What a row says now has held at least since the last act recorded on it; where none is recorded, since this migration.
"""

from django.db import migrations
from django.db.models import Max
from django.utils import timezone


def fill(apps, schema_editor):
    """Open one span per aspect of every event, venue and press release, and one per organisation."""
    entries = apps.get_model("events", "AuditEntry").objects
    last = dict(entries.exclude(target="").order_by().values_list("target").annotate(last=Max("at")))
    now = timezone.now()

    def span(event_id, target, aspect, audience, **facts):
        from_at = last.get(target, now)
        return spans(event_id=event_id, target=target, aspect=aspect, audience=audience, from_at=from_at, actor="system", **facts)

    spans = apps.get_model("events", "AudienceSpan")
    made = []
    for event in apps.get_model("events", "Event").objects.iterator():
        target = f"event {event.slug}"
        made.append(span(event.pk, target, "event", event.audience))
        made.append(span(event.pk, target, "host", event.host_audience))
        made.append(span(event.pk, target, "delegations", event.delegations_audience, shown=event.delegations_shown))
    for venue in apps.get_model("events", "Venue").objects.iterator():
        for aspect in ("country", "city", "address"):
            made.append(span(venue.event_id, f"venue {venue.public_id}", aspect, getattr(venue, f"{aspect}_audience")))
    for release in apps.get_model("events", "PressRelease").objects.iterator():
        target = f"press release {release.public_id}"
        made.append(span(release.event_id, target, "press", release.audience, opens_at=release.published_at))
    spans.objects.bulk_create(made, batch_size=500)
    organisation_spans = apps.get_model("events", "OrganisationSpan")
    organisation_spans.objects.bulk_create(
        [
            organisation_spans(
                organisation_id=row.pk, kind=row.kind, country=row.country, from_at=last.get(f"organisation {row.public_id}", now)
            )
            for row in apps.get_model("events", "Organisation").objects.iterator()
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0002_add_spans")]

    # Going back drops the tables themselves, so there is nothing to take out here.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
